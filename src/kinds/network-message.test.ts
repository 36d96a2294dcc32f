/** A network comes out of a message as it went in, and answers as the one it was made from; what is cut off is noticed. */
import { describe, expect, it } from 'vitest';
import '../node/engines.js';
import { FrozenSnn, readStoredSnn } from './snn/frozen-snn.js';
import { C_SNN, FC_SNN, LC_SNN } from './snn/index.js';
import { type NetworkMessage, packNetwork, unpackNetwork } from './network-message.js';

const example: NetworkMessage = {
  name: 'Grün',
  parameters: { network_type: 'LC_SNN', c_w_min: -Infinity, A_pos: null, c_l: false },
  scores: { lc: { accuracy: 0.5, error: 0.1, nIter: 20 } },
  meta: {
    segments: [{ nIter: 3, learns: 'both', order: 'random', first: 0, end: 7000 }],
    trainingSetSize: 7000,
    calibrationImages: 0,
    classifier: null,
  },
  arrays: {
    w_xy: { shape: [1, 3], data: Float32Array.of(0.1, -0, Number.NaN) },
    odd: { shape: [3], data: Uint8Array.of(1, 2, 3) },
    counts: { shape: [2, 1], data: Int32Array.of(-5, 7) },
    nothing: { shape: [0], data: new Float64Array(0) },
  },
};

describe('network message', () => {
  it('loses nothing, infinities and types of elements included', () => {
    expect(unpackNetwork(packNetwork(example).buffer)).toEqual(example);
  });

  it('notices what is no message, and what is cut off anywhere', () => {
    const { buffer } = packNetwork(example);
    const noMessage = expect.objectContaining({ code: 'DATA_CORRUPT' });
    expect(() => unpackNetwork(new ArrayBuffer(0))).toThrow(noMessage);
    expect(() => unpackNetwork(new ArrayBuffer(100))).toThrow('expected the beginning "LCNM"');
    expect(() => unpackNetwork(buffer.slice(0, 60))).toThrow(/expected a head of \d+ bytes/);
    expect(() => unpackNetwork(buffer.slice(0, -8))).toThrow('expected 2 elements of counts');
  });

  it('refuses a network that is none of spikes', () => {
    expect(() => readStoredSnn({ ...example, parameters: { network_type: 'NNMF' } })).toThrow(
      'network "Grün": unknown network type "NNMF"',
    );
  });
});

describe.each([
  ['LC_SNN', () => new LC_SNN({ nFilters: 6, timeMax: 100, seed: 3, dataset: 'mnist-10k' })],
  [
    'LC_SNN with trained competition',
    () =>
      new LC_SNN({
        nFilters: 6,
        timeMax: 100,
        seed: 3,
        dataset: 'mnist-10k',
        cL: true,
        APos: -0.05,
        ANeg: -1.6,
      }),
  ],
  ['C_SNN', () => new C_SNN({ nFilters: 6, timeMax: 100, seed: 3, dataset: 'mnist-10k' })],
  ['FC_SNN', () => new FC_SNN({ nFilters: 6, timeMax: 100, seed: 3, dataset: 'mnist-10k' })],
])('%s out of a message', (_, make) => {
  it('gives the spikes and predictions of the network it was, image after image', async () => {
    const network = make();
    await network.train({ nIter: 20 });
    await network.calibrate({ images: 40 });
    const record = { name: network.name, ...network.toRecord() };
    const frozen = new FrozenSnn(readStoredSnn(unpackNetwork(packNetwork(record).buffer)), {
      engine: 'wasm',
      threads: 1,
    });
    for (const label of [3, 8, 3]) {
      const fed = await network.feedLabel(label, { index: 1 });
      const { test } = await network.loadData();
      const item = [...test.labels.keys()].filter((image) => test.labels[image] === label)[1];
      const answer = await frozen.answer(fed.image, item);
      expect(answer.counts).toEqual(fed.counts);
      expect(answer.counts.some((count) => count > 0)).toBe(true);
      expect(Object.fromEntries(answer.opinions.map(({ method, label }) => [method, label]))).toEqual(
        fed.predictions,
      );
      for (const { label, scores } of answer.opinions) {
        expect(scores[label]).toBe(Math.max(...scores));
        expect(scores.length).toBe(10);
      }
    }
    await expect(frozen.answer(new Uint8Array(9))).rejects.toThrow('answer: expected 20 × 20 bytes, got 9');
    frozen.dispose();
    network.dispose();
  });
});
