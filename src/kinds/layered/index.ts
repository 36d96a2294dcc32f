/** What the kinds of deep networks share. */
export type { TrainingEntry } from './deep-model.js';
export type { TrainingState } from './training-state.js';
export {
  type ClassifyOptions,
  LayeredNetwork,
  type LayeredOptions,
  type LayeredType,
  layeredTypes,
  loadLayeredNetwork,
  type RobustnessOptions,
} from './layered-network.js';
