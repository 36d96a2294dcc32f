/** Training in minibatches: another network than image by image, under another name, and the same however it is cut. */
import { describe, expect, it } from 'vitest';
import { LC_SNN } from '../../src/index.js';
import { describeMethod, wholeBatches } from '../../src/kinds/snn/image-order.js';

type Options = NonNullable<ConstructorParameters<typeof LC_SNN>[0]>;

const build = (engine = 'reference', options: Pick<Options, 'neuron' | 'rule'> = {}) =>
  new LC_SNN({
    nFilters: 3,
    timeMax: 60,
    engine,
    dataset: 'mnist-10k',
    seed: 4,
    database: ':memory:',
    ...options,
  });

const segment = { nIter: 10, learns: 'both', order: 'random', first: 0, end: 100 } as const;

describe('training in minibatches', () => {
  it('gives the network another name; image by image it has the name that it always had', async () => {
    const [one, byDefault, four] = [build(), build(), build()];
    await one.train({ nIter: 4, batchSize: 1 });
    await byDefault.train({ nIter: 4 });
    await four.train({ nIter: 4, batchSize: 4 });
    expect(one.name).toBe(byDefault.name);
    expect(one.publishedParameters).not.toHaveProperty('batch_size');
    expect(four.publishedParameters).toMatchObject({ batch_size: 4 });
    expect(four.name).not.toBe(one.name);
    expect(four.theta).not.toEqual(one.theta);
  });

  it('is the same after looks in between and after an interruption: minibatches stay whole', async () => {
    const [whole, cut] = [build(), build()];
    await whole.train({ nIter: 10, batchSize: 4 });
    const interruption = new AbortController();
    const { interrupted } = await cut.train({
      nIter: 10,
      batchSize: 4,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
      observer: { begin() {}, nextLook: (nIter) => nIter + 1, count() {}, async look() {} },
    });
    expect(interrupted).toBe(true);
    expect(cut.nIter).toBe(4);
    await cut.continueTraining();
    expect(cut.toRecord().stateHash).toBe(whole.toRecord().stateHash);
    expect(cut.name).toBe(whole.name);
  });

  it('is the same on the engine wasm, also with neurons and rules of equations', async () => {
    const equations = {
      neuron: { model: 'DiehlAndCook', parameters: { select: 'one-of-layer' } },
      rule: { model: 'WeightDependentPostPre', parameters: { reduction: 'sum' } },
    } as const;
    for (const options of [{}, equations]) {
      const hashes = [];
      for (const engine of ['reference', 'wasm']) {
        const network = build(engine, options);
        await network.train({ nIter: 7, batchSize: 3 });
        hashes.push(network.toRecord().stateHash);
      }
      expect(hashes[1]).toBe(hashes[0]);
    }
  });

  it('has a whole number of images', async () => {
    await expect(build().train({ nIter: 4, batchSize: 1.5 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('names the sizes where they were several', () => {
    const segments = [{ ...segment, batchSize: 4 }, segment];
    expect(describeMethod(segments)).toEqual({ train_method: 'basic', batch_size: '4 x 10; 1 x 10' });
  });

  it('pauses after a whole minibatch, or at the end of the segment', () => {
    const batches = { ...segment, batchSize: 4 };
    expect(wholeBatches(batches, 0, 1)).toBe(4);
    expect(wholeBatches(batches, 4, 4)).toBe(4);
    expect(wholeBatches(batches, 4, 5)).toBe(6);
    expect(wholeBatches(batches, 8, 1)).toBe(2);
    expect(wholeBatches(segment, 3, 2)).toBe(2);
  });
});
