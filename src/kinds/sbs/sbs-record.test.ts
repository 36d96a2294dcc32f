/** What enters the name of a Spike-by-Spike network. */
import { expect, it } from 'vitest';
import { sbsConfigText } from '../../../test/support/sbs-config.js';
import { networkName } from '../../store/index.js';
import { parseSbsConfig } from './sbs-config.js';
import { publishSbs } from './sbs-record.js';

const run = { dataset: 'mnist', datasetHash: 'a0', seed: 1, nTrain: 100 };
const nameOf = (change: Partial<typeof run & { startedFrom: string }>, text = sbsConfigText) =>
  networkName(publishSbs(parseSbsConfig(text, 'net.json5'), { ...run, ...change }));

it('data, seed, and the weights that the training began with tell networks apart', () => {
  const changes = [
    {},
    { dataset: 'digits' },
    { datasetHash: 'b1' },
    { seed: 2 },
    { nTrain: 99 },
    { startedFrom: 'step 1 of weights c2' },
    { startedFrom: 'step 2 of weights c2' },
  ];
  expect(new Set(changes.map((change) => nameOf(change))).size).toBe(changes.length);
});

it('of the configuration, what an update does enters, and what only tells when to test does not', () => {
  expect(nameOf({}, sbsConfigText.replace('batch_size: 20', 'batch_size: 10'))).not.toBe(nameOf({}));
  const seldom = sbsConfigText.replace('test_every_x_learning_steps: 2', 'test_every_x_learning_steps: 9');
  expect(nameOf({}, seldom)).toBe(nameOf({}));
});
