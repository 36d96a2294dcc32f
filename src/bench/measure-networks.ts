/** Measures milliseconds per image of networks in training and evaluation. */
import type { DatasetName } from '../datasets/index.js';
import { LocusError } from '../errors.js';
import { loadNetwork, type NetworkType, type Snn, snnClasses } from '../kinds/snn/index.js';
import { describeWebGpu } from './choose-engine.js';
import type { BenchCase } from './plan-cases.js';

/** One figure: the median of all repetitions. */
export interface BenchFigure {
  readonly engine: string;
  /** What a GPU engine runs on; null: the processor. */
  readonly device: string | null;
  readonly threads: number;
  /** Images at the same time. */
  readonly batch: number;
  readonly model: NetworkType;
  readonly nFilters: number;
  readonly kernelSize: number;
  readonly phase: 'train' | 'evaluate';
  /** Encoding, simulation and (in training) normalisation. */
  readonly msPerImage: number;
  /** The same on all processors together: what other work on the machine hardly changes. */
  readonly cpuMsPerImage: number;
}

/** Milliseconds per image, by the clock and on the processors. */
interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

export interface MeasureOptions {
  readonly repetitions: number;
  readonly dataset: DatasetName;
  readonly dataDir?: string;
  /** Where stored networks are. */
  readonly database?: string;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

interface Measured {
  readonly bench: BenchCase;
  readonly network: Snn;
  readonly train: Timing[];
  readonly evaluate: Timing[];
}

/**
 * Every case is trained on as many images as one measurement has before anything is measured, so that code is compiled and
 * thresholds have adapted. Cases take turns, so that a disturbance of the machine meets them all alike.
 */
export async function measureNetworks(
  cases: readonly BenchCase[],
  { repetitions, dataset, dataDir, database, onProgress, signal }: MeasureOptions,
): Promise<BenchFigure[]> {
  const all: Measured[] = cases.map((bench) => {
    const { engine, threads, batch, parameters, stored } = bench;
    const options = { engine, threads, gpuBatch: batch, dataset, dataDir, database };
    const network =
      stored === undefined
        ? new snnClasses[bench.model]({ ...parameters, ...options })
        : loadNetwork(stored, options);
    return { bench, network, train: [], evaluate: [] };
  });
  const total = (1 + repetitions) * all.length;
  let done = 0;
  try {
    for (let repetition = 0; repetition <= repetitions; repetition++) {
      for (const { bench, network, train, evaluate } of all) {
        const { images, batch: batchSize } = bench;
        const trained =
          images.train > 0 &&
          (await timePerImage(images.train, (nIter) => network.train({ nIter, batchSize, signal })));
        const evaluated = await timePerImage(images.evaluate, (count) =>
          network.calibrate({ images: count, linear: false, signal }),
        );
        if (signal?.aborted) throw new LocusError('INTERRUPTED', 'interrupted before all was measured');
        if (repetition > 0) {
          if (trained) train.push(trained);
          evaluate.push(evaluated);
        }
        done += 1;
        onProgress?.({ done, total });
      }
    }
  } finally {
    for (const { network } of all) network.dispose();
  }
  const webGpu = cases.some(({ engine }) => engine === 'gpu') ? await describeWebGpu() : null;
  return all.flatMap(({ bench, network, train, evaluate }) => {
    const { engine, threads, batch, model } = bench;
    const { nFilters, kernelSize } = network.parameters;
    const device = engine === 'gpu' ? webGpu : null;
    const common = { engine, device, threads, batch, model, nFilters, kernelSize };
    const phases = [
      ['train', train],
      ['evaluate', evaluate],
    ] as const;
    return phases.flatMap(([phase, timings]) =>
      timings.length > 0 ? [{ ...common, phase, ...summarize(timings) }] : [],
    );
  });
}

async function timePerImage(images: number, work: (images: number) => Promise<unknown>): Promise<Timing> {
  const start = performance.now();
  const used = process.cpuUsage();
  await work(images);
  const { user, system } = process.cpuUsage(used);
  return { wall: (performance.now() - start) / images, cpu: (user + system) / 1000 / images };
}

function summarize(timings: readonly Timing[]): Pick<BenchFigure, 'msPerImage' | 'cpuMsPerImage'> {
  return {
    msPerImage: median(timings.map(({ wall }) => wall)),
    cpuMsPerImage: median(timings.map(({ cpu }) => cpu)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
