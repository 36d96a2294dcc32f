/** Runs `locus nnmf`: the deep network of NNMF layers. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadDataset } from '../../datasets/index.js';
import { LocusError } from '../../errors.js';
import { readStateDict } from '../../formats/state-dict.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { loadStateDict } from '../../layers/load-state-dict.js';
import { loadWeights } from '../../kinds/layered/network-weights.js';
import { countNnmfParameters, describeNnmfNetwork, makeNnmfNetwork } from '../../kinds/nnmf/nnmf-network.js';
import { nnmfType, publishNnmf, readNnmfOptions, toNnmfRecord } from '../../kinds/nnmf/nnmf-record.js';
import { evaluateNnmf, formatEpoch, nnmfRates, NnmfTraining } from '../../kinds/nnmf/nnmf-training.js';
import type { PositiveFunctionType } from '../../layers/positive-function.js';
import { checkNetworkType, networkName, openStore, type Parameters, withStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { UsageError } from '../usage-error.js';
import { chooseData } from './choose-data.js';
import { formatAccuracy } from './format-accuracy.js';
import { takeFirst } from './take-images.js';
import { trainEpochs } from './train-epochs.js';

export interface NnmfStructureArguments {
  readonly data?: string;
  readonly dataDir?: string;
  readonly iterations?: number;
  readonly epsilon?: number;
  readonly positiveFunction?: number;
  readonly beta?: number;
  readonly localLearning?: boolean;
  readonly localLearningKl?: boolean;
  readonly mlpEquivalent?: boolean;
  readonly seed?: number;
  readonly threads?: number;
}

export interface NnmfTrainArguments extends NnmfStructureArguments {
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lossMode?: number;
  readonly rates?: readonly number[];
  readonly rateDecay?: number;
  readonly train?: number;
  readonly test?: number;
  readonly resume?: boolean;
  readonly name?: string;
  readonly db?: string;
}

export interface NnmfImportArguments extends NnmfStructureArguments {
  readonly file: string;
  readonly name?: string;
  readonly db?: string;
}

export interface NnmfEvalArguments {
  readonly name: string;
  readonly dataDir?: string;
  readonly batchSize?: number;
  readonly test?: number;
  readonly db?: string;
  readonly threads?: number;
}

const defaultRates = Object.values(nnmfRates);

export async function runNnmfInfo(args: NnmfStructureArguments, context: CommandContext): Promise<void> {
  const data = args.data ?? 'cifar10';
  const built = makeNnmfNetwork(readNnmfOptions(publish(data, args)));
  context.report(
    { data, structure: String(built.network).split('\n'), parameters: countNnmfParameters(built.groups) },
    () => describeNnmfNetwork(built),
  );
}

export async function runNnmfTrain(args: NnmfTrainArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const data = await chooseData(args, context);
  const structure = publish(data, args);
  const dataset = await loadDataset(data, { dataDir: args.dataDir });
  const train = takeFirst(dataset.train, args.train);
  const test = takeFirst(dataset.test, args.test);
  const rates = readRates(args.rates);
  const base: Parameters = {
    ...structure,
    batch_size: args.batchSize ?? 50,
    loss_mode: args.lossMode ?? 0,
    rates: args.rates ?? defaultRates,
    rate_decay: args.rateDecay ?? 1,
    n_train: train.count,
  };
  const training = new NnmfTraining({
    ...readNnmfOptions(structure),
    batchSize: args.batchSize,
    lossMode: args.lossMode as 0 | 1 | undefined,
    rates,
    rateDecay: args.rateDecay,
  });
  context.note(describeNnmfNetwork(training.built));
  const key = `${nnmfType} ${networkName(base)}`;
  const store = openStore(args.db);
  try {
    await trainEpochs(
      training,
      {
        train,
        test,
        epochs: args.epochs ?? 500,
        resume: args.resume,
        store,
        key,
        identity: { parameters: base, datasetHash: dataset.hash },
        format: (epoch) => `\n${formatEpoch(epoch)}`,
      },
      context,
    );
    const parameters = { ...base, n_epochs: training.history.length };
    const record = toNnmfRecord(training, { parameters, datasetHash: dataset.hash }, test.count, args.name);
    // Its checkpoint stays until the training has come to its end, so that more epochs can follow.
    const finishes = training.isFinished ? key : undefined;
    const name = store.save(record, { overwrite: true, finishes });
    context.report(
      { name, nParameters: record.nParameters, score: record.scores, history: training.history },
      () =>
        [
          `Stored as ${name}: ${record.nParameters} parameters, ${training.history.length} epochs`,
          `Test: ${((record.scores.output?.accuracy ?? 0) * 100).toFixed(2)} % of ${test.count} images`,
        ].join('\n'),
    );
  } finally {
    store.close();
  }
}

export async function runNnmfEval(args: NnmfEvalArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const record = withStore(args.db, (store) => store.load(args.name), { readonly: true });
  checkNetworkType(record, nnmfType);
  const { parameters } = record;
  const data = String(parameters.dataset);
  const options = readNnmfOptions(parameters);
  const built = makeNnmfNetwork(options);
  loadWeights(built.network, record);
  const dataset = await loadDataset(data, { dataDir: args.dataDir });
  const test = takeFirst(dataset.test, args.test);
  const progress = context.progress('testing');
  const accuracy = await evaluateNnmf(built, test, {
    inputSize: options.inputSize,
    batchSize: args.batchSize ?? Number(parameters.batch_size),
    signal: context.signal,
    onProgress: progress.update,
  }).finally(progress.stop);
  context.report(
    { name: record.name, accuracy, nIter: test.count },
    () => `${formatAccuracy(accuracy, test.count)} of ${data}`,
  );
}

/** Stores a network that PyTorch has trained, from its `state_dict`. */
export async function runNnmfImport(args: NnmfImportArguments, context: CommandContext): Promise<void> {
  if (!existsSync(args.file)) {
    throw new LocusError('DATA_MISSING', `nnmf import: expected a state_dict, found no ${args.file}`);
  }
  const data = args.data ?? 'cifar10';
  const structure = publish(data, args);
  const training = new NnmfTraining(readNnmfOptions(structure));
  loadStateDict(training.built.network, readStateDict(readFileSync(args.file), args.file), args.file);
  const parameters = { ...structure, batch_size: training.batchSize, imported_from: basename(args.file) };
  const record = toNnmfRecord(training, { parameters, datasetHash: null }, 0, args.name);
  const name = withStore(args.db, (store) => store.save(record));
  context.report(
    { name, nParameters: record.nParameters },
    () => `Stored as ${name}: ${record.nParameters} parameters`,
  );
}

function publish(data: string, { positiveFunction, ...args }: NnmfStructureArguments): Parameters {
  return publishNnmf(data, { ...args, positiveFunctionType: positiveFunction as PositiveFunctionType });
}

function readRates(rates: readonly number[] = defaultRates) {
  if (rates.length !== 3) throw new UsageError(`expected three rates, got ${rates.join(',')}`);
  const [cnnTop, nnmf, batchNorm2d] = rates;
  return { cnnTop, nnmf, batchNorm2d };
}
