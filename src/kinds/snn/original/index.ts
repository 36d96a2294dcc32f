/** Import of the original program's trained networks, without running anything that their files contain. */
export { readLegacyTorchFile } from '../../../formats/legacy-torch.js';
export type { OriginalScore, ParameterValue } from './original-files.js';
export {
  type OriginalChanges,
  type OriginalConstants,
  type OriginalLearning,
  type OriginalNetwork,
  type OriginalTraces,
  readOriginalNetwork,
  type ReadOriginalOptions,
} from './original-network.js';
export type { OriginalShape } from './original-shape.js';
export { describeOutside, type OriginalCompetition, type OutsideWeights } from './original-weights.js';
export { readTensor } from '../../../formats/tensor.js';
export type * from '../../../formats/torch-value.js';
