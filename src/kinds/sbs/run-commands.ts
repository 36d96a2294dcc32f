/** Runs `locus sbs eval`. */
import type { CommandContext } from '../../cli/context.js';
import { formatAccuracy } from '../../cli/run/format-accuracy.js';
import { takeFirst } from '../../datasets/take-images.js';
import { LocusError } from '../../errors.js';
import { readStore } from '../../store/index.js';
import { loadSbsData, readSbsConfig, type SbsOptions } from './kind.js';
import { findLastSbsStep, foldersOf, loadSbsFiles } from './sbs-files.js';
import { loadSbsArrays } from './sbs-record.js';
import { watchSbsTest } from './sbs-run.js';
import { readSbsRecord } from './sbs-shape.js';
import { SbsTraining } from './sbs-training.js';

export interface SbsEvalArguments extends SbsOptions {
  readonly step?: number;
  readonly network?: string;
  readonly db?: string;
}

export async function runSbsEval(args: SbsEvalArguments, context: CommandContext): Promise<void> {
  const config = readSbsConfig(args);
  const dataset = await loadSbsData(config, args);
  const training = new SbsTraining(config, dataset.train, args.seed);
  if (args.network === undefined) {
    const folders = foldersOf(config);
    const step = args.step ?? findLastSbsStep(folders);
    if (step === undefined) {
      const message = `sbs eval: expected files Weight_L*_S*.npy in ${folders.weights}, found none`;
      throw new LocusError('DATA_MISSING', message);
    }
    context.note(`Weights of ${loadSbsFiles(training.built, folders, step).join(', ')}`);
  } else {
    const { network: name } = args;
    const record = readStore(args.db, (store) => store.load(name));
    loadSbsArrays(training.built, readSbsRecord(record).arrays);
  }
  const test = takeFirst(dataset.test, args.test);
  const accuracy = await watchSbsTest(context, config.batch_size, (options) => training.test(test, options));
  context.report({ accuracy, nIter: test.count }, () => formatAccuracy(accuracy, test.count));
}
