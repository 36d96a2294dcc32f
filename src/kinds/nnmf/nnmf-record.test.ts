/** NNMF networks as the database keeps them. */
import { describe, expect, it } from 'vitest';
import { publishNnmf, readNnmfOptions, toImportedRecord } from './nnmf-record.js';
import { NnmfTraining } from './nnmf-training.js';

describe('toImportedRecord', () => {
  it('tells networks of one structure apart that come from files of one name', () => {
    const structure = publishNnmf('mnist-10k', {});
    // Weights as two files may hold them: another seed draws others.
    const [first, again, second] = [0, 0, 1].map((seed) => {
      const training = new NnmfTraining({ ...readNnmfOptions(structure), seed });
      return toImportedRecord(training, structure, `folder ${seed}/network.pt`);
    });
    expect(first.parameters).toMatchObject({ imported_from: 'network.pt', weights_hash: first.stateHash });
    expect(second.stateHash).not.toBe(first.stateHash);
    expect(second.parameters).toEqual({ ...first.parameters, weights_hash: second.stateHash });
    expect(again.parameters).toEqual(first.parameters);
  });
});
