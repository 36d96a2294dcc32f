/** The GPU engine as a user meets it: what it refuses by name, a lost device, memory, the state between calls. */
import { describe, expect, it, vi } from 'vitest';
import '../../src/node/engines.js';
import { poisson } from '../../src/core/encoding/index.js';
import { openInNode } from '../../src/node/open-gpu.js';
import type { LocusError } from '../../src/errors.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../../src/core/network/nodes/index.js';
import type { NeuronModel } from '../../src/core/network/nodes/neuron-model.js';
import { Connection, LateralCompetition } from '../../src/core/network/topology/index.js';
import { gpuEngines, gpuRemark, hasWebGpu } from '../support/gpu.js';

const steps = 40;

function build(engine: string, { gpuBatch }: { gpuBatch?: number } = {}): Network {
  return new Network({ engine, seed: 2, gpuBatch })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: 5, thetaPlus: 0.2 }))
    .addConnection(
      'X',
      'Y',
      new Connection({ rule: new PostPre({ nu: [1e-3, 1e-2] }), wMin: 0, wMax: 2, norm: 14 }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -20 }));
}

const image = (item: number) =>
  poisson(
    Uint8Array.from({ length: 16 }, (_, i) => (i * 53 * (item + 1)) % 256),
    {
      time: steps,
      intensity: 250,
      seed: 1,
      item,
    },
  );

async function countAll(network: Network, count: number, learn = false): Promise<number[]> {
  const counts: number[] = [];
  await network.simulation.present(
    { layer: 0, count, steps, spikes: image },
    { learn, count: 1, onCounts: (batch) => counts.push(...batch) },
  );
  return counts;
}

const stateOf = (network: Network) => ({
  weights: network.getWeights('X->Y').data,
  theta: network.getVariable('Y', 'theta'),
});

describe('what the GPU engine has no kernel for', () => {
  const x = () => new Input({ shape: 4 });
  const y = () => new LIF({ shape: 3 });

  it('is named: neuron models, rules, networks of another structure', () => {
    const odd: NeuronModel = { ...y().model, name: 'Odd', kernel: 'odd' };
    const cases: [Network, RegExp][] = [
      [
        new Network({ engine: 'gpu' }).addLayer('X', x()).addLayer('Y', Object.assign(y(), { model: odd })),
        /no kernel for neuron model "Odd"/,
      ],
      [
        new Network({ engine: 'gpu' })
          .addLayer('X', x())
          .addLayer('Y', y())
          .addLayer('Z', y())
          .addConnection('X', 'Y', new Connection())
          .addConnection('Y', 'Z', new Connection()),
        /one layer of neurons.*got 1 input layers and 2 layers of neurons/,
      ],
      [
        new Network({ engine: 'gpu' })
          .addLayer('X', x())
          .addLayer('Y', y())
          .addConnection('X', 'Y', new Connection())
          .addConnection('Y', 'Y', new Connection()),
        /got the connection Y->Y/,
      ],
      [
        new Network({ engine: 'gpu', propagation: 'same-step' })
          .addLayer('X', x())
          .addLayer('Y', y())
          .addConnection('X', 'Y', new Connection()),
        /got spikes that arrive in the same step/,
      ],
      ...(
        [
          [new AdaptiveLIF({ shape: 3, thetaDecay: 'exact' }), /layer Y has thetaDecay 'exact'/],
          [new LIF({ shape: 3, refrac: 5000 }), /a refractory period of 5000 steps, above 4000/],
          [
            new LIF({ shape: 3, reset: -40 }),
            /a refractory period that a reset may leave above the threshold/,
          ],
          [new LIF({ shape: 3, resetBy: 'subtract' }), /a refractory period that a reset may leave above/],
        ] as const
      ).map(([neurons, message]): [Network, RegExp] => [
        new Network({ engine: 'gpu' })
          .addLayer('X', x())
          .addLayer('Y', neurons)
          .addConnection('X', 'Y', new Connection()),
        message,
      ]),
    ];
    for (const [network, message] of cases) {
      expect(() => network.simulation).toThrow(message);
      expect(() => network.simulation).toThrow(expect.objectContaining({ code: 'ENGINE_UNAVAILABLE' }));
    }
  });

  it('is refused in the wording of all errors: batches of none, single steps, too many steps', async () => {
    expect(() => build('gpu', { gpuBatch: 0 }).simulation).toThrow(
      'gpuBatch to be a whole number of images ≥ 1, got 0',
    );
    expect(() => build('gpu').simulation.step(new Map(), false)).toThrow(
      /many steps at a time.*not one by one/,
    );
    const { simulation } = build('gpu-webasm');
    const silent = { steps: 5000, size: 16, offsets: new Uint32Array(5001), neurons: new Uint32Array() };
    await expect(
      simulation.present(
        { layer: 0, count: 1, steps: 5000, spikes: () => silent },
        { learn: false, count: 1 },
      ),
    ).rejects.toThrow('at most 4000 steps at a time, got 5000');
  });
});

describe.each(gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const))(
  'engine %s',
  (_, { engine, isThere }) => {
    describe.skipIf(!isThere)('between two calls', () => {
      it('goes on from the state it was left in, learning or not, as the reference engine does', async () => {
        const records = [];
        for (const name of ['reference', engine]) {
          const network = build(name);
          const monitor = new Monitor({ variables: ['spikes', 'v', 'theta', 'refracCount', 'tracePost'] });
          const inputs = new Monitor({ variables: ['spikes', 'tracePre'] });
          const weights = new Monitor({ variables: ['w'] });
          network.addMonitor('Y', monitor).addMonitor('X', inputs).addMonitor('X->Y', weights);
          await network.run({ X: image(0) }, { learn: true });
          await network.run({ X: image(1) }, { learn: false, time: 15 });
          await network.run({ X: image(2) }, { learn: true, time: 20 });
          network.normalize();
          network.resetState();
          network.setVariable('Y', 'theta', Float32Array.of(0, 1, 0, 1, 0));
          await network.run({ X: image(3) }, { learn: true });
          const read = (from: Monitor, variable: string) => Array.from(from.get(variable).data);
          records.push({
            spikes: read(monitor, 'spikes'),
            v: read(monitor, 'v'),
            theta: read(monitor, 'theta'),
            refracCount: read(monitor, 'refracCount'),
            tracePost: read(monitor, 'tracePost'),
            inputSpikes: read(inputs, 'spikes'),
            tracePre: read(inputs, 'tracePre'),
            w: read(weights, 'w'),
          });
          network.dispose();
        }
        expect(records[0].spikes.reduce((sum, spike) => sum + spike, 0)).toBeGreaterThan(10);
        expect(records[1]).toEqual(records[0]);
      }, 180_000);

      it('stops between two calls when it is asked to, and says how many images were done', async () => {
        const network = build(engine, { gpuBatch: 2 });
        const interruption = new AbortController();
        const done = await network.simulation.present(
          { layer: 0, count: 6, steps, spikes: image },
          { learn: false, count: 1, signal: interruption.signal, onProgress: () => interruption.abort() },
        );
        expect(done).toBe(2);
        network.dispose();
      }, 120_000);

      it('tells the spikes of every layer, and refuses to count in windows', async () => {
        const shown = { layer: 0, count: 3, steps, spikes: image };
        const told = [];
        for (const name of ['reference', engine]) {
          const network = build(name);
          const spikes: number[] = [];
          const onSpikes = (batch: Uint32Array) => spikes.push(...batch);
          await network.simulation.present(shown, { learn: false, count: 1, onSpikes });
          told.push(spikes);
          network.dispose();
        }
        expect(told[1]).toEqual(told[0]);
        const counting = build(engine).simulation.present(shown, { learn: false, count: 1, countEvery: 10 });
        await expect(counting).rejects.toThrow(/not in windows of countEvery steps/);
      }, 120_000);

      it('another network has the same counts after the memory of the first was freed', async () => {
        const network = build(engine);
        const counts = await countAll(network, 3);
        network.dispose();
        await expect(countAll(network, 3)).rejects.toMatchObject({ code: 'DISPOSED' });
        const other = build(engine);
        expect(await countAll(other, 3)).toEqual(counts);
        other.dispose();
      }, 120_000);
    });
  },
);

describe(`a lost device${gpuRemark}`, () => {
  it.skipIf(!hasWebGpu)(
    'is told of; what was reported until then is kept, and the next call finds another',
    async () => {
      const { library } = await openInNode('webgpu');
      const network = build('gpu', { gpuBatch: 1 });
      const expected = await countAll(build('reference'), 4);
      expect(await countAll(network, 4)).toEqual(expected);

      // While it works: the run is lost.
      const { device } = await library.WebGPUContext.acquire();
      const lost = network.simulation.present(
        { layer: 0, count: 60, steps, spikes: (index) => image(index % 4) },
        { learn: false, count: 1, onProgress: (done) => done === 2 && setTimeout(() => device.destroy(), 1) },
      );
      const outcome = await lost.then(
        () => 'done',
        (error: unknown) => (error as LocusError).code,
      );
      // The loss may also fall between two calls: then the next one works on another device, and nothing is lost.
      expect(['done', 'DEVICE_LOST']).toContain(outcome);
      expect(await countAll(network, 4)).toEqual(expected);

      // Between two calls: nothing is lost.
      (await library.WebGPUContext.acquire()).device.destroy();
      expect(await countAll(network, 4)).toEqual(expected);
      network.dispose();
    },
    300_000,
  );

  it.skipIf(!hasWebGpu)('in a training leaves the network as it was before it', async () => {
    const { library } = await openInNode('webgpu');
    const network = build('gpu');
    await countAll(network, 3, true);
    const before = stateOf(network);
    const { device } = await library.WebGPUContext.acquire();
    const lost = network.simulation.present(
      // Few enough that each is a call of its own: weights are on the device alone when it is lost.
      { layer: 0, count: 30, steps, spikes: (index) => image(index % 4) },
      { learn: true, count: 1, onProgress: (done) => done > 5 && device.destroy() },
    );
    await expect(lost).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    expect(stateOf(network)).toEqual(before);

    const reference = build('reference');
    await countAll(reference, 3, true);
    expect(await countAll(network, 4, true)).toEqual(await countAll(reference, 4, true));
    network.dispose();
  });
});

describe(`weights${gpuRemark}`, () => {
  it.skipIf(!hasWebGpu)(
    'stay on the device from image to image: they go up before the first, and come back after the last',
    async () => {
      const { library } = await openInNode('webgpu');
      const network = build('gpu', { gpuBatch: 1 });
      // Programs are compiled, and weights known to the device.
      await countAll(network, 4, true);
      await countAll(network, 2);
      const { device } = await library.WebGPUContext.acquire();
      const bytes = 4 * 16 * 8;
      const writeBuffer = vi.spyOn(device.queue, 'writeBuffer');
      const createBuffer = vi.spyOn(device, 'createBuffer');
      const traffic = () => ({
        up: writeBuffer.mock.calls.filter(([, , values]) => values.byteLength === bytes).length,
        back: createBuffer.mock.calls.filter(([{ size }]) => size === bytes).length,
      });
      await countAll(network, 6, true);
      expect(traffic()).toEqual({ up: 0, back: 1 });
      await countAll(network, 4);
      expect(traffic()).toEqual({ up: 0, back: 1 });
      network.setWeights('X->Y', network.getWeights('X->Y').data);
      await countAll(network, 6, true);
      expect(traffic()).toEqual({ up: 1, back: 2 });
      expect(writeBuffer.mock.calls.length).toBeGreaterThan(50);
      vi.restoreAllMocks();
      network.dispose();
    },
    60_000,
  );
});
