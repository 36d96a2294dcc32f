/** Spike-by-Spike networks by their configuration file. */
import './kind.js';
export { parseSbsConfig, type SbsConfig } from './sbs-config.js';
export { loadSbsFiles, overloadSbsFiles, saveSbsFiles, type SbsFolders } from './sbs-files.js';
export { makeSbsNetwork, type SbsNetwork } from './sbs-network.js';
export { type SbsStep, SbsTraining, type SbsTrainingState } from './sbs-training.js';
