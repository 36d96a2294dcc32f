/** Runs `locus convert`: conversion of a ReLU network, its run on the simulator's engines, and both in the database. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import '../../node/engines.js';
import type { Architecture } from '../../kinds/relu/architecture.js';
import { convert } from '../../kinds/converted/convert.js';
import {
  convertedType,
  readTallyCheckpoint,
  toConvertedRecord,
  toTallyCheckpoint,
} from '../../kinds/converted/converted-record.js';
import type { ConvertedNetwork, SpikingRunOptions } from '../../kinds/converted/converted-network.js';
import type { LayerScale, Normalization } from '../../kinds/converted/normalize-layers.js';
import { readNpyNetwork } from '../../kinds/relu/npy-network.js';
import { loadReluNetwork, reluType, toReluRecord } from '../../kinds/relu/relu-record.js';
import { evaluateRelu } from '../../kinds/relu/relu-training.js';
import type { SpikingResult, SpikeTally } from '../../kinds/converted/spike-tally.js';
import { type Dataset, loadDataset } from '../../datasets/index.js';
import type { ImageSet } from '../../datasets/image-set.js';
import { LocusError } from '../../errors.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import type { Sequential } from '../../layers/sequential.js';
import { type NetworkStore, networkName, openStore, type Parameters } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { chooseData } from './choose-data.js';
import { describeInterruption } from './explain-interruption.js';
import { formatAccuracy } from './format-accuracy.js';
import { allTrainingImages, takeFirst } from './take-images.js';

export interface ConvertArguments {
  readonly ann?: string;
  readonly npy?: string;
  readonly network?: string;
  readonly normalization?: Normalization;
  readonly percentile?: number;
  readonly train?: number;
  readonly normalizeOutput?: boolean;
  readonly balance?: 'weights' | 'thresholds';
  readonly threshold?: number;
  readonly reset?: 'zero' | 'subtract';
  readonly input?: 'poisson' | 'constant';
  readonly maxRate?: number;
  readonly duration?: number;
  readonly dt?: number;
  readonly seed?: number;
  readonly test?: number;
  readonly resume?: boolean;
  readonly name?: string;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
}

/** A ReLU network, where it comes from, and how good it is. */
interface Source {
  readonly network: Sequential;
  readonly architecture: Architecture;
  readonly name: string;
  readonly stateHash: string;
  readonly accuracy: number;
}

export async function runConvert(args: ConvertArguments, context: CommandContext): Promise<void> {
  if ((args.ann === undefined) === (args.npy === undefined)) {
    const got = args.ann === undefined ? 'neither' : `${args.ann} and --npy ${String(args.npy)}`;
    throw new LocusError('INVALID_ARGUMENT', `convert: expected the name of a network or --npy, got ${got}`);
  }
  const threads = args.threads ?? availableParallelism();
  setLayerThreads(threads);
  const store = openStore(args.db);
  try {
    const known = args.ann === undefined ? undefined : store.load(args.ann);
    const data = args.data ?? known?.parameters.dataset ?? (await chooseData(args, context));
    const dataset = await loadDataset(String(data), { dataDir: args.dataDir });
    const test = takeFirst(dataset.test, args.test);
    const source = await findSource(args, store, dataset, test, context);
    context.note(`ReLU network: ${formatAccuracy(source.accuracy, test.count)}`);
    const train = takeFirst(allTrainingImages(dataset), args.train);
    const { normalization = 'data', percentile = 100, threshold = 1, reset = 'zero' } = args;
    const { balance = 'weights', normalizeOutput = true, input = 'poisson' } = args;
    const { maxRate = 1000, duration = 100, dt = 1, seed = 0 } = args;
    const snn = convert(source.network, {
      normalization,
      percentile,
      threshold,
      reset,
      balance,
      normalizeOutput,
      trainData: normalization === 'data' ? train : undefined,
      inputShape: source.architecture.inputShape,
    });
    context.note(describeScales(snn.scales));
    const parameters: Parameters = {
      network_type: convertedType,
      dataset: dataset.name,
      architecture: source.architecture.notation,
      ann_hash: source.stateHash,
      normalization,
      percentile,
      n_normalization: normalization === 'data' ? train.count : null,
      normalize_output: normalizeOutput,
      balance,
      threshold,
      reset,
      input,
      max_rate: maxRate,
      duration,
      dt,
      seed,
    };
    const identity = { parameters, datasetHash: dataset.hash };
    const options = { input, maxRate, duration, dt, seed, engine: args.engine, threads };
    const key = `${convertedType} ${networkName(parameters)} ${test.count}`;
    const tally = snn.makeTally(test.count, options);
    if (args.resume) resume(tally, store, key, context);
    const result = await runTally(snn, test, options, tally, context, () =>
      store.saveCheckpoint(key, toTallyCheckpoint(tally.save(), identity)),
    );
    const record = toConvertedRecord(snn, result, identity, { parent: source.name, name: args.name });
    const name = store.save(record, { overwrite: true, finishes: key });
    context.report(describeResult(name, source, snn, result), () => formatResult(name, source, result));
  } finally {
    store.close();
  }
}

async function findSource(
  args: ConvertArguments,
  store: NetworkStore,
  dataset: Dataset,
  test: ImageSet,
  context: CommandContext,
): Promise<Source> {
  const measure = async (network: Sequential, architecture: Architecture) => {
    const progress = context.progress('ReLU network');
    try {
      return await evaluateRelu(network, architecture, test, {
        signal: context.signal,
        onProgress: progress.update,
      });
    } finally {
      progress.stop();
    }
  };
  if (args.npy === undefined) {
    const record = store.load(args.ann as string);
    const { network, architecture } = loadReluNetwork(record);
    const { name, stateHash } = record;
    return { network, architecture, name, stateHash, accuracy: await measure(network, architecture) };
  }
  const { network, architecture } = readNpyNetwork(args.npy, args.network);
  const accuracy = await measure(network, architecture);
  const parameters = {
    network_type: reluType,
    dataset: dataset.name,
    architecture: architecture.notation,
    imported_from: basename(resolve(args.npy)),
  };
  const draft = toReluRecord(network, { parameters, datasetHash: null }, { accuracy, nIter: test.count });
  // Two folders of one name may hold different weights.
  const record = { ...draft, parameters: { ...parameters, weights_hash: draft.stateHash } };
  const name = store.save(record, { overwrite: true });
  context.note(`Stored the ReLU network as ${name}`);
  return { network, architecture, name, stateHash: record.stateHash, accuracy };
}

function resume(tally: SpikeTally, store: NetworkStore, key: string, context: CommandContext): void {
  const checkpoint = store.loadCheckpoint(key);
  if (checkpoint) tally.restore(readTallyCheckpoint(checkpoint.arrays, checkpoint.meta));
  context.note(checkpoint ? `Resuming after ${tally.done} images.` : 'There is no checkpoint of this run.');
}

async function runTally(
  snn: ConvertedNetwork,
  test: ImageSet,
  options: SpikingRunOptions,
  tally: SpikeTally,
  context: CommandContext,
  save: () => void,
): Promise<SpikingResult> {
  const progress = context.progress('spiking', { from: tally.done });
  try {
    const { signal } = context;
    const result = await snn.run(test, { ...options, signal, onProgress: progress.update }, tally);
    if (tally.done === test.count) return result;
  } finally {
    progress.stop();
  }
  save();
  const done = `${tally.done} of ${test.count} images`;
  throw new LocusError('INTERRUPTED', describeInterruption(done, context.commandWith('--resume')));
}

function describeScales(scales: readonly LayerScale[]): string {
  return scales
    .map(({ layer, factor, largestWeight, positiveSum, activation }) => {
      const measured = activation === null ? '' : `, largest activation ${activation.toPrecision(6)}`;
      const of = `largest weight ${largestWeight.toPrecision(4)}, positive sum ${positiveSum.toPrecision(6)}${measured}`;
      return `${layer}: divided by ${factor.toPrecision(6)} (${of})`;
    })
    .join('\n');
}

function describeResult(name: string, source: Source, snn: ConvertedNetwork, result: SpikingResult) {
  const { images, spikesPerImage, spikesByLayer } = result;
  return {
    name,
    ann: { name: source.name, accuracy: source.accuracy },
    images,
    scales: snn.scales,
    milliseconds: [...result.times],
    accuracy: [...result.accuracy],
    spikesPerImage,
    spikesByLayer,
  };
}

/** Readouts per line of the table. */
const perLine = 10;

function formatResult(name: string, source: Source, result: SpikingResult): string {
  const { times, accuracy, images, spikesPerImage, spikesByLayer } = result;
  const lines: string[] = [];
  for (let i = 0; i < times.length; i += perLine) {
    const until = Math.min(times.length, i + perLine);
    const cells = [...accuracy.subarray(i, until)].map((share) => (100 * share).toFixed(2).padStart(6));
    const range = `${trim(times[i])}–${trim(times[until - 1])}`;
    lines.push(`${range.padStart(9)} ms ${cells.join(' ')}`);
  }
  const byLayer = Object.entries(spikesByLayer).map(([layer, count]) => `${layer} ${Math.round(count)}`);
  return [
    'Accuracy [%] after every readout:',
    ...lines,
    `Spikes per image: ${Math.round(spikesPerImage)} (${byLayer.join(', ')})`,
    `ReLU network ${percent(source.accuracy)}, spiking network ${percent(accuracy.at(-1) ?? 0)} of ${images} test images`,
    `Stored as ${name}`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Without the traces of binary fractions. */
function trim(value: number): string {
  return String(Number(value.toPrecision(6)));
}
