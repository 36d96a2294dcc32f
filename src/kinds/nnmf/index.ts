/** The deep network of NNMF layers. */
import './kind.js';
export {
  countNnmfParameters,
  describeNnmfNetwork,
  makeNnmfNetwork,
  type NnmfGroups,
  nnmfInputs,
  type NnmfNetwork,
  type NnmfNetworkOptions,
} from './nnmf-network.js';
export {
  type EpochResult,
  evaluateNnmf,
  type EvaluationOptions,
  formatEpoch,
  NnmfTraining,
  type NnmfTrainingOptions,
  type NnmfTrainingState,
} from './nnmf-training.js';
