/** Defined neurons on the GPU kernels: the shelf and random definitions beside the reference engine; what is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { AdEx } from '../../src/core/models/adex.js';
import { BoostedLIF } from '../../src/core/models/boosted-lif.js';
import { CSRM } from '../../src/core/models/csrm.js';
import { CurrentLIF } from '../../src/core/models/current-lif.js';
import { DiehlAndCook } from '../../src/core/models/diehl-and-cook.js';
import { Izhikevich } from '../../src/core/models/izhikevich.js';
import { McCullochPitts } from '../../src/core/models/mcculloch-pitts.js';
import { NoisyLIF } from '../../src/core/models/noisy-lif.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, type LayerDescription } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { gpuEngines } from '../support/gpu.js';
import { randomDefinitions } from '../support/random-definitions.js';
import { randomSpikes } from '../support/random-network.js';
import { show } from '../support/show-values.js';

const nSteps = 40;

interface Structure {
  readonly neurons: LayerDescription;
  /** Sum of the weights onto a neuron. */
  readonly norm: number;
  readonly competition: number;
  /** Whether competition learns, too. */
  readonly competitionLearns?: boolean;
  readonly gpuBatch?: number;
  readonly threads?: number;
}

const shape = [5, 2, 2] as const;

/** 0.5 … 1.5, one for every neuron. */
const factors = Float32Array.from({ length: 20 }, (_, i) => 0.5 + i / 19);

const shelf: Readonly<Record<string, Structure>> = {
  AdEx: {
    neurons: new AdEx({ shape, capacitance: factors.map((each) => 40 * each), peak: -40 }),
    norm: 2500,
    competition: -100,
  },
  BoostedLIF: { neurons: new BoostedLIF({ shape, refrac: 2 }), norm: 15, competition: -5 },
  CurrentLIF: { neurons: new CurrentLIF({ shape, lowest: -70 }), norm: 6, competition: -4 },
  Izhikevich: {
    neurons: new Izhikevich({ shape, a: factors.map((each) => each / 25) }),
    norm: 40,
    competition: -5,
  },
  McCullochPitts: { neurons: new McCullochPitts({ shape, thresh: factors }), norm: 3, competition: -1 },
};

/** X [4 × 4] onto neurons at four positions, which compete and learn. */
function build(
  engine: string,
  { neurons, norm, competition, competitionLearns, gpuBatch, threads }: Structure,
) {
  const rule = new PostPre({ nu: [norm / 300, norm / 150] });
  return new Network({ engine, dt: 0.5, seed: 3, gpuBatch, threads })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', neurons)
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2, norm, wMin: 0, rule }))
    .addConnection(
      'Y',
      'Y',
      competitionLearns
        ? new LateralConnection({ w: new Float32Array(100).fill(competition), wMax: 0, rule })
        : new LateralCompetition({ weight: competition }),
    );
}

/** Training, evaluation and single steps of a network, and all that they leave. */
async function simulate(
  network: Network,
  { seed, nSteps, batchSize }: { seed: number; nSteps: number; batchSize?: number },
) {
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.3, nSteps, 16);
  const { simulation } = network;
  const onCounts = (found: Uint16Array) => counts.push(...found);
  await simulation.present(
    { layer: 0, count: 3, steps: nSteps, spikes },
    { learn: true, count: 1, batchSize, onCounts },
  );
  await simulation.present(
    { layer: 0, count: 5, steps: nSteps, spikes },
    { learn: false, count: 1, onCounts },
  );
  await network.run({ X: spikes(7) }, { time: nSteps - 3, learn: true });
  await network.run({ X: spikes(8) }, { time: 4 });
  const { layers, connections } = network.compile();
  const variables = Object.keys(layers[1].model.initialState(layers[1].constants));
  const state = [...variables, 'spikes', 'tracePre', 'tracePost'].map((name) => [
    name,
    show(network.getVariable('Y', name)),
  ]);
  const weights = connections.flatMap(({ kind, name }) =>
    kind === 'synapses' ? [[name, show(network.getWeights(name).data)]] : [],
  );
  network.dispose();
  return { counts, state, weights };
}

const engineCases = gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const);

describe.each(engineCases)('engine %s', (_, { engine, isThere }) => {
  it.skipIf(!isThere).each(Object.keys(shelf))(
    '%s: every spike and every bit of the reference engine, image by image, in batches, in minibatches',
    async (name) => {
      for (const [change, batchSize] of [
        [{}, 1],
        [{ competitionLearns: true, gpuBatch: 2, threads: 2 }, 3],
      ] as const) {
        const structure = { ...shelf[name], ...change };
        const run = { seed: 5, nSteps, batchSize };
        const expected = await simulate(build('reference', structure), run);
        expect(expected.counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
        expect(await simulate(build(engine, structure), run)).toEqual(expected);
      }
    },
    300_000,
  );
});

/** A threshold that outlives images. */
const Adaptive = defineNeuron({
  name: 'Adaptive',
  parameters: { growth: 0.1, drift: 0 },
  state: { v: 0, theta: 0.5 },
  persistent: ['theta'],
  step: 'v = 0.9 * v + input; theta = learning ? 0.999 * theta : theta + drift',
  spike: 'v >= theta',
  reset: 'v = 0; theta += learning ? growth : 0',
});

const ofAdaptive = (engine: string, drift = 0, gpuBatch?: number) =>
  build(engine, { neurons: new Adaptive({ shape, drift }), norm: 3, competition: -0.2, gpuBatch });

const shownTo = (count: number) => ({
  layer: 0,
  count,
  steps: 6,
  spikes: (image: number) => randomSpikes(image, 0.3, 6, 16),
});

describe('state that outlives images', () => {
  const run = async (network: Network) => {
    const counts: number[] = [];
    const onCounts = (found: Uint16Array) => counts.push(...found);
    // So many that several images are a call.
    await network.simulation.present(shownTo(60), { learn: true, count: 1, onCounts });
    const theta = show(network.getVariable('Y', 'theta'));
    await network.simulation.present(shownTo(5), { learn: false, count: 1, onCounts });
    const outcome = { counts, theta, after: show(network.getVariable('Y', 'theta')) };
    network.dispose();
    return outcome;
  };

  it.each([0, 0.01])(
    'goes on from image to image as on the reference engine, also where it drifts by %f while nothing learns',
    async (drift) => {
      const expected = await run(ofAdaptive('reference', drift));
      expect(new Set(expected.theta).size).toBeGreaterThan(10);
      expect(expected.after.join() === expected.theta.join()).toBe(drift === 0);
      expect(await run(ofAdaptive('gpu-webasm', drift))).toEqual(expected);
    },
    60_000,
  );

  it('is not shared by minibatches, nor by batches where it drifts', async () => {
    await expect(
      ofAdaptive('gpu-webasm').simulation.present(shownTo(4), { learn: true, count: 1, batchSize: 2 }),
    ).rejects.toThrow(
      'engine gpu: no kernel for neuron model with persistent state in minibatches "Adaptive"',
    );
    await expect(
      ofAdaptive('gpu-webasm', 0.01, 4).simulation.present(shownTo(4), { learn: false, count: 1 }),
    ).rejects.toThrow(
      'expected gpuBatch 1, because persistent state of Adaptive changes from image to image, got 4',
    );
  });
});

it('exp, log and floor on gpu-webasm have every bit of those of the reference engine', async () => {
  const Functions = defineNeuron({
    name: 'Functions',
    parameters: { from: 0 },
    state: { x: 'from', e: 0, l: 0, f: 0 },
    step: 'x *= 1.0009765625; e = exp(x); l = log(x); f = floor(x) + floor(x / 3)',
    spike: 'x < input',
  });
  const magnitudes = Array.from({ length: 300 }, (_, i) => 2 ** ((i - 150) * 0.85));
  const special = [0, -0, 88.7, 88.8, -87.3, -87.4, 1, 0.99999994, 2 ** -126, 3.4e38];
  const from = Float32Array.of(...special, ...magnitudes, ...magnitudes.map((each) => -each));
  const found = [];
  for (const engine of ['reference', 'gpu-webasm']) {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', new Functions({ shape: from.length, from }))
      .addConnection('X', 'Y', new Connection());
    const rows: string[][] = [];
    for (let t = 0; t < 40; t++) {
      await network.run({}, { time: 1 });
      rows.push(...['x', 'e', 'l', 'f'].map((name) => show(network.getVariable('Y', name))));
    }
    network.dispose();
    found.push(rows);
  }
  expect(new Set(found[0].flat()).size).toBeGreaterThan(20_000);
  expect(found[1]).toEqual(found[0]);
}, 60_000);

it('the GPU engine refuses by name definitions that draw, and those too large to compile', () => {
  const onto = (neurons: LayerDescription) => build('gpu', { neurons, norm: 1, competition: -1 }).simulation;
  expect(() => onto(new NoisyLIF({ shape }))).toThrow(
    'engine gpu: no kernel for neuron model that draws "NoisyLIF"',
  );
  expect(() => onto(new DiehlAndCook({ shape }))).toThrow(
    `engine gpu: no kernel for neuron model with select: 'one-of-layer' "DiehlAndCook"`,
  );
  expect(() => onto(new CSRM({ shape, response: new Float32Array(70).fill(1) }))).toThrow(
    /engine gpu: neuron model "CSRM" has \d+ variables, those of the last steps included, above 64/,
  );
  const Long = defineNeuron({
    name: 'Long',
    state: { v: 1 },
    step: 'v = v + input * v;'.repeat(300),
    spike: 'v > 9',
  });
  expect(() => onto(new Long({ shape }))).toThrow(
    'engine gpu: neuron model "Long" has 1201 operations, above 1000; the engines "wasm" and "reference" run it',
  );
});

describe('random definitions', () => {
  it('have the bits of the reference engine on gpu-webasm, while they learn and frozen', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(randomDefinitions({ draws: false }), fc.nat(1e6), async (definition, seed) => {
        const neurons = new (defineNeuron(definition))({ shape, p: factors });
        const structure = { neurons, norm: 3, competition: -0.5 };
        const run = { seed, nSteps: 12 };
        const expected = await simulate(build('reference', structure), run);
        spikes += expected.counts.reduce((sum, count) => sum + count, 0);
        expect(await simulate(build('gpu-webasm', structure), run)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
    expect(spikes).toBeGreaterThan(100);
  }, 300_000);
});
