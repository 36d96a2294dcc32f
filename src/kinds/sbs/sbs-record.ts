/** A Spike-by-Spike network as the database keeps it, and back. */
import { scoreOf } from '../../readout/score-predictions.js';
import { type NetworkInput, type Parameters, type StoredArray, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { identifyData } from '../data-identity.js';
import type { WeightShapes } from '../layered/network-weights.js';
import type { CheckedArrays } from '../record-shape.js';
import type { SbsConfig } from './sbs-config.js';
import type { SbsNetwork } from './sbs-network.js';
import type { SbsTraining } from './sbs-training.js';

export const sbsType = 'SBS';

/** Keys of the configuration that change nothing in what an update does. */
const unpublished = new Set([
  'data_mode',
  'data_path',
  'weight_path',
  'eps_xy_path',
  'overload_path',
  'number_of_cpu_processes',
  'learning_step',
  'learning_step_max',
  'learning_active',
  'test_every_x_learning_steps',
  'test_during_learning',
]);

/** Where and on what a network was trained. */
export interface SbsRun {
  readonly dataset: string;
  readonly datasetHash: string;
  readonly seed: number;
  readonly nTrain: number;
  /** What the training began with, by `describeSbsStart`, where that was not a new network. */
  readonly startedFrom?: string;
  /** Share of correct test images and their number; null: not tested. */
  readonly test: { readonly accuracy: number; readonly nIter: number } | null;
}

/** Weights and epsilon by layer, the configuration and the history. */
export function toSbsRecord(training: SbsTraining, run: SbsRun, name?: string): NetworkInput {
  const { config, built, step, history } = training;
  const arrays = sbsArrays(built);
  const { test } = run;
  return {
    ...(name === undefined ? {} : { name }),
    parameters: { ...publishSbs(config, run), n_steps: step },
    nParameters: Object.values(arrays).reduce((sum, { data }) => sum + data.length, 0),
    nOutput: config.network_structure.number_of_output_neurons,
    datasetHash: run.datasetHash,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores: test ? { output: scoreOf(test.accuracy, test.nIter) } : {},
    arrays,
    meta: { config, history },
  };
}

/**
 * The weights out of files that a training begins with, and the number of its first update: the optimiser begins with them, so
 * that the network becomes another one than by an unbroken training.
 */
export function describeSbsStart({ built, step }: Pick<SbsTraining, 'built' | 'step'>): string {
  return `step ${step} of weights ${stateHash(sbsArrays(built))}`;
}

function sbsArrays({ sbsLayers }: SbsNetwork): Record<string, StoredArray> {
  return Object.fromEntries(
    [...sbsLayers].flatMap(([index, layer]): [string, StoredArray][] => [
      [`weights_${index}`, layer.weights],
      [`epsilon_xy_${index}`, layer.epsilonXy],
    ]),
  );
}

/** Puts the arrays of a record into a network of the same structure. Errors: `INVALID_ARGUMENT` for another one. */
export function loadSbsArrays({ sbsLayers }: SbsNetwork, arrays: CheckedArrays<WeightShapes>): void {
  for (const [index, layer] of sbsLayers) {
    layer.weights = arrays[`weights_${index}`];
    layer.epsilonXy = arrays[`epsilon_xy_${index}`];
  }
}

/** A training under published names: the whole configuration but where files lie and how long and how often to train and test. */
export function publishSbs(config: SbsConfig, run: Omit<SbsRun, 'test'>): Parameters {
  return {
    network_type: sbsType,
    ...identifyData({ name: run.dataset, hash: run.datasetHash }),
    ...(run.startedFrom === undefined ? {} : { started_from: run.startedFrom }),
    seed: run.seed,
    n_train: run.nTrain,
    ...publishConfig(config),
  };
}

/** The published keys of a configuration, on one level. */
export function publishConfig(config: SbsConfig): Parameters {
  const { network_structure, learning_parameters, augmentation, image_statistics, ...rest } = config;
  const all = { ...rest, ...network_structure, ...learning_parameters, ...augmentation, ...image_statistics };
  const published = Object.entries(all).filter(
    ([name, value]) => !unpublished.has(name) && value !== undefined,
  );
  return Object.fromEntries(published) as Parameters;
}
