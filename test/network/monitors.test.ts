/** Monitors: which steps and neurons they record, spikes as lists, and runs that engines make in blocks of steps. */
import { describe, expect, it } from 'vitest';
import { rasterFromSpikeTrain, type SpikeTrain } from '../../src/core/encoding/spike-train.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Monitor, type MonitorParameters } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../../src/core/network/nodes/index.js';
import { Connection, LateralCompetition, LocalConnection } from '../../src/core/network/topology/index.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { randomSpikes } from '../support/random-network.js';
import { engines } from '../support/small-networks.js';

const steps = 90;
const spikes = randomSpikes(11, 0.2, steps, 36);

/** The spikes from a step on. */
function spikesFrom(first: number): SpikeTrain {
  const offsets = spikes.offsets.slice(first).map((at) => at - spikes.offsets[first]);
  return { ...spikes, steps: steps - first, offsets, neurons: spikes.neurons.slice(spikes.offsets[first]) };
}

/** Receptive fields that engines simulate apart, and a layer beyond that makes them one. */
function build(engine: string, { isWhole = false, threads = 1 } = {}): Network {
  const network = new Network({ engine, seed: 3, threads })
    .addLayer('X', new Input({ shape: [6, 6] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [5, 2, 2], thresh: -62, tcThetaDecay: 1000 }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({
        kernelSize: 4,
        stride: 2,
        w: { uniform: [0, 0.8] },
        rule: new PostPre({ nu: [0.001, 0.01] }),
      }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -3 }));
  if (!isWhole) return network;
  return network
    .addLayer('Z', new LIF({ shape: [4] }))
    .addConnection('Y', 'Z', new Connection({ w: { uniform: [0, 6] } }));
}

/** What a monitor of all steps and neurons records. */
async function recordAll(engine: string, isWhole = false) {
  const network = build(engine, { isWhole });
  const monitor = new Monitor({ variables: ['spikes', 'v'] });
  network.addMonitor('Y', monitor);
  await network.run({ X: spikes });
  const found = { spikes: monitor.get('spikes'), v: monitor.get('v') };
  network.dispose();
  return found;
}

describe.each(engines)('engine %s', (engine) => {
  it.each([false, true])(
    'lists the spikes that values say, in blocks or step by step (one shard: %s)',
    async (isWhole) => {
      const { spikes: raster } = await recordAll(engine, isWhole);
      const network = build(engine, { isWhole });
      const monitor = new Monitor({ variables: ['spikes'] });
      network.addMonitor(['X', 'Y'], monitor);
      // The second run goes on from the first.
      expect(await network.run({ X: spikes }, { time: 40 })).toBe(40);
      await network.run({ X: spikesFrom(40) });
      const train = monitor.spikes('Y');
      expect(train.neurons.length).toBeGreaterThan(30);
      expect([...rasterFromSpikeTrain(train)]).toEqual([...raster.data]);
      expect(monitor.spikes('X')).toEqual(spikes);
      expect(monitor.get('spikes', 'Y').data).toEqual(raster.data);
      network.dispose();
    },
  );

  it.each<[string, Partial<MonitorParameters>, (t: number) => boolean]>([
    ['every third step', { every: 3 }, (t) => t % 3 === 0],
    ['the last 7 steps', { last: 7 }, (t) => t >= steps - 7],
    ['the last 4 of every tenth step', { every: 10, last: 4 }, (t) => t % 10 === 0 && t >= 50],
    ['more steps than there are', { last: 1000 }, () => true],
  ])('records %s', async (_, parameters, isRecorded) => {
    const all = await recordAll(engine);
    const recorded = Array.from({ length: steps }, (_, t) => t).filter(isRecorded);
    for (const indices of [undefined, [19, 2, 2, 7]]) {
      const network = build(engine);
      const monitor = new Monitor({ variables: ['v', 'spikes'], indices, ...parameters });
      const lists = new Monitor({ variables: ['spikes'], indices, ...parameters });
      network.addMonitor('Y', monitor).addMonitor('Y', lists);
      await network.run({ X: spikes }, { time: 33 });
      await network.run({ X: spikesFrom(33) });
      for (const variable of ['v', 'spikes'] as const) {
        const { size, data } = all[variable];
        const chosen = indices ?? Array.from({ length: size }, (_, i) => i);
        const expected = recorded.flatMap((t) => chosen.map((neuron) => data[t * size + neuron]));
        const place = {
          steps: recorded.length,
          size: chosen.length,
          first: recorded[0],
          every: parameters.every ?? 1,
        };
        expect(monitor.get(variable)).toEqual({ ...place, data: Float32Array.from(expected) });
      }
      expect(lists.get('spikes')).toEqual(monitor.get('spikes'));
      expect(lists.spikes()).toEqual(monitor.spikes());
      const timing = { steps: recorded.length, first: recorded[0], every: parameters.every ?? 1 };
      expect(lists.timing()).toEqual({ ...timing, dt: 1 });
      expect(monitor.timing('Y')).toEqual({ ...timing, dt: 1 });
      monitor.reset();
      expect(monitor.get('v').steps).toBe(0);
      expect(monitor.spikes()).toMatchObject({ steps: 0 });
      network.dispose();
    }
  });

  it('records a variable once that is named twice', async () => {
    const network = build(engine);
    const monitor = new Monitor({ variables: ['v', 'v'] });
    await network.addMonitor('Y', monitor).run({ X: spikes });
    expect(monitor.get('v').data).toEqual((await recordAll(engine)).v.data);
    network.dispose();
  });

  it('gives rules the signal of every step of a block', async () => {
    const Rewarded = defineRule({ name: 'Rewarded', signals: ['reward'], onSource: 'w += 0.01 * reward' });
    const rewards = Float32Array.from({ length: steps }, (_, t) => (t % 7) - 3);
    const weights = await Promise.all(
      [undefined, 'v'].map(async (variable) => {
        const network = new Network({ engine })
          .addLayer('X', new Input({ shape: 36 }))
          .addLayer('Y', new LIF({ shape: 3 }))
          .addConnection('X', 'Y', new Connection({ w: 0.5, rule: new Rewarded() }));
        // A recorded voltage makes the engine stop at every step.
        if (variable) network.addMonitor('Y', new Monitor({ variables: [variable] }));
        await network.run({ X: { ...spikes } }, { signals: { reward: rewards } });
        const { data } = network.getWeights('X->Y');
        network.dispose();
        return data;
      }),
    );
    expect(weights[0]).toEqual(weights[1]);
    expect(new Set(weights[0]).size).toBeGreaterThan(20);
  });

  it('ends between two steps, says how many it made, and goes on from there', async () => {
    const { spikes: whole } = await recordAll(engine);
    const network = build(engine);
    const monitor = new Monitor({ variables: ['spikes'] });
    network.addMonitor('Y', monitor);
    expect(await network.run({ X: spikes }, { signal: AbortSignal.abort() })).toBe(0);
    const seen: number[] = [];
    expect(await network.run({ X: spikes }, { onProgress: (made) => seen.push(made) })).toBe(steps);
    expect(seen.at(-1)).toBe(steps);
    expect(monitor.get('spikes').data).toEqual(whole.data);
    network.dispose();
  });

  it('refuses other work while it runs', async () => {
    const network = build(engine);
    const running = network.run({ X: spikes });
    expect(() => network.setWeights('X->Y', network.getWeights('X->Y').data)).toThrow('is simulating');
    await expect(network.run({ X: spikes })).rejects.toThrow('is simulating');
    await running;
    network.dispose();
  });
});

it('makes the same steps on reference and wasm, and on any number of threads', async () => {
  const found = await Promise.all(
    (
      [
        ['reference', 1],
        ['wasm', 1],
        ['wasm', 2],
      ] as const
    ).map(async ([engine, threads]) => {
      const network = build(engine, { threads });
      const monitor = new Monitor({ variables: ['spikes'] });
      network.addMonitor('Y', monitor);
      await network.run({ X: spikes });
      const state = [monitor.spikes(), network.getWeights('X->Y').data, network.getVariable('Y', 'v')];
      network.dispose();
      return state;
    }),
  );
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});

it.each<[string, () => unknown, string]>([
  ['steps that are none', () => new Monitor({ variables: ['v'], every: 0 }), 'Monitor: expected every'],
  ['a fraction of a step', () => new Monitor({ variables: ['v'], last: 1.5 }), 'Monitor: expected last'],
  [
    'spikes that it does not record',
    () => new Monitor({ variables: ['v'] }).spikes(),
    'unknown variable "spikes"',
  ],
  [
    'a layer that it does not record',
    () => new Monitor({ variables: ['v'] }).get('v', 'Q'),
    'unknown layer or connection "Q"',
  ],
  [
    'no layer where it records two',
    () => {
      const monitor = new Monitor({ variables: ['spikes'] });
      build('wasm').addMonitor(['X', 'Y'], monitor);
      return monitor.spikes();
    },
    'Monitor: expected of to be one of X, Y',
  ],
  [
    'the time of steps that no network makes',
    () => new Monitor({ variables: ['v'] }).timing(),
    'Monitor.timing: expected a monitor that was added to a network',
  ],
  [
    'a second network whose steps are of another length',
    () => {
      const monitor = new Monitor({ variables: ['v'] });
      build('wasm').addMonitor('Y', monitor);
      return new Network({ dt: 0.5 }).addLayer('Y', new LIF({ shape: 2 })).addMonitor('Y', monitor);
    },
    'Monitor: expected steps of 1 ms for Y, got 0.5',
  ],
  [
    'no layers at all',
    () => build('wasm').addMonitor([], new Monitor({ variables: ['v'] })),
    'Network.addMonitor: expected of',
  ],
])('names %s in its error', (_, misuse, message) => {
  expect(misuse).toThrow(message);
});
