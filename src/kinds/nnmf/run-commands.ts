/** Runs `locus nnmf`: structure, test and import of NNMF networks. */
import { readFileSync } from 'node:fs';
import type { CommandContext } from '../../cli/context.js';
import { formatAccuracy } from '../../cli/run/format-accuracy.js';
import { loadDataset } from '../../datasets/index.js';
import { takeFirst } from '../../datasets/take-images.js';
import { LocusError } from '../../errors.js';
import { readStateDict } from '../../formats/state-dict.js';
import { isFile } from '../../node/is-file.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { loadStateDict } from '../../layers/load-state-dict.js';
import { checkNetworkType, readStore, withStore } from '../../store/index.js';
import { checkNetworkRecord } from '../check-record.js';
import { loadWeights } from '../layered/network-weights.js';
import { saveNetwork } from '../save-network.js';
import { nnmfKind, type NnmfStructureOptions, publishStructure } from './kind.js';
import { countNnmfParameters, describeNnmfNetwork, makeNnmfNetwork } from './nnmf-network.js';
import { nnmfRecordShape, nnmfType, readNnmfOptions, toImportedRecord } from './nnmf-record.js';
import { evaluateNnmf, NnmfTraining } from './nnmf-training.js';

export interface NnmfImportArguments extends NnmfStructureOptions {
  readonly file: string;
  readonly name?: string;
  readonly overwrite?: boolean;
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

export async function runNnmfInfo(args: NnmfStructureOptions, context: CommandContext): Promise<void> {
  const data = args.dataset ?? 'cifar10';
  const built = makeNnmfNetwork(readNnmfOptions(publishStructure(data, args)));
  context.report(
    { data, structure: String(built.network).split('\n'), parameters: countNnmfParameters(built.groups) },
    () => describeNnmfNetwork(built),
  );
}

export async function runNnmfEval(args: NnmfEvalArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const record = readStore(args.db, (store) => store.load(args.name));
  checkNetworkType(record, nnmfType);
  const { parameters, arrays } = checkNetworkRecord(nnmfRecordShape, record);
  const { dataset: data, options, batchSize } = parameters;
  const built = makeNnmfNetwork(options);
  loadWeights(built.network, arrays);
  const dataset = await loadDataset(data, { dataDir: args.dataDir });
  const test = takeFirst(dataset.test, args.test);
  const progress = context.progress('testing');
  const accuracy = await evaluateNnmf(built, test, {
    inputSize: options.inputSize,
    batchSize: args.batchSize ?? batchSize,
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
  if (!isFile(args.file)) {
    throw new LocusError('DATA_MISSING', `nnmf import: expected a state_dict, found no ${args.file}`);
  }
  const data = args.dataset ?? 'cifar10';
  const structure = publishStructure(data, args);
  const training = new NnmfTraining(readNnmfOptions(structure));
  loadStateDict(training.built.network, readStateDict(readFileSync(args.file), args.file), args.file);
  const { name: wanted, overwrite } = args;
  const record = toImportedRecord(training, structure, args.file, wanted);
  const name = withStore(args.db, (store) => saveNetwork(store, nnmfKind, record, { overwrite }));
  context.report(
    { name, nParameters: record.nParameters },
    () => `Stored as ${name}: ${record.nParameters} parameters`,
  );
}
