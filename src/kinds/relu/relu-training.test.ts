/** Training of ReLU networks: it learns, and goes on to the same bits. */
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../core/random/stream.js';
import { trainInParts } from '../../../test/support/train-in-parts.js';
import type { ImageSet } from '../../datasets/index.js';
import { parseArchitecture } from './architecture.js';
import { ReluTraining, type ReluTrainingOptions } from './relu-training.js';

/** Four noisy pixels; the class is that of the brightest of the first three. */
function makeSet(count: number, seed: number): ImageSet {
  const stream = new RandomStream(seed, 'user');
  const labels = Uint8Array.from({ length: count }, () => stream.nextBelow(3));
  const images = Uint8Array.from({ length: 4 * count }, (_, i) =>
    i % 4 === labels[Math.floor(i / 4)] ? 200 + stream.nextBelow(50) : stream.nextBelow(100),
  );
  return { name: 'pixels', count, height: 1, width: 4, channels: 1, images, labels };
}

/** The last of three batches of an epoch is smaller. */
const train = makeSet(50, 1);
const test = makeSet(40, 2);
const watch = { now: () => 0 };
const options: ReluTrainingOptions = {
  architecture: parseArchitecture('4-12-3'),
  batchSize: 20,
  rate: 0.05,
  dropout: 0.5,
  seed: 3,
};

async function trainFor(training: ReluTraining, epochs: number): Promise<ReluTraining> {
  for (let epoch = 0; epoch < epochs; epoch++) await training.runEpoch(train, test, watch);
  return training;
}

describe('ReluTraining', () => {
  it('learns, at a rate that falls from epoch to epoch', async () => {
    const { history } = await trainFor(new ReluTraining({ ...options, rateDecay: 0.9 }), 15);
    expect(history.at(-1)?.testCorrect).toBeGreaterThan(0.9);
    expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 15 }, (_, epoch) => epoch));
    history.forEach(({ rate }, epoch) => expect(rate).toBeCloseTo(0.05 * 0.9 ** epoch, 12));
  });

  it.each(['adam', 'sgd'] as const)('%s: goes on from a state to the bit', async (optimizer) => {
    const whole = await trainFor(new ReluTraining({ ...options, optimizer }), 4);
    const begun = await trainFor(new ReluTraining({ ...options, optimizer }), 2);
    const resumed = new ReluTraining({ ...options, optimizer });
    resumed.restore(begun.save(), train.count);
    await trainFor(resumed, 2);
    expect(resumed.save()).toEqual(whole.save());
    // Interrupted after every batch, and (50 images) before the test: the same state and the same history.
    const parts = await trainInParts(
      new ReluTraining({ ...options, optimizer }),
      { epochs: 4, images: 10 },
      (training, part) => training.runEpoch(train, test, part),
      (state) => {
        const training = new ReluTraining({ ...options, optimizer });
        training.restore(state, train.count);
        return training;
      },
    );
    expect(parts.save()).toEqual(whole.save());
    // Dropout takes part: without it the training ends elsewhere.
    const { parameters } = (
      await trainFor(new ReluTraining({ ...options, optimizer, dropout: 0 }), 4)
    ).save();
    expect(parameters).not.toEqual(whole.save().parameters);
  });
});
