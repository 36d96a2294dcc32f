/** When a spike arrives, on every engine: at the next step, or at once where its target was added later. */
import { describe, expect, it } from 'vitest';
import { Network } from '../../src/core/network/network.js';
import { IF, Input } from '../../src/core/network/nodes/index.js';
import type { Propagation } from '../../src/core/network/program.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { engines, record, spikesByNeuron, spikeTimes } from '../support/small-networks.js';

/** X → A → B → C with feedback C → A; every connection passes a spike on. */
function buildChain(engine: string, propagation: Propagation, feedback = false): Network {
  const network = new Network({ engine, propagation })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('A', new IF({ shape: 1 }))
    .addLayer('B', new IF({ shape: 1 }))
    .addLayer('C', new IF({ shape: 1 }))
    .addConnection('X', 'A', new Connection({ w: 1 }))
    .addConnection('A', 'B', new Connection({ w: 1 }))
    .addConnection('B', 'C', new Connection({ w: 1 }));
  if (feedback) network.addConnection('C', 'A', new Connection({ w: 1 }));
  return network;
}

describe.each(engines)('propagation on the %s engine', (engine) => {
  it.each([
    ['next-step', { A: [1], B: [2], C: [3] }],
    ['same-step', { A: [0], B: [0], C: [0] }],
  ] as const)('%s: a spike crosses the layers', async (propagation, expected) => {
    const network = buildChain(engine, propagation);
    const recordings = (['A', 'B', 'C'] as const).map(
      (name) => [name, record(network, name, 'spikes')] as const,
    );
    await network.run({ X: spikesByNeuron([[0]], 6) });
    const times = recordings.map(([name, rows]) => [name, spikeTimes(rows())[0]]);
    expect(Object.fromEntries(times)).toEqual(expected);
    network.dispose();
  });

  it('same-step: what goes back arrives at the next step, and is seen as input until then', async () => {
    const network = buildChain(engine, 'same-step', true);
    const spikes = record(network, 'A', 'spikes');
    const input = record(network, 'A', 'input');
    await network.run({ X: spikesByNeuron([[1]], 5) });
    expect(spikeTimes(spikes())).toEqual([[1, 2, 3, 4]]);
    expect(input().flat()).toEqual([0, 1, 1, 1, 1]);
    network.dispose();
  });

  it('same-step: a layer that was added earlier hears of later ones at the next step', async () => {
    const network = new Network({ engine, propagation: 'same-step' })
      .addLayer('A', new IF({ shape: 1 }))
      .addLayer('X', new Input({ shape: 1 }))
      .addConnection('X', 'A', new Connection({ w: 1 }));
    const spikes = record(network, 'A', 'spikes');
    await network.run({ X: spikesByNeuron([[0, 2]], 4) });
    expect(spikeTimes(spikes())).toEqual([[1, 3]]);
    network.dispose();
  });

  it('counts in windows, and the spikes of every layer', async () => {
    const network = buildChain(engine, 'same-step');
    const train = spikesByNeuron([[0, 1, 2, 4, 9]], 10);
    const counts: number[][] = [];
    const spikes: number[][] = [];
    const shown = { layer: 0, count: 2, steps: 10, spikes: () => train };
    await network.simulation.present(shown, {
      learn: false,
      count: 3,
      countEvery: 4,
      onCounts: (batch) => counts.push([...batch]),
      onSpikes: (batch) => spikes.push([...batch]),
    });
    expect(counts.flat()).toEqual([3, 1, 1, 3, 1, 1]);
    expect(spikes.flat()).toEqual(Array.from({ length: 8 }, () => 5));
    await expect(
      network.simulation.present(shown, { learn: false, count: 3, countEvery: 0 }),
    ).rejects.toThrow('present: expected countEvery to be a whole number of steps ≥ 1, got 0');
    network.dispose();
  });
});

it('refuses another propagation', () => {
  expect(() => new Network({ propagation: 'same' as Propagation })).toThrow(
    'Network: unknown propagation "same"',
  );
});
