/** The engines agree bit for bit on random networks: step by step, and image by image on any number of threads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { Monitor } from '../../src/core/network/monitors.js';
import type { Network } from '../../src/core/network/network.js';
import { engineOrder } from '../../src/core/network/shape.js';
import { renumberSpikes } from '../../src/core/encoding/spike-train.js';
import { buildRandomNetwork, type RandomCase, randomCase, randomSpikes } from '../support/random-network.js';

/** All bits of the values, quick to compare. */
const bits = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');

/** Names of layers and of connections with weights. */
function partsOf(network: Network): { inputs: string[]; neurons: string[]; connections: string[] } {
  const { layers, connections } = network.simulation.program;
  return {
    inputs: layers.filter(({ model }) => model.kernel === 'input').map(({ name }) => name),
    neurons: layers.filter(({ model }) => model.kernel !== 'input').map(({ name }) => name),
    connections: connections.filter(({ kind }) => kind === 'synapses').map(({ name }) => name),
  };
}

/** Everything that there is to see of a network, as bits. */
function snapshot(network: Network): Record<string, string> {
  const { inputs, neurons, connections } = partsOf(network);
  const variables = [
    ...inputs.flatMap((layer) => ['spikes', 'tracePre', 'tracePost'].map((variable) => [layer, variable])),
    ...neurons.flatMap((layer) =>
      ['v', 'theta', 'refracCount', 'input', 'spikes', 'tracePre', 'tracePost'].map((variable) => [
        layer,
        variable,
      ]),
    ),
  ];
  return Object.fromEntries([
    ...variables.map(([layer, variable]) => [
      `${layer}.${variable}`,
      bits(network.getVariable(layer, variable)),
    ]),
    ...connections.map((name) => [`${name}.w`, bits(network.getWeights(name).data)]),
  ]) as Record<string, string>;
}

/** Runs the images of a case step by step; the spikes, voltages and weights of every step and the state after every image. */
async function runSteps(of: RandomCase, engine: string) {
  const network = buildRandomNetwork(of, engine);
  const { inputs, neurons, connections } = partsOf(network);
  const monitors = [
    ...inputs.map((name) => [name, new Monitor({ variables: ['spikes'] })] as const),
    ...neurons.map((name) => [name, new Monitor({ variables: ['spikes', 'v', 'input'] })] as const),
    ...connections.map((name) => [name, new Monitor({ variables: ['w'] })] as const),
  ];
  for (const [name, monitor] of monitors) network.addMonitor(name, monitor);
  const states = [snapshot(network)];
  for (const { learn, normalize, reset, plastic, density, seed } of of.images) {
    connections.forEach((name, i) => network.setPlastic(name, ((plastic >> i) & 1) === 1));
    if (reset) network.resetState();
    const trains = inputs.map((name, i) => [
      name,
      randomSpikes(seed + i, density, of.steps, network.getVariable(name, 'spikes').length),
    ]);
    await network.run(Object.fromEntries(trains), { learn });
    if (normalize) network.normalize();
    states.push(snapshot(network));
  }
  const recorded = monitors.map(([name, monitor]) => [
    name,
    monitor.variables.map((variable) => bits(monitor.get(variable).data)),
  ]);
  network.dispose();
  return { states, recorded: Object.fromEntries(recorded) as unknown };
}

/** Presents the images of a case, those in a row that learn (or do not) in one call. */
async function presentAll(of: RandomCase, engine: string, threads: number) {
  const network = buildRandomNetwork(of, engine, threads);
  const { simulation } = network;
  const { layers } = simulation.program;
  const counted = layers.length - 1;
  const order = engineOrder(layers[0].shape);
  const counts: number[] = [];
  const spikes: number[] = [];
  let first = 0;
  while (first < of.images.length) {
    const { learn, plastic } = of.images[first];
    const next = of.images.findIndex(
      (other, i) => i > first && (other.learn !== learn || other.plastic !== plastic),
    );
    const end = next < 0 ? of.images.length : next;
    const images = of.images.slice(first, end);
    partsOf(network).connections.forEach((name, i) => network.setPlastic(name, ((plastic >> i) & 1) === 1));
    const shown = {
      layer: 0,
      count: images.length,
      steps: of.steps,
      spikes: (i: number) =>
        renumberSpikes(randomSpikes(images[i].seed, images[i].density, of.steps, layers[0].size), order),
    };
    const done = await simulation.present(shown, {
      learn,
      count: counted,
      countEvery: of.countEvery,
      onCounts: (batch) => counts.push(...batch),
      onSpikes: (batch) => spikes.push(...batch),
    });
    expect(done).toBe(images.length);
    first = end;
  }
  const state = snapshot(network);
  network.dispose();
  return { counts, spikes, state };
}

describe('reference and wasm agree bit for bit', () => {
  it('step by step: spikes, voltages, inputs and weights of every step, all state after every image', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(randomCase, async (of) => {
        const reference = await runSteps(of, 'reference');
        const wasm = await runSteps(of, 'wasm');
        expect(wasm).toEqual(reference);
        spikes += reference.states.reduce((sum, state) => sum + state['Y.spikes'].split('3f').length - 1, 0);
      }),
      { seed: 1, numRuns: 120 },
    );
    // The networks are not silent.
    expect(spikes).toBeGreaterThan(200);
  });

  it('image by image: counts, weights and thresholds', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(randomCase, async (of) => {
        const reference = await presentAll(of, 'reference', 1);
        const wasm = await presentAll(of, 'wasm', 1);
        expect(wasm).toEqual(reference);
        spikes += reference.counts.reduce((sum, count) => sum + count, 0);
      }),
      { seed: 2, numRuns: 250 },
    );
    expect(spikes).toBeGreaterThan(2000);
  });

  it('over thousands of steps without a reset', async () => {
    const steps = 2600;
    for (const of of fc.sample(randomCase, { seed: 4, numRuns: 6 })) {
      const states = [];
      for (const engine of ['reference', 'wasm']) {
        const network = buildRandomNetwork(of, engine);
        const size = network.getVariable('X', 'spikes').length;
        // Silence in between, so that traces grow old.
        await network.run({ X: randomSpikes(5, 0.1, 40, size) });
        await network.run({ X: randomSpikes(0, 0, steps, size) });
        await network.run({ X: randomSpikes(6, 0.3, 40, size) });
        states.push(snapshot(network));
        network.dispose();
      }
      expect(states[1]).toEqual(states[0]);
    }
  });

  it('image by image on three threads', async () => {
    await fc.assert(
      fc.asyncProperty(randomCase, async (of) => {
        expect(await presentAll(of, 'wasm', 3)).toEqual(await presentAll(of, 'reference', 1));
      }),
      { seed: 3, numRuns: 12 },
    );
  });
});
