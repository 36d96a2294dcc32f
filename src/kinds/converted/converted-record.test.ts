/** What the database keeps of a converted network and its answers. */
import { expect, it } from 'vitest';
import { makeReluNetwork, parseArchitecture } from '../relu/architecture.js';
import { convert } from './convert.js';
import { toConvertedRecord } from './converted-record.js';

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
