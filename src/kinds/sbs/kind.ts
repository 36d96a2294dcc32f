/** Spike-by-Spike networks by their configuration file, trained an update at a time. */
import { readFileSync } from 'node:fs';
import type { ImageSet } from '../../datasets/image-set.js';
import { type Dataset, loadDataset } from '../../datasets/index.js';
import { takeFirst } from '../../datasets/take-images.js';
import { LocusError } from '../../errors.js';
import { isFile } from '../../node/is-file.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { count, filledText, readOptions, required, type Schema } from '../../options.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { setFields, whereFields } from '../run-fields.js';
import { continuesBy } from '../layered/epoch-run.js';
import { LayeredNetwork } from '../layered/layered-network.js';
import { parseSbsConfig, type SbsConfig } from './sbs-config.js';
import { readSbsModel } from './sbs-model.js';
import { findSbsDataset, listSbsModes } from './sbs-modes.js';
import { sbsType } from './sbs-record.js';
import { SbsRun } from './sbs-run.js';
import { sbsCheckpointShape, sbsRecordShape } from './sbs-shape.js';
import { SbsTraining } from './sbs-training.js';

/** The data and the threads of a Spike-by-Spike network. */
export interface SbsOptions {
  /** Configuration file (JSON, comments allowed). */
  readonly config: string;
  readonly dataDir?: string;
  /** Default: 0. */
  readonly seed?: number;
  /** Test images, from the first. Default: all. */
  readonly test?: number;
  readonly threads?: number;
}

/** How a Spike-by-Spike network is trained by the life cycle. */
export interface SbsRunOptions extends SbsOptions {
  /** Updates in all. Default: `learning_step_max`. */
  readonly steps?: number;
  /** Training images, from the first. Default: all. */
  readonly train?: number;
  readonly database?: string;
}

const { dataDir, database, threads } = whereFields;

const runSchema: Schema<SbsRunOptions> = {
  ...setFields,
  dataDir,
  database,
  threads,
  config: required(filledText),
  steps: count({ unit: 'updates' }),
};

export const sbsKind: Kind = defineKind({
  types: [sbsType],
  figures: 'layered',
  record: sbsRecordShape,
  checkpoint: sbsCheckpointShape,
  continues: (stored, next) => continuesBy('n_steps', stored.parameters, next.parameters),
  open: (record, options) => new LayeredNetwork(record, readSbsModel(record), options),
  async begin(type, options, watch) {
    const given = readOptions(type, runSchema, options);
    const config = readSbsConfig(given);
    const dataset = await loadSbsData(config, given);
    const train = takeFirst(dataset.train, given.train);
    const test: ImageSet = takeFirst(dataset.test, given.test);
    const training = new SbsTraining(config, train, given.seed);
    const run = new SbsRun({
      kind: sbsKind,
      training,
      dataset,
      train,
      test,
      seed: given.seed ?? 0,
      steps: given.steps,
    });
    run.begin(watch);
    return run;
  },
});

/** Reads the configuration file, and sets as many threads as it or the options ask for. */
export function readSbsConfig({ config: path, threads }: SbsOptions): SbsConfig {
  if (!isFile(path)) {
    throw new LocusError('DATA_MISSING', `sbs: expected a configuration file, found no ${path}`);
  }
  const config = parseSbsConfig(readFileSync(path, 'utf8'), path);
  const wanted = threads ?? config.number_of_cpu_processes;
  if (wanted > 0) setLayerThreads(wanted);
  return config;
}

/** The data set that the configuration names, from the folder that the options or the configuration name. */
export async function loadSbsData(
  config: SbsConfig,
  { config: path, dataDir }: SbsOptions,
): Promise<Dataset> {
  const source = findSbsDataset(config.data_mode);
  if (!source) {
    const modes = listSbsModes().join(', ');
    throw new LocusError('INVALID_ARGUMENT', `${path}: data_mode: expected one of ${modes}`);
  }
  const given = config.data_path === './' ? undefined : config.data_path;
  return loadDataset(source.name, { dataDir: dataDir ?? given });
}
