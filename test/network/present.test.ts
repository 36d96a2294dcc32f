/** `Network.present`: by hand, against single steps and engines' own presentations; the same bits on all engines and threads; misuse. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { ImageSet } from '../../src/datasets/image-set.js';
import { type EncoderName, encoders, poisson } from '../../src/core/encoding/index.js';
import type { SpikeTrain } from '../../src/core/encoding/spike-train.js';
import { SRM0 } from '../../src/core/models/index.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF, SpikeSource } from '../../src/core/network/nodes/index.js';
import type { Presented, PresentImagesOptions } from '../../src/core/network/present/present-options.js';
import { Connection, LateralCompetition, LocalConnection } from '../../src/core/network/topology/index.js';
import { MSTDP } from '../../src/core/rules/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, spikesByNeuron } from '../support/small-networks.js';

const nImages = 23;
const nPixels = 16;
const time = 40;
const images = Uint8Array.from({ length: nImages * nPixels }, (_, at) => (at * 89) % 256);
const labels = Uint8Array.from({ length: nImages }, (_, image) => image % 3);
const set: ImageSet = { name: 'own/train', count: nImages, height: 4, width: 4, channels: 1, images, labels };

/** A local layer that competes, a dense one behind it and neurons that draw; all connections learn. */
function build(parameters: NetworkParameters): Network {
  const rule = () => new PostPre({ nu: [1e-3, 2e-2] });
  return new Network({ seed: 3, ...parameters })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [5, 2, 2], thresh: -60, thetaPlus: 0.1 }))
    .addLayer('Z', new LIF({ shape: 6, thresh: -62 }))
    .addLayer('S', new SRM0({ shape: 3, thresh: -64 }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, w: { uniform: [0, 4] }, norm: 6, rule: rule() }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -1 }))
    .addConnection('Y', 'Z', new Connection({ w: { uniform: [0, 4] }, rule: rule() }))
    .addConnection('Y', 'S', new Connection({ w: { uniform: [0, 9] } }));
}

/** All that a presentation returns and leaves. */
function leftBy(network: Network, presented: Omit<Presented, 'images' | 'next' | 'isDone'>) {
  return {
    ...presented,
    weights: ['X->Y', 'Y->Z', 'Y->S'].map((name) => network.getWeights(name)),
    theta: network.getVariable('Y', 'theta'),
    state: ['Y', 'Z', 'S'].map((name) => network.getVariable(name, 'v')),
  };
}

/** Presents to a network of its own. */
async function present(
  parameters: NetworkParameters,
  options: PresentImagesOptions,
  shown: Parameters<Network['present']>[0] = images,
) {
  const network = build(parameters);
  const { images: _, next, isDone, ...presented } = await network.present(shown, { time, ...options });
  expect(isDone).toBe(true);
  expect(next).toBe(options.to ?? nImages);
  const left = leftBy(network, presented);
  network.dispose();
  return left;
}

const platforms = [
  { engine: 'reference' },
  { engine: 'wasm' },
  { engine: 'wasm', threads: 2 },
] as const satisfies NetworkParameters[];

describe.each(engines)('a presentation on %s', (engine) => {
  it('counts spikes of several layers, in windows and one by one, by hand', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      // A spike of X is one of Y in the next step, and one of Z in the step after.
      .addLayer('Y', new LIF({ shape: 2, refrac: 0 }))
      .addLayer('Z', new LIF({ shape: 1, refrac: 0 }))
      .addConnection('X', 'Y', new Connection({ w: Float32Array.of(20, 0, 0, 20) }))
      .addConnection('Y', 'Z', new Connection({ w: Float32Array.of(20, 0) }));
    const trains = [spikesByNeuron([[0, 2, 5], [1]], 6), spikesByNeuron([[], [0, 4]], 6)];
    const {
      counts,
      windows,
      trains: found,
      spikes,
      ...rest
    } = await network.present(trains, {
      learn: false,
      count: ['Z', 'Y'],
      countEvery: 4,
      trains: 'Y',
    });
    expect(rest).toEqual({ images: 2, next: 2, isDone: true, labels: new Uint8Array() });
    const y = { nImages: 2, nFilters: 2, nPositions: 1 };
    expect(counts.Y).toEqual({
      ...y,
      offsets: Uint32Array.of(0, 2, 3),
      neurons: Uint32Array.of(0, 1, 1),
      counts: Uint16Array.of(2, 1, 2),
    });
    // Y spikes in steps 1 and 3, and in step 2; Z in steps 2 and 4.
    expect(windows.Z.map((window) => [...window.offsets, ...window.counts])).toEqual([
      [0, 1, 1, 1],
      [0, 1, 1, 1],
    ]);
    expect(windows.Y.map((window) => Array.from(window.neurons))).toEqual([[0, 1, 1], [1]]);
    expect(found).toEqual({
      Y: [spikesByNeuron([[1, 3], [2]], 6), spikesByNeuron([[], [1, 5]], 6)],
    });
    expect(spikes).toEqual({
      X: Uint32Array.of(4, 2),
      Y: Uint32Array.of(3, 2),
      Z: Uint32Array.of(2, 0),
    });
    network.dispose();
  });

  it.each(Object.keys(encoders) as EncoderName[])('shows what the encoder %s makes', async (encoder) => {
    const byHand = (shown: Uint8Array | Float32Array) =>
      Array.from({ length: nImages }, (_, item) =>
        encoders[encoder](shown.subarray(item * nPixels, (item + 1) * nPixels), {
          time,
          intensity: 90,
          seed: 3,
          purpose: 'trainingSpikes',
          item,
        }),
      );
    const bright = Float32Array.from(images, (byte) => byte / 255);
    for (const shown of [images, bright]) {
      const bySpikes = await present({ engine }, {}, byHand(shown));
      for (const own of [encoder, encoders[encoder]]) {
        expect(await present({ engine }, { encoder: own, intensity: 90 }, shown)).toEqual(bySpikes);
      }
    }
  });

  it('goes on where another was interrupted, to the same bits', async () => {
    for (const options of [
      {},
      { batchSize: 3 },
      { clamp: {} },
      { encoder: 'bernoulli', maxProbability: 0.1 },
    ] as const) {
      // Images in an order of their own, and more of them than there are.
      const all = { ...options, to: 60, order: Array.from({ length: 21 }, (_, i) => (i * 5) % nImages) };
      const whole = await present({ engine }, all, set);
      const network = build({ engine });
      const parts: Presented[] = [];
      for (let from = 0; from < 60; ) {
        const stop = new AbortController();
        const part = await network.present(set, {
          time,
          ...all,
          from,
          signal: stop.signal,
          onProgress: (done, total) => {
            expect(total).toBe(60 - from);
            if (done >= 7) stop.abort();
          },
        });
        parts.push(part);
        expect(part.next).toBe(from + part.images);
        expect(part.isDone).toBe(part.next === 60);
        from = part.next;
      }
      expect(parts.length).toBeGreaterThan(1);
      const join = (read: (part: Presented) => Iterable<number>) => parts.flatMap((part) => [...read(part)]);
      expect(join((part) => part.counts.Y.counts)).toEqual([...whole.counts.Y.counts]);
      expect(join((part) => part.spikes.S)).toEqual([...whole.spikes.S]);
      expect(join((part) => part.labels)).toEqual([...whole.labels]);
      expect(whole.labels).toHaveLength(60);
      const { weights, theta, state } = leftBy(network, parts[0]);
      expect({ weights, theta, state }).toEqual({
        weights: whole.weights,
        theta: whole.theta,
        state: whole.state,
      });
      network.dispose();
    }
  });

  it('gives images the labels of the data in the order of a presentation', async () => {
    const { labels: shown } = await present({ engine }, { order: [4, 2, 0], to: 5 }, set);
    expect(shown).toEqual(Uint8Array.of(1, 2, 0, 1, 2));
  });

  it('hands counts over as they come and keeps none', async () => {
    const kept = await present({ engine }, { countEvery: 15 });
    const found: number[][] = [];
    const { counts, windows, spikes } = await present(
      { engine },
      {
        countEvery: 15,
        count: 'Y',
        onCounts: ({ from, images: n, counts: given }) => {
          expect(from).toBe(found.length);
          expect(Object.keys(given)).toEqual(['Y']);
          const size = 3 * 20;
          for (let i = 0; i < n; i++) found.push([...given.Y.subarray(i * size, (i + 1) * size)]);
        },
      },
    );
    expect([counts, windows]).toEqual([{}, {}]);
    expect(spikes).toEqual(kept.spikes);
    expect(found).toHaveLength(nImages);
    kept.windows.Y.forEach(({ offsets, neurons, counts: own }, window) => {
      for (let image = 0; image < nImages; image++) {
        const dense = new Array<number>(20).fill(0);
        for (let e = offsets[image]; e < offsets[image + 1]; e++) dense[neurons[e]] = own[e];
        expect(found[image].slice(window * 20, (window + 1) * 20)).toEqual(dense);
      }
    });
  });

  it('without a reset goes on from state to state, as one run', async () => {
    const trains = Array.from({ length: 4 }, (_, image) => randomSpikes(image, 0.2, 12, nPixels));
    const [parts, whole] = [build({ engine }), build({ engine })];
    parts.resetState();
    whole.resetState();
    const { spikes } = await parts.present(trains, { learn: false, reset: false, count: 'Y' });
    for (const train of trains) await whole.run({ X: train }, { learn: false });
    for (const name of ['Y', 'Z', 'S']) {
      expect(parts.getVariable(name, 'v')).toEqual(whole.getVariable(name, 'v'));
    }
    expect(spikes.Y.some((count) => count > 0)).toBe(true);
    parts.dispose();
    whole.dispose();
  });

  it.each([{}, { voltages: {} }, { reset: false }])('saves between images and goes on (%j)', async (way) => {
    const whole = build({ engine });
    const all = await whole.present(images, { time, to: 20, ...way });
    const parts = build({ engine });
    const saved: { next: number; state: ReturnType<Network['getState']> }[] = [];
    const checkpoint = {
      every: 8,
      save: async (next: number) => {
        await Promise.resolve();
        saved.push({ next, state: parts.getState() });
      },
    };
    const shown = await parts.present(images, { time, to: 20, checkpoint, ...way });
    expect(saved.map(({ next }) => next)).toEqual([8, 16, 20]);
    expect(shown).toEqual(all);
    expect(leftBy(parts, shown)).toEqual(leftBy(whole, all));
    expect(saved[2].state.arrays).toEqual(whole.getState().arrays);
    if ('reset' in way) return;
    const again = build({ engine });
    again.setState(saved[1].state);
    await again.present(images, { time, from: 16, to: 20, ...way });
    expect(again.getState().arrays).toEqual(whole.getState().arrays);
  });

  it('ends where a checkpoint fails, and keeps what was learned', async () => {
    const network = build({ engine });
    const save = () => {
      throw new Error('no space');
    };
    await expect(network.present(images, { time, checkpoint: { every: 5, save } })).rejects.toThrow(
      'no space',
    );
    const other = build({ engine });
    await other.present(images, { time, to: 5 });
    expect(network.getState().arrays).toEqual(other.getState().arrays);
  });

  it('leaves inputs silent that nothing is shown to', async () => {
    const connect = () =>
      new Network({ engine })
        .addLayer('X', new Input({ shape: nPixels }))
        .addLayer('silent', new Input({ shape: 3 }))
        .addLayer('Y', new LIF({ shape: 4, thresh: -64 }))
        .addConnection('X', 'Y', new Connection({ w: 1 }))
        .addConnection('silent', 'Y', new Connection({ w: 90 }));
    const [batches, steps] = [connect(), connect()];
    const shown = await batches.present(images, { layer: 'X', time });
    expect(await steps.present(images, { layer: 'X', time, voltages: {} })).toEqual(shown);
    expect(Math.max(...shown.spikes.silent)).toBe(0);
    expect(Math.max(...shown.spikes.Y)).toBeGreaterThan(0);
  });

  it('learns in the connections that are named, one after another', async () => {
    const network = build({ engine });
    const weights = () => ['X->Y', 'Y->Z'].map((name) => Array.from(network.getWeights(name).data));
    const before = weights();
    await network.present(images, { time, learn: { 'Y->Z': false } });
    const first = weights();
    expect(first[1]).toEqual(before[1]);
    expect(first[0]).not.toEqual(before[0]);
    await network.present(images, { time, learn: { 'X->Y': false } });
    const second = weights();
    expect(second[0]).toEqual(first[0]);
    expect(second[1]).not.toEqual(first[1]);
    // Afterwards connections learn as before.
    await network.present(images, { time });
    expect(weights()[0]).not.toEqual(second[0]);
    expect(weights()[1]).not.toEqual(second[1]);
    network.setPlastic('X->Y', false);
    const third = weights();
    await network.present(images, { time, learn: { 'Y->Z': false } });
    expect(weights()).toEqual(third);
    network.dispose();
  });

  it('gives layers of neurons currents, clamps and spikes by image', async () => {
    const network = () =>
      new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new LIF({ shape: 3, refrac: 0 }))
        .addConnection('X', 'Y', new Connection({ w: 0 }));
    const silent = Array.from({ length: 3 }, () => spikesByNeuron([[]], 4));
    const teachers = [0, 1, 2].map((label) =>
      spikesByNeuron(
        [0, 1, 2].map((j) => (j === label ? [1, 2] : [])),
        4,
      ),
    );
    const of = async (shown: Parameters<Network['present']>[0], options: PresentImagesOptions) => {
      const own = network();
      const { counts, trains } = await own.present(shown, { learn: false, trains: 'Y', ...options });
      own.dispose();
      return { neurons: [...counts.Y.neurons], counts: [...counts.Y.counts], trains: trains.Y };
    };
    const clamped = await of(silent, { clamp: (_, index) => ({ Y: teachers[index] }) });
    expect(clamped).toEqual({ neurons: [0, 1, 2], counts: [2, 2, 2], trains: teachers });
    expect(await of({ Y: teachers }, {})).toEqual(clamped);
    expect(await of(teachers, { layer: 'Y' })).toEqual(clamped);
    expect(await of({ X: silent, Y: teachers }, {})).toEqual(clamped);
    // 20 mV cross the threshold in every step.
    const driven = await of(silent, {
      currents: (number) => ({ Y: [0, 1, 2].map((j) => (j === number ? 20 : 0)) }),
    });
    expect([driven.neurons, driven.counts]).toEqual([
      [0, 1, 2],
      [4, 4, 4],
    ]);
    const forbidden = await of({ Y: teachers }, { unclamp: { Y: spikesByNeuron([[1], [1], []], 4) } });
    expect(forbidden.counts).toEqual([1, 1, 2]);
  });

  it('draws different spikes for several input layers', async () => {
    const network = new Network({ engine })
      .addLayer('A', new Input({ shape: 4 }))
      .addLayer('B', new Input({ shape: 4 }))
      .addLayer('Y', new LIF({ shape: 1 }));
    const bright = new Uint8Array(8).fill(255);
    const { spikes } = await network.present({ A: bright, B: bright }, { time: 100, learn: false });
    const total = (item: number) => {
      return poisson(bright.subarray(0, 4), { time: 100, purpose: 'testSpikes', item }).neurons.length;
    };
    expect(spikes.A).toEqual(Uint32Array.of(total(0), total(2)));
    expect(spikes.B).toEqual(Uint32Array.of(total(1), total(3)));
    network.dispose();
  });

  it('shows no images to networks with sources', async () => {
    const network = new Network({ engine })
      .addLayer('X', new SpikeSource({ shape: 1, spikes: [[0, 3, 7]] }))
      .addLayer('Y', new LIF({ shape: 1, refrac: 0 }))
      .addConnection('X', 'Y', new Connection({ w: 20 }));
    const { trains, images: n } = await network.present({}, { to: 2, time: 6, learn: false, trains: ['Y'] });
    expect(n).toBe(2);
    expect(trains.Y).toEqual([spikesByNeuron([[1, 4]], 6), spikesByNeuron([[1, 4]], 6)]);
    // Without a reset the source goes on.
    const going = await network.present({}, { to: 2, time: 6, learn: false, reset: false, trains: 'Y' });
    expect(going.trains.Y).toEqual([spikesByNeuron([[1, 4]], 6), spikesByNeuron([[2]], 6)]);
    network.dispose();
  });

  it.each([{}, { voltages: {} }])('rewards by number, image, step or function (%j)', async (stepwise) => {
    const trains = Array.from({ length: 3 }, (_, image) => randomSpikes(image + 1, 0.3, 10, 4));
    const learned = async (reward: NonNullable<PresentImagesOptions['signals']>[string]) => {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 4 }))
        .addLayer('Y', new LIF({ shape: 2, thresh: -62, refrac: 1 }))
        .addConnection('X', 'Y', new Connection({ w: { uniform: [1, 4] }, rule: new MSTDP({ nu: 0.01 }) }));
      await network.present(trains, { signals: { reward }, ...stepwise });
      const { data } = network.getWeights('X->Y');
      network.dispose();
      return data;
    };
    const one = await learned(0.5);
    expect(await learned([0.5, 0.5, 0.5])).toEqual(one);
    expect(await learned(() => 0.5)).toEqual(one);
    expect(await learned(() => new Float32Array(10).fill(0.5))).toEqual(one);
    const perImage = await learned([1, -1, 0.25]);
    expect(perImage).not.toEqual(one);
    expect(await learned((number) => [1, -1, 0.25][number])).toEqual(perImage);
    expect(await learned((_, index) => new Array<number>(10).fill([1, -1, 0.25][index]))).toEqual(perImage);
  });

  it('presentations wait for each other; other calls are refused meanwhile', async () => {
    const [one, other] = [build({ engine }), build({ engine })];
    const stepwise = { time, clamp: {}, to: 5 };
    const both = [one.present(images, stepwise), one.present(images, { time, to: 5 })];
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(() => one.resetState()).toThrow('is simulating');
    await Promise.all(both);
    await other.present(images, stepwise);
    await other.present(images, { time, to: 5 });
    expect(one.getWeights('X->Y')).toEqual(other.getWeights('X->Y'));
    one.dispose();
    other.dispose();
  });

  it('names what does not fit', async () => {
    const network = build({ engine });
    const trainOf = (size: number, steps = time): SpikeTrain =>
      spikesByNeuron(
        Array.from({ length: size }, () => []),
        steps,
      );
    const cases: [Parameters<Network['present']>[0] | null, object, string][] = [
      [images, { tiem: 3 }, 'Network.present: unknown option "tiem". Did you mean "time"?'],
      [images, { time: undefined }, 'expected time, the number of steps of an image'],
      [images, { encoder: 'poison' }, 'unknown encoder "poison". Did you mean "poisson"?'],
      [images, { layer: 'W' }, 'Network.present: unknown layer "W"'],
      [{ W: images }, {}, 'Network.present: unknown layer "W"'],
      [{ X: images }, { layer: 'X' }, 'images by layer, or one layer and its images, not both'],
      [images, { count: 'Q' }, 'Network.present, count: unknown layer "Q"'],
      [
        images,
        { count: ['Y', 'X'] },
        'Network.present, count: expected a layer of neurons that spike, got "X"',
      ],
      [images, { trains: 'X->Y' }, 'Network.present, trains: unknown layer "X->Y"'],
      [
        images,
        { learn: { 'X->Z': false } },
        'Network.present, learn: unknown connection with weights "X->Z"',
      ],
      [images, { learn: { 'Y->Y': false } }, 'unknown connection with weights "Y->Y"'],
      [images, { learn: { 'X->Y': 1 } }, 'learn.X->Y to be true or false'],
      [images, { signals: { reward: 1 } }, 'Network.present: unknown signal "reward"'],
      [images, { clamp: { Q: trainOf(20) } }, 'Network.present: unknown layer "Q"'],
      [images, { clamp: () => ({ Q: trainOf(20) }) }, 'Network.present: unknown layer "Q"'],
      [images, { clamp: { X: trainOf(16) } }, 'Network.present, clamp.X: expected a layer of neurons'],
      [images, { clamp: { Y: trainOf(20, 3) } }, `clamp.Y: expected at least ${time} steps, got 3`],
      [images, { currents: () => ({ Y: 'much' }) }, 'currents.Y to be a list of numbers'],
      [images, { reset: false, batchSize: 4 }, 'batchSize 1, because of reset: false'],
      [images, { from: 5, to: 4 }, 'expected to ≥ from, 5, got 4'],
      [images, { checkpoint: { every: 5 } }, 'checkpoint: expected save to be a function'],
      [images, { checkpoint: { evry: 5, save: () => {} } }, 'unknown option "evry". Did you mean "every"?'],
      [
        images,
        { batchSize: 4, checkpoint: { every: 6, save: () => {} } },
        'Network.present, checkpoint: expected every a multiple of batchSize 4, got 6',
      ],
      [images, { order: [nImages] }, `order of indices below ${nImages}`],
      [images, { order: [] }, 'an order of at least one image'],
      [images, { time: 70_000 }, 'time to be a whole number of steps from 1 to 65535'],
      [images.subarray(1), {}, 'images of X: expected images of 16 pixels, one for each neuron'],
      [{ ...set, count: 22 }, {}, 'images of X: expected images of 16 pixels'],
      [new Float32Array(16).fill(2), {}, 'expected brightness in [0, 1]'],
      [[trainOf(15)], {}, 'images of X, image 0: expected spikes of 16 neurons, got 15'],
      [[trainOf(16, 12)], {}, 'spikes of image 0: expected 40 steps, got 12'],
      [{}, {}, 'expected to, the number after the last image, where there are no images'],
      [{ Y: [trainOf(20)] }, { clamp: { Y: trainOf(20) } }, 'expected images or clamp for Y, not both'],
      [{ X: images, Y: [trainOf(20)] }, {}, `expected ${nImages} images for every layer, got 1`],
      [
        null,
        {},
        'a Uint8Array or Float32Array [image, pixel], a split of a data set, or a list of spike trains',
      ],
      [
        images,
        { encoder: () => trainOf(3) },
        'spikes that the encoder makes of image 0: expected spikes of 16',
      ],
    ];
    for (const [shown, options, message] of cases) {
      await expect(network.present(shown as never, { time, ...options })).rejects.toThrow(message);
    }
    network.dispose();
    await expect(network.present(images, { time })).rejects.toThrow('was disposed');
  });
});

describe('a presentation', () => {
  it.each([
    {},
    { batchSize: 4 },
    { learn: false },
    { countEvery: 7, trains: ['Z', 'S'] },
    { to: 50, from: 30 },
    { encoder: 'rankOrder' },
    { currents: { Z: [0, 1, 2, 3, 0, 1] } },
  ] as const)('has the same bits on every engine and any threads (%j)', async (options) => {
    const [first, ...others] = await Promise.all(platforms.map((platform) => present(platform, options)));
    for (const other of others) expect(other).toEqual(first);
    expect(first.counts.Z.counts.length).toBeGreaterThan(0);
    expect(first.counts.S.counts.length).toBeGreaterThan(0);
  });

  it.each(platforms)('has step by step the bits of images in batches (%j)', async (platform) => {
    for (const options of [{}, { learn: false }, { trains: 'S' }, { encoder: 'bernoulli' }] as const) {
      const stepwise = await present(platform, { ...options, clamp: {} });
      expect(stepwise).toEqual(await present(platform, options));
    }
  });

  it('of more images than an engine is handed at once is theirs in parts', async () => {
    const long = { time: 3, to: 20_000, count: 'Y' } as const;
    const [one, other] = [build({ engine: 'wasm' }), build({ engine: 'wasm' })];
    const { spikes } = await one.present(set, { ...long, batchSize: 3 });
    const parts = [0, 3000, 8190, 12_000];
    const counted: number[] = [];
    for (const [i, from] of parts.entries()) {
      const part = await other.present(set, { ...long, batchSize: 3, from, to: parts[i + 1] ?? long.to });
      counted.push(...part.spikes.Y);
    }
    expect(counted).toEqual([...spikes.Y]);
    expect(one.getWeights('X->Y')).toEqual(other.getWeights('X->Y'));
    one.dispose();
    other.dispose();
  });

  it('on an engine for graphics is the same, and what that cannot do it refuses by name', async () => {
    const simple = (engine: string) =>
      new Network({ engine, seed: 2 })
        .addLayer('X', new Input({ shape: nPixels }))
        .addLayer('Y', new LIF({ shape: 4, thresh: -63 }))
        .addConnection(
          'X',
          'Y',
          new Connection({ w: { uniform: [0, 2] }, rule: new PostPre({ nu: [1e-3, 1e-2] }) }),
        );
    const shown = await Promise.all(
      ['reference', 'gpu-webasm'].map(async (engine) => {
        const network = simple(engine);
        const { counts } = await network.present(images, { time });
        network.dispose();
        return counts.Y;
      }),
    );
    expect(shown[1]).toEqual(shown[0]);
    const network = simple('gpu-webasm');
    await expect(network.present(images, { time, reset: false })).rejects.toThrow(
      'Network.present: reset: false: the engine gpu-webasm makes no single steps',
    );
    await expect(network.present(images, { time, clamp: {} })).rejects.toThrow('Network.present: clamp');
    network.dispose();
  });
});
