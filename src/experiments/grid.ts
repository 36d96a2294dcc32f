/** Searches settings: every point of a grid or a random part of it, scored on calibration images only. */
import type { DatasetName } from '../datasets/index.js';
import { invalidArgument, unknownName } from '../errors.js';
import {
  callback,
  count,
  custom,
  type Field,
  flag,
  isObject,
  list,
  nullable,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../options.js';
import {
  type NetworkType,
  type SnnParameterName,
  type SnnParameters,
  snnParameterNames,
} from '../kinds/snn/index.js';
import { RandomStream } from '../core/random/stream.js';
import { networkTypes } from '../published-networks.js';
import { experimentFields } from './reproduce.js';
import { nameOfJob, type NetworkJob, type NetworkResult } from './network-job.js';
import { type ExperimentItem, runJobs } from './run-jobs.js';

/** A parameter, or the number of training images. */
export type Axis = SnnParameterName | 'nIter';

export type AxisValue = number | boolean | null;

export interface GridOptions {
  readonly type: NetworkType;
  /** What all points share. */
  readonly base: Readonly<Partial<SnnParameters>>;
  readonly nIter: number;
  /** Values of each axis. */
  readonly axes: Readonly<Partial<Record<Axis, readonly AxisValue[]>>>;
  /** Try only so many points, drawn at random; all if left out. */
  readonly random?: number;
  /** Networks per point, with the seeds `seed`, `seed + 1`, … */
  readonly runs: number;
  readonly seed: number;
  readonly dataset: DatasetName;
  readonly dataDir?: string;
  readonly database?: string;
  readonly threads: number;
  /** Calibration images that votes and classifier come from, and that are scored. */
  readonly nCalibrate: number;
  readonly nTest: number;
  readonly linear: boolean;
  readonly onResult?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const axisValue = nullable(
  custom<number | boolean>('to be a number, true, false or null', (value) =>
    ['number', 'boolean'].includes(typeof value),
  ),
);

const schema: Schema<GridOptions> = {
  ...experimentFields,
  type: required(oneOf(networkTypes)),
  base: required(custom('to be parameters of a network', isObject)),
  nIter: required(count({ unit: 'images' })),
  axes: required(record(list(axisValue, { least: 1 })) as Field<GridOptions['axes']>),
  random: count({ unit: 'points' }),
  linear: required(flag),
  onResult: callback(),
};

/** A setting with the mean accuracy of its networks on calibration images, by readout method. */
export interface GridPoint {
  readonly setting: Readonly<Partial<Record<Axis, AxisValue>>>;
  readonly accuracy: Readonly<Record<string, number>>;
  /** Mean of the best voting algorithm. */
  readonly voting: number;
  /** Seconds per network on one thread. */
  readonly seconds: number;
}

/** All points, the best first (linear classifier if it was trained, else voting). */
export async function searchGrid(given: GridOptions): Promise<GridPoint[]> {
  const options = readOptions('searchGrid', schema, given);
  const points = choosePoints(options);
  const items: { point: number; item: ExperimentItem }[] = [];
  for (const [point, setting] of points.entries()) {
    for (let run = 0; run < options.runs; run++) {
      const job = pointJob(options, setting, options.seed + run);
      const key = `${await nameOfJob(job)}, ${options.nCalibrate}/${options.nTest}${options.linear ? '' : ', votes only'}`;
      items.push({ point, item: { key, job } });
    }
  }
  let done = 0;
  const results = await runJobs(
    items.map(({ item }) => item),
    {
      experiment: 'grid',
      threads: options.threads,
      database: options.database,
      signal: options.signal,
      onResult: () => options.onResult?.(++done, items.length),
    },
  );
  return points
    .map((setting, point) =>
      summarizePoint(
        setting,
        items
          .filter((entry) => entry.point === point)
          .map(({ item }) => results.get(item.key))
          .filter((result) => result !== undefined),
      ),
    )
    .sort((a, b) => (options.linear ? b.accuracy.lc - a.accuracy.lc : b.voting - a.voting));
}

/** The product of all axes is listed, even where a random part of it is searched. */
export const mostGridPoints = 2 ** 20;

/**
 * The product of all axes, or a random part of it without repetition.
 *
 * @throws LocusError `UNKNOWN_NAME` for an axis that is no parameter, `INVALID_ARGUMENT` for one without values or too large a product
 */
export function choosePoints({
  axes,
  random,
  seed,
}: Pick<GridOptions, 'axes' | 'random' | 'seed'>): GridPoint['setting'][] {
  let points: GridPoint['setting'][] = [{}];
  for (const [axis, values] of Object.entries(axes)) {
    const known = [...snnParameterNames, 'nIter'];
    if (!known.includes(axis)) throw unknownName('grid', 'axis', axis, known);
    if (values.length === 0) throw invalidArgument('grid', `values of ${axis}`, values);
    if (points.length * values.length > mostGridPoints) {
      throw invalidArgument('grid', `axes with at most ${mostGridPoints} combinations`, axes);
    }
    points = points.flatMap((point) => values.map((value) => Object.assign({}, point, { [axis]: value })));
  }
  if (random === undefined || random >= points.length) return points;
  const order = Uint32Array.from(points, (_, i) => i);
  new RandomStream(seed, 'search').shuffle(order);
  return [...order.subarray(0, random)].map((i) => points[i]);
}

function pointJob(options: GridOptions, setting: GridPoint['setting'], seed: number): NetworkJob {
  const { type, base, dataset, dataDir, database, nCalibrate, nTest, linear } = options;
  const { nIter = options.nIter, ...parameters } = setting;
  return {
    type,
    parameters: { ...base, ...(parameters as Partial<SnnParameters>), seed },
    dataset,
    dataDir,
    database,
    nIter: Number(nIter),
    nCalibrate,
    nTest,
    scoreOn: 'validate',
    linear,
  };
}

function summarizePoint(setting: GridPoint['setting'], results: readonly NetworkResult[]): GridPoint {
  const mean = (value: (result: NetworkResult) => number) =>
    results.reduce((sum, result) => sum + value(result), 0) / results.length;
  const methods = Object.keys(results[0]?.scores ?? {});
  const accuracy = Object.fromEntries(
    methods.map((method) => [method, mean(({ scores }) => scores[method]?.accuracy ?? Number.NaN)]),
  );
  const voting = Math.max(...methods.filter((method) => method !== 'lc').map((method) => accuracy[method]));
  return { setting, accuracy, voting, seconds: mean(({ seconds }) => seconds.train + seconds.score) };
}
