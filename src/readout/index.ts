/** The readout: from spike counts to classes, and how good they are. */
export {
  assignLabels,
  type AssignmentMethod,
  assignmentMethods,
  type AssignOptions,
  type LabelAssignment,
  predictByAssignment,
} from './assign-labels.js';
export { calibrateVotes } from './calibrate-votes.js';
export { type Labels, pickLabels, type Predictions } from './class-numbers.js';
export type { Validation } from './choose-regularization.js';
export { computeOutputs, predictByClassifier, type LinearClassifier } from './linear-classifier.js';
export { countNgrams, type NgramOptions, type NgramScores, predictByNgrams } from './ngrams.js';
export { type LabelScores, predictByVotes, tallyVotes, type VotingOptions } from './predict-by-votes.js';
export {
  type FitOptions,
  type FittedMethod,
  fittedMethods,
  Readout,
  type ReadoutInput,
  type ReadoutJson,
  type ReadoutScore,
} from './readout.js';
export { readoutMethods, votingMethods, type ReadoutMethod, type VotingMethod } from './readout-methods.js';
export { accuracyPerLabel, confusionMatrix, scorePredictions, type Score } from './score-predictions.js';
export { packSpikeCounts, sliceSpikeCounts, SpikeCountsBuilder, type SpikeCounts } from './spike-counts.js';
export {
  trainLinearClassifier,
  trainLinearClassifierInParts,
  type LinearClassifierOptions,
  type TrainedLinearClassifier,
  type TrainingReport,
} from './train-linear-classifier.js';
export {
  describeHealth,
  type HealthNumbers,
  type HealthQuery,
  trainingHealth,
  type TrainingHealth,
} from './training-health.js';
