/** The networks of the published table. */
import './kind.js';
export { C_SNN } from './c-snn.js';
export { FC_SNN } from './fc-snn.js';
export { type ImportOptions, importNetwork } from './original/import-network.js';
export {
  type ImportedNetworks,
  importNetworks,
  type ImportNetworksOptions,
  type RefusedNetwork,
} from './original/import-networks.js';
export { LC_SNN } from './lc-snn.js';
export { loadNetwork, resumeTraining, snnClasses } from './load-network.js';
export type { Origin } from './original/origin.js';
export {
  defaultParameters,
  type NetworkType,
  parseParameters,
  type SnnParameterName,
  type SnnParameters,
  snnParameterNames,
  snnParameterSpecs,
} from './parameters.js';
export { Snn } from './snn.js';
export { countParameters } from './snn-network.js';
export {
  bestAvgSpikes,
  type CompetitionBalance,
  type CompetitionDistribution,
  competitionDistribution,
} from './competition.js';
export type {
  AccuracyOptions,
  CalibrateOptions,
  Fed,
  FeedOptions,
  ContinueOptions,
  Progress,
  Recorded,
  SnnOptions,
  Trained,
  TrainOptions,
  TwoStepOptions,
} from './snn-options.js';
export type { LearnedImage, TrainingMoment, TrainingObserver } from '../../watch/training-observer.js';
export type { WatchOptions } from '../../watch/watch-training.js';
