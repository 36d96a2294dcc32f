/** Feeding one image: the spikes are those of the encoder, the answer that of the batch path, and nothing changes. */
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { poisson } from '../../src/core/encoding/index.js';
import { rasterFromSpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { C_SNN, type Fed, FC_SNN, LC_SNN, type Snn } from '../../src/kinds/snn/index.js';
import { type ReadoutMethod, readoutMethods, type SpikeCounts } from '../../src/readout/index.js';
import { makeFolder } from '../support/make-folder.js';

const small = { nFilters: 8, timeMax: 120, seed: 3, dataset: 'mnist-10k' as const };
const amplitudes = { cL: true, APos: -0.05, ANeg: -1.6 };

/** All counts of one image, neuron by neuron. */
function unpack({ nFilters, nPositions, neurons, counts }: SpikeCounts): number[] {
  const all = new Array<number>(nFilters * nPositions).fill(0);
  neurons.forEach((neuron, e) => {
    all[neuron] = counts[e];
  });
  return all;
}

describe.each<[string, () => Snn]>([
  ['LC_SNN', () => new LC_SNN(small)],
  [
    'LC_SNN with trained competition, reference engine',
    () => new LC_SNN({ ...small, ...amplitudes, engine: 'reference' }),
  ],
  ['C_SNN', () => new C_SNN(small)],
  ['FC_SNN', () => new FC_SNN({ ...small, meanWeight: 0.3 })],
])('%s', (_, make) => {
  let network: Snn;
  beforeAll(async () => {
    network = make();
    await network.train({ nIter: 25 });
    await network.calibrate({ images: 60 });
  });

  it('shows the image as the encoder does, and answers as the batch path does', async () => {
    const state = network.toRecord().stateHash;
    for (const label of [0, 4, 7]) {
      const fed = await network.feedLabel(label, { index: 2 });
      const { test } = await network.loadData();
      const item = [...test.labels.keys()].filter((i) => test.labels[i] === label)[2];
      const train = poisson(fed.image, { time: 120, seed: 3, purpose: 'feedSpikes', item });
      expect([...fed.inputSpikes.data]).toEqual([...rasterFromSpikeTrain(train)]);
      expect(fed).toMatchObject({
        label,
        inputSpikes: { steps: 120, size: 400 },
        spikes: { steps: 120, size: network.nOutput },
        voltages: { steps: 120, size: network.nOutput },
      });
      const batch = await network.countSpikes([spikeTrainFromRaster(fed.inputSpikes.data, 120, 400)]);
      expect(unpack(batch)).toEqual([...fed.counts]);
      expect(fed.counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5);
      fed.counts.forEach((count, y) => {
        const spikes = Array.from({ length: 120 }, (_, t) => fed.spikes.data[t * network.nOutput + y]);
        expect(spikes.reduce((sum, spike) => sum + spike, 0)).toBe(count);
      });
      const predictions = readoutMethods.map((method): [ReadoutMethod, number] => [
        method,
        network.predict(method, batch)[0],
      ]);
      expect(fed.predictions).toEqual(Object.fromEntries(predictions));
    }
    expect(network.toRecord().stateHash).toBe(state);
  });

  it('gives the same again, and other spikes for another item', async () => {
    const { image, ...first } = await network.feedLabel(5);
    expect(await network.feedLabel(5)).toEqual({ image, ...first });
    const other = await network.feed(image, { item: 99_999 });
    expect(other.inputSpikes).not.toEqual(first.inputSpikes);
    expect(other.label).toBeNull();
  });
});

describe('feed', () => {
  const network = new LC_SNN(small);

  it('has no predictions before calibration, silence and no voltage over rest for an empty image', async () => {
    const fed = await network.feed(new Uint8Array(400));
    expect(fed.predictions).toEqual({});
    expect(fed.inputSpikes.data.every((spike) => spike === 0)).toBe(true);
    expect(fed.voltages.data.every((v) => v === -65)).toBe(true);
    await network.calibrate({ images: 20, linear: false });
    expect((await network.feed(new Uint8Array(400))).predictions).toEqual({
      patch_voting: -1,
      all_voting: -1,
      spikes_first: -1,
    });
  });

  it('takes a PNG or JPEG of the crop as its bytes, and any other resized and turned to light on dark', async () => {
    const folder = makeFolder();
    const { image } = await network.feedLabel(8);
    const pixels = (fed: Fed) => [...fed.image];
    const write = async (name: string, bytes: Uint8Array, side = 20) => {
      const path = join(folder, name);
      const raw = sharp(Buffer.from(bytes), { raw: { width: 20, height: 20, channels: 1 } });
      await raw.resize(side, side, { kernel: 'nearest' }).toFile(path);
      return path;
    };
    const fromPng = await network.feedImage(await write('digit.png', image));
    expect(pixels(fromPng)).toEqual([...image]);
    expect(fromPng).toEqual(await network.feed(image));
    expect(
      pixels(
        await network.feedImage(
          await write(
            'dark.png',
            image.map((byte) => 255 - byte),
          ),
        ),
      ),
    ).toEqual([...image]);
    const dark = await write(
      'dark-again.png',
      image.map((byte) => 255 - byte),
    );
    expect(await network.feedImage(dark)).toMatchObject({ inverted: true });
    const asItIs = await network.feedImage(dark, { invert: false });
    expect(asItIs.inverted).toBe(false);
    expect(pixels(asItIs)).toEqual(Array.from(image, (byte) => 255 - byte));
    const fromJpeg = pixels(await network.feedImage(await write('digit.jpg', image)));
    expect(Math.max(...fromJpeg.map((byte, i) => Math.abs(byte - image[i])))).toBeLessThan(60);
    const fromLarge = pixels(await network.feedImage(await write('large.png', image, 200)));
    const difference = fromLarge.reduce((sum, byte, i) => sum + Math.abs(byte - image[i]), 0);
    expect(difference / 400).toBeLessThan(12);
  });

  it.each([
    [() => network.feedLabel(10), 'feedLabel: expected a label from 0 to 9, got 10'],
    [() => network.feedLabel(-1), 'feedLabel: expected a label from 0 to 9, got -1'],
    [
      () => network.feedLabel(1, { index: 5000 }),
      /feedLabel: expected index from 0 to \d+ \(images of 1\), got 5000/,
    ],
    [() => network.feed(new Uint8Array(784)), 'feed: expected 20 × 20 bytes, got 784'],
    [() => network.feedImage('nowhere.png'), 'nowhere.png'],
    [
      () => network.countSpikes([poisson([1], { time: 120 })]),
      'spikes of image 0: expected spikes of 400 neurons, got 1',
    ],
    [
      () => network.countSpikes([poisson(new Uint8Array(400), { time: 119 })]),
      'spikes of image 0: expected 120 steps, got 119',
    ],
  ])('refuses what it cannot show: %s', async (call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});
