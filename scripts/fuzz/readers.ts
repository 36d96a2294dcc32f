/** All readers that are fuzzed; a new one is a file here and a name in this list. */
import { npy, npz } from './arrays.js';
import { cifar, idxImageFiles, idxLabelFiles } from './data-sets.js';
import { jpeg, png } from './pictures.js';
import { definitions } from './definitions.js';
import type { FuzzedReader } from './reader.js';
import { storedNetworks } from './records.js';
import { sbsConfig } from './sbs-config.js';
import { legacyTorch, stateDict } from './torch.js';

export const readers: readonly FuzzedReader[] = [
  idxImageFiles,
  idxLabelFiles,
  npy,
  npz,
  png,
  jpeg,
  legacyTorch,
  stateDict,
  cifar,
  sbsConfig,
  ...storedNetworks,
  ...definitions,
];
