/** Fuzzes the readers of PyTorch's files, before version 1.6 and since. */
import { readLegacyTorchFile } from '../../src/formats/legacy-torch.js';
import { readStateDict } from '../../src/formats/state-dict.js';
import {
  dictionary,
  int,
  list,
  ndarray,
  dtype,
  no,
  raw,
  tensor,
  text,
  torchFile,
  yes,
} from '../../test/support/pickle-bytes.js';
import * as pickled from '../../test/support/pickle-bytes.js';
import { archive, orderedDictionary, storage } from '../../test/support/state-dict-bytes.js';
import type { FuzzedReader } from './reader.js';

const ramp = Float32Array.from({ length: 24 }, (_, i) => i);

export const legacyTorch: FuzzedReader = {
  name: 'legacy-torch',
  seeds: () => {
    const floats = pickled.storage('FloatStorage', 'k', 24);
    return [
      torchFile(tensor(floats, 0, [2, 3, 4], [12, 4, 1]), { k: ramp }),
      torchFile(list(tensor(floats, 5, [3, 2], [1, 4]), dictionary(text('n'), int(7))), { k: ramp }),
      torchFile(ndarray([2, 3], dtype('i2'), yes, raw(1, 0, 2, 0, 255, 255, 4, 0, 5, 0, 6, 0))),
      torchFile(ndarray([2], dtype('f8'), no, raw(...new Uint8Array(16)))),
    ];
  },
  read: (bytes) => readLegacyTorchFile(bytes, 'file.pt'),
};

export const stateDict: FuzzedReader = {
  name: 'state-dict',
  seeds: () => {
    const weight = tensor(storage('0', 4), 0, [2, 2], [1, 2]);
    const bias = tensor(storage('1', 3), 1, [2], [1]);
    const values = { 0: Float32Array.of(1, 2, 3, 4), 1: Float32Array.of(9, 5, 6) };
    return [archive(orderedDictionary(text('weight'), weight, text('bias'), bias), values)];
  },
  read: (bytes) => readStateDict(bytes, 'file.pt'),
};
