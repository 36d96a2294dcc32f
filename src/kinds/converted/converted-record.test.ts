/** What the database keeps of a converted network and its answers. */
import { expect, it } from 'vitest';
import type { Checkpoint } from '../../store/index.js';
import { makeReluNetwork, parseArchitecture } from '../relu/architecture.js';
import { convert } from './convert.js';
import { toConvertedRecord, toTallyCheckpoint } from './converted-record.js';
import { readTallyCheckpoint } from './converted-shape.js';
import { SpikeTally } from './spike-tally.js';

it('the score is that of the last readout, with its error; the network goes back to its ReLU network', () => {
  const ann = makeReluNetwork(parseArchitecture('2-4-3'), { seed: 1 });
  const snn = convert(ann, { normalization: 'none', inputShape: [2, 1, 1] });
  const result = {
    images: 4,
    times: Float64Array.of(1, 2, 3),
    accuracy: Float64Array.of(0.25, 1, 0.75),
    spikesPerImage: 9,
    spikesByLayer: { input: 5, dense1: 3, output: 1 },
    predictions: Uint8Array.of(0, 1, 2, 0),
  };
  const parameters = { network_type: 'ReLU_SNN' };
  const record = toConvertedRecord(snn, result, { parameters, datasetHash: 'a0' }, { parent: 'relu' });
  expect(record).toMatchObject({
    parameters,
    datasetHash: 'a0',
    parent: 'relu',
    nParameters: 2 * 4 + 4 * 3,
    nOutput: 3,
    scores: { output: { accuracy: 0.75, error: Math.sqrt((0.75 * 0.25) / 4), nIter: 4 } },
  });
  expect(record.arrays.accuracy.data).toEqual(result.accuracy);
});

it.each([
  [256, Uint8Array],
  [257, Uint16Array],
])('a checkpoint of %d classes comes back with its predictions', (nClasses, type) => {
  const run = { input: 'constant', max_rate: 1000, duration: 1, dt: 1, seed: 0 };
  const network = {
    network_type: 'ReLU_SNN',
    architecture: `2-${nClasses}`,
    ann_hash: 'b1',
    dataset: 'mnist',
  };
  const parameters = { ...network, threshold: 1, reset: 'subtract', ...run };
  const layers = ['input', 'output'];
  const tally = new SpikeTally({ nImages: 2, times: Float64Array.of(1), layers, nClasses });
  const counts = new Uint16Array(nClasses);
  counts[nClasses - 1] = 1;
  tally.addCounts(counts, [nClasses - 1], 0);
  const checkpoint = toTallyCheckpoint(tally.save(), { parameters, datasetHash: 'a0' });
  const state = readTallyCheckpoint(checkpoint as Checkpoint);
  expect(state).toEqual(tally.save());
  expect(state.predictions).toEqual(type.of(nClasses - 1, 0));
});
