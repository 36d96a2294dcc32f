/** Runs `locus ann eval`. */
import type { CommandContext } from '../../cli/context.js';
import { formatAccuracy } from '../../cli/run/format-accuracy.js';
import { chooseData } from '../../datasets/choose-data.js';
import { loadDataset } from '../../datasets/index.js';
import { takeFirst } from '../../datasets/take-images.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { readStore } from '../../store/index.js';
import { loadReluNetwork } from './relu-record.js';
import { evaluateRelu } from './relu-training.js';

export interface AnnEvalArguments {
  readonly name: string;
  readonly test?: number;
  readonly db?: string;
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly threads?: number;
}

export async function runAnnEval(args: AnnEvalArguments, context: CommandContext): Promise<void> {
  if (args.threads !== undefined) setLayerThreads(args.threads);
  const record = readStore(args.db, (store) => store.load(args.name));
  const { network, architecture } = loadReluNetwork(record);
  const data = args.dataset ?? String(record.parameters.dataset ?? (await chooseData(args, context)));
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
