/** What the kinds of deep networks share. */
export type { TrainingEntry } from './deep-model.js';
export type { TrainingState } from './training-state.js';
export {
  type ClassifyOptions,
  LayeredNetwork,
  type LayeredOptions,
  type RobustnessOptions,
} from './layered-network.js';
export { layeredTypes, loadLayeredNetwork } from './load-layered-network.js';
