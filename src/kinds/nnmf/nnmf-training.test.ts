import { describe, expect, it } from 'vitest';
import { trainInParts } from '../../../test/support/train-in-parts.js';
import type { ImageSet } from '../../datasets/index.js';
import { RandomStream } from '../../core/random/stream.js';
import { centreCrops, colourJitter, jitter, noJitter, randomCrops } from '../../layers/augmentation.js';
import {
  evaluateNnmf,
  formatEpoch,
  NnmfTraining,
  type NnmfTrainingOptions,
  type NnmfTrainingState,
} from './nnmf-training.js';
import { makeNnmfEpoch } from './nnmf-record.js';
import { makeTrainingShape, readTraining, toCheckpoint } from '../layered/training-state.js';

/** Bright squares in one of three corners, among noise. */
function makeSet(count: number, seed: number, channels = 1): ImageSet {
  const size = 12;
  const stream = new RandomStream(seed, 'user');
  const labels = Uint8Array.from({ length: count }, () => stream.nextBelow(3));
  const images = new Uint8Array(count * channels * size * size);
  for (let at = 0; at < images.length; at++) {
    const label = labels[Math.floor(at / (channels * size * size))];
    const [row, column] = [Math.floor(at / size) % size, at % size];
    const isSquare = row >= 6 === (label === 1) && column >= 6 === (label === 2);
    images[at] = stream.nextBelow(60) + (isSquare ? 190 : 0);
  }
  return { name: 'corners', count, height: size, width: size, channels, images, labels };
}

const options: NnmfTrainingOptions = {
  inputChannels: 1,
  inputSize: 10,
  channels: [4, 4, 6, 3],
  kernelSize: 3,
  iterations: 10,
  batchSize: 20,
  rates: { cnnTop: 0.02, nnmf: 0.05, batchNorm2d: 0.02 },
  seed: 5,
};
const watch = { now: () => 0 };
const train = makeSet(110, 1);
const test = makeSet(40, 2);

/** As the database keeps it. */
function throughCheckpoint(state: NnmfTrainingState): NnmfTrainingState {
  const identity = { parameters: { network_type: 'NNMF' }, datasetHash: null };
  const { meta, ...checkpoint } = toCheckpoint(state, identity);
  const stored = { key: 'digits', ...checkpoint, meta: JSON.parse(JSON.stringify(meta)) as typeof meta };
  const shape = makeTrainingShape(
    (z) => z.unknown().transform(() => new NnmfTraining(options).layout),
    makeNnmfEpoch,
  );
  return readTraining(shape, stored);
}

describe('NnmfTraining', () => {
  it('learns: half the loss and 90 % of unseen images after a few epochs', async () => {
    const training = new NnmfTraining(options);
    for (let epoch = 0; epoch < 20; epoch++) await training.runEpoch(train, test, watch);
    const [first, last] = [training.history[0], training.history[19]];
    expect(last.trainLoss).toBeLessThan(first.trainLoss / 2);
    expect(last.testCorrect).toBeGreaterThan(0.9);
    const again = await evaluateNnmf(training.built, test, { inputSize: 10, batchSize: 20 });
    expect(again).toBe(last.testCorrect);
  });

  it('resumes from a checkpoint to the bit', async () => {
    const whole = new NnmfTraining(options);
    for (let epoch = 0; epoch < 3; epoch++) await whole.runEpoch(train, test, watch);

    const begun = new NnmfTraining(options);
    await begun.runEpoch(train, test, watch);
    const resumed = new NnmfTraining(options);
    resumed.restore(throughCheckpoint(begun.save()));
    for (let epoch = 0; epoch < 2; epoch++) await resumed.runEpoch(train, test, watch);
    expect(resumed.save()).toEqual(whole.save());
    // Interrupted after every batch, the last one of each epoch before its test.
    const parts = await trainInParts(
      new NnmfTraining(options),
      { epochs: 3, images: 10 },
      (training, part) => training.runEpoch(train, test, part),
      (state) => {
        const training = new NnmfTraining(options);
        training.restore(throughCheckpoint(state));
        return training;
      },
    );
    expect(parts.save()).toEqual(whole.save());
  });

  it('hears between two batches that it is to stop', async () => {
    const training = new NnmfTraining(options);
    const controller = new AbortController();
    let last = 0;
    // As a signal of the process arrives: by the event loop.
    const onProgress = ({ done }: { done: number }) => {
      last = done;
      if (done === 40) setImmediate(() => controller.abort());
    };
    const attempt = training.runEpoch(train, test, { ...watch, signal: controller.signal, onProgress });
    await expect(attempt).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(last).toBeLessThan(train.count);
  });

  it('refuses the state of another network', () => {
    const other = new NnmfTraining({ ...options, channels: [4, 4, 7, 3] }).save();
    expect(() => new NnmfTraining(options).restore(other)).toThrow(/a state of/);
  });

  it('logs an epoch as the reference does', () => {
    const result = {
      epoch: 369,
      rates: [1e-10, 1e-9, 1e-10] as const,
      trainLoss: 0.018884,
      trainCorrect: 0.92361,
      testCorrect: 0.8525,
      trainSeconds: 12.04,
      testSeconds: 2.31,
    };
    expect(formatEpoch(result)).toBe(`Epoch: 369
Actual lr:  1.0000e-10  1.0000e-09  1.0000e-10 
Training: Loss=0.01888 Correct=92.36%
Testing: Correct=85.25%
Time: Training=12.0sec, Testing=2.3sec`);
  });
});

describe('augmentation', () => {
  const set = makeSet(30, 3, 3);
  const at = { seed: 1, epoch: 0 };

  it('crops from the centre, scaled to [0, 1]', () => {
    const { shape, data } = centreCrops(set, [7], 10);
    expect(shape).toEqual([1, 3, 10, 10]);
    const pixel = set.images[((7 * 3 + 2) * 12 + 1 + 4) * 12 + 1 + 6];
    expect(data[2 * 100 + 4 * 10 + 6]).toBe(Math.fround(pixel / 255));
  });

  it('draws by image and epoch, whatever stands beside it in the batch', () => {
    const alone = randomCrops(set, [4], 9, colourJitter, at).data;
    const beside = randomCrops(set, [1, 4, 2], 9, colourJitter, at).data;
    expect(beside.subarray(243, 486)).toEqual(alone);
    expect(randomCrops(set, [4], 9, colourJitter, { seed: 1, epoch: 1 }).data).not.toEqual(alone);
  });

  it('without jitter shows a part of the image, in every place and both ways', () => {
    const places = new Set<string>();
    for (let epoch = 0; epoch < 60; epoch++) {
      const crop = randomCrops(set, [3], 11, { ...noJitter, flip: 0.5 }, { seed: 1, epoch });
      places.add(String(crop.data.subarray(0, 121)));
    }
    expect(places.size).toBe(2 * 2 * 2);
  });

  it('a turn of a third of the hue moves red to green; grey stays grey', () => {
    const image = Float32Array.of(0.8, 0.5, 0.2, 0.5, 0.2, 0.5);
    const stream = new RandomStream(1, 'user');
    // Of the four factors only the hue counts; it is drawn as the fourth.
    const drawn = [0, 0, 0, 5 / 6];
    const fixed = {
      nextFloat: () => drawn.shift() ?? 0,
      shuffle: (values: number[]) => values,
    } as unknown as typeof stream;
    jitter(image, 3, { ...noJitter, hue: 0.5 }, fixed);
    [0.2, 0.5, 0.8, 0.5, 0.2, 0.5].forEach((value, i) => expect(image[i]).toBeCloseTo(value, 6));
  });

  it('stays in [0, 1]', () => {
    const { data } = randomCrops(
      set,
      [0, 1, 2, 3, 4, 5],
      12,
      { flip: 0.5, brightness: 0.9, contrast: 0.9, saturation: 0.9, hue: 0.5 },
      at,
    );
    expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...data)).toBeLessThanOrEqual(1);
  });
});
