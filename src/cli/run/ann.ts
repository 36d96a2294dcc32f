/** Runs `locus ann`: ReLU networks without biases. */
import { parseArchitecture } from '../../kinds/relu/architecture.js';
import { loadReluNetwork, reluType, toReluRecord } from '../../kinds/relu/relu-record.js';
import { evaluateRelu, formatReluEpoch, ReluTraining } from '../../kinds/relu/relu-training.js';
import { loadDataset } from '../../datasets/index.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { networkName, openStore, type Parameters, withStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { chooseData } from './choose-data.js';
import { formatAccuracy } from './format-accuracy.js';
import { allTrainingImages, takeFirst } from './take-images.js';
import { trainEpochs } from './train-epochs.js';

export interface AnnTrainArguments {
  readonly network?: string;
  readonly dropout?: number;
  readonly inputDropout?: number;
  readonly seed?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly optimizer?: 'adam' | 'sgd';
  readonly rate?: number;
  readonly rateDecay?: number;
  readonly momentum?: number;
  readonly shift?: number;
  readonly train?: number;
  readonly test?: number;
  readonly resume?: boolean;
  readonly name?: string;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly threads?: number;
}

export interface AnnEvalArguments {
  readonly name: string;
  readonly test?: number;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly threads?: number;
}

export async function runAnnTrain(args: AnnTrainArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const architecture = parseArchitecture(args.network ?? '784-1200-1200-10');
  const data = await chooseData(args, context);
  const dataset = await loadDataset(data, { dataDir: args.dataDir });
  const train = takeFirst(allTrainingImages(dataset), args.train);
  const test = takeFirst(dataset.test, args.test);
  const { dropout = 0.5, inputDropout = 0, seed = 0, batchSize = 100, optimizer = 'adam' } = args;
  const { rateDecay = 0.75, momentum = 0.5, rate = optimizer === 'adam' ? 0.001 : 0.1, shift = 0 } = args;
  const parameters: Parameters = {
    network_type: reluType,
    dataset: data,
    architecture: architecture.notation,
    dropout,
    input_dropout: inputDropout,
    optimizer,
    rate,
    rate_decay: rateDecay,
    momentum: optimizer === 'sgd' ? momentum : null,
    batch_size: batchSize,
    shift,
    n_train: train.count,
    seed,
  };
  const training = new ReluTraining({
    architecture,
    dropout,
    inputDropout,
    seed,
    batchSize,
    optimizer,
    rate,
    rateDecay,
    momentum,
    shift,
  });
  context.note(String(training.network));
  const key = `${reluType} ${networkName(parameters)}`;
  const store = openStore(args.db);
  try {
    await trainEpochs(
      training,
      {
        train,
        test,
        epochs: args.epochs ?? 10,
        resume: args.resume,
        store,
        key,
        identity: { parameters, datasetHash: dataset.hash },
        format: formatReluEpoch,
      },
      context,
    );
    const accuracy = training.history.at(-1)?.testCorrect ?? 0;
    const identity = {
      parameters: { ...parameters, n_epochs: training.history.length },
      datasetHash: dataset.hash,
    };
    const record = toReluRecord(
      training.network,
      identity,
      { accuracy, nIter: test.count },
      { name: args.name, history: training.history },
    );
    const name = store.save(record, { overwrite: true });
    context.report(
      { name, nParameters: record.nParameters, score: record.scores, history: training.history },
      () =>
        [
          `Stored as ${name}: ${record.nParameters} weights, ${training.history.length} epochs`,
          `Test: ${(accuracy * 100).toFixed(2)} % of ${test.count} images`,
        ].join('\n'),
    );
  } finally {
    store.close();
  }
}

export async function runAnnEval(args: AnnEvalArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const record = withStore(args.db, (store) => store.load(args.name), { readonly: true });
  const { network, architecture } = loadReluNetwork(record);
  const data = args.data ?? String(record.parameters.dataset ?? (await chooseData(args, context)));
  const { test: all } = await loadDataset(data, { dataDir: args.dataDir });
  const test = takeFirst(all, args.test);
  const progress = context.progress('testing');
  const accuracy = await evaluateRelu(network, architecture, test, {
    signal: context.signal,
    onProgress: progress.update,
  });
  progress.stop();
  context.report(
    { name: record.name, accuracy, nIter: test.count },
    () => `${formatAccuracy(accuracy, test.count)} of ${data}`,
  );
}
