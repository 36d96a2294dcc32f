/** Sparse connections: which pairs there are, the order of their weights, errors. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import { SparseConnection, type SparseParameters } from '../../src/core/network/topology/index.js';
import { engines, record, spikesByNeuron } from '../support/small-networks.js';

const connect = (parameters: SparseParameters, [source, target] = [200, 300], seed = 1, engine = 'wasm') =>
  new Network({ engine, seed })
    .addLayer('X', new Input({ shape: source }))
    .addLayer('Y', new LIF({ shape: target, rest: 0, thresh: 1e6 }))
    .addConnection('X', 'Y', new SparseConnection(parameters));

describe('the pairs of a sparse connection', () => {
  it.each([1, 0.5, 0.02, 0.0005])('have the probability %d, independently of their place', (probability) => {
    const size = 1000;
    const { source, target } = connect({ probability }, [size, size]).getPairs('X->Y');
    const expected = size * size * probability;
    const deviation = Math.sqrt(expected * (1 - probability));
    expect(Math.abs(source.length - expected)).toBeLessThanOrEqual(4 * deviation);
    const mean = (neurons: Uint32Array) => neurons.reduce((sum, neuron) => sum + neuron, 0) / neurons.length;
    const spread = (4 * size) / Math.sqrt(12 * expected);
    for (const neurons of [source, target]) {
      expect(Math.abs(mean(neurons) - (size - 1) / 2)).toBeLessThanOrEqual(spread);
    }
    // Sources ascend, then targets: every pair once.
    const places = Array.from(source, (from, at) => from * size + target[at]);
    expect(places.every((place, at) => at === 0 || place > places[at - 1])).toBe(true);
  });

  it('follow from the seed', () => {
    const draw = (seed: number) => connect({ probability: 0.1 }, [50, 50], seed).getPairs('X->Y');
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('are those that a condition chooses', () => {
    const { source, target } = connect({ condition: (i, j) => j === 2 * i + 1 }).getPairs('X->Y');
    expect([...source]).toEqual(Array.from({ length: 150 }, (_, i) => i));
    expect([...target]).toEqual(Array.from({ length: 150 }, (_, i) => 2 * i + 1));
    const drawn = connect({ probability: 0.5, condition: (i, j) => i !== j }).getPairs('X->Y');
    expect(drawn.source.length).toBeGreaterThan(25_000);
    expect(drawn.source.some((from, at) => from === drawn.target[at])).toBe(false);
  });

  it.each(engines)('are listed in any order, twice too, and so are their weights on %s', async (engine) => {
    const pairs = [
      [2, 1],
      [0, 3],
      [2, 0],
      [0, 3],
      [1, 1],
    ] as const;
    const w = Float32Array.of(1, 2, 4, 8, 16);
    const network = connect({ pairs, w }, [3, 4], 1, engine);
    const input = record(network, 'Y', 'input');
    await network.run({ X: spikesByNeuron([[0], [1], [2]], 4) });
    expect(input().slice(0, 3)).toEqual([
      [0, 0, 0, 10],
      [0, 16, 0, 0],
      [4, 1, 0, 0],
    ]);
    expect([...network.getWeights('X->Y').data]).toEqual([...w]);
    expect(Array.from(network.getPairs('X->Y').source)).toEqual(pairs.map(([source]) => source));
    network.setWeights('X->Y', Float32Array.of(5, 4, 3, 2, 1));
    expect([...network.getWeights('X->Y').data]).toEqual([5, 4, 3, 2, 1]);
    network.dispose();
  });

  it.each(engines)('may be none on %s', async (engine) => {
    const network = connect({ pairs: [] }, [3, 4], 1, engine);
    await network.run({ X: spikesByNeuron([[0], [1], [2]], 4) });
    expect(network.getWeights('X->Y')).toEqual({ shape: [0], data: new Float32Array(0) });
    network.dispose();
  });

  it.each(engines)('sum to the norm by target on %s', (engine) => {
    const network = connect({ probability: 0.2, norm: 3 }, [40, 30], 1, engine);
    const { target } = network.getPairs('X->Y');
    const sums = new Float64Array(30);
    network.getWeights('X->Y').data.forEach((w, at) => {
      sums[target[at]] += w;
    });
    for (const sum of sums) expect(sum).toBeCloseTo(3, 5);
    network.dispose();
  });
});

describe('a sparse connection', () => {
  it.each([
    ['without pairs', {}, 'SparseConnection: expected a probability, a condition or pairs'],
    [
      'with pairs twice',
      { pairs: [], probability: 1 },
      'SparseConnection: expected pairs without a probability',
    ],
    ['with a chance above 1', { probability: 2 }, 'SparseConnection: expected probability'],
    [
      'with a neuron that there is not',
      { pairs: [[1, 300]] as const },
      'Network connection X->Y: expected pairs of a source below 200 and a target below 300 (pair 0), got [1,300]',
    ],
    [
      'with weights that are too few',
      { pairs: [[1, 3]] as const, w: new Float32Array(2) },
      'Network connection X->Y: expected 1 weights (1), got 2',
    ],
  ])('is refused %s', (_, parameters, message) => {
    expect(() => connect(parameters).simulation).toThrow(message);
  });
});
