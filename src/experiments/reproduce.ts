/** Reproduces the published accuracy table: several networks per row, measured beside published. */
import {
  abortSignal,
  callback,
  count,
  custom,
  filledText,
  isObject,
  list,
  oneOf,
  readOptions,
  required,
  type Schema,
  threadCount,
} from '../options.js';
import { type DatasetName, datasetNames } from '../datasets/index.js';
import { seedField } from '../core/random/stream.js';
import { version } from '../version.js';
import { nameOfJob, type NetworkJob, type NetworkResult } from './network-job.js';
import { type ExperimentItem, runJobs } from './run-jobs.js';
import type { PublishedAccuracy, TableRow } from './table-rows.js';

export interface ReproduceOptions {
  readonly rows: readonly TableRow[];
  /** Networks per row, with the seeds `seed`, `seed + 1`, … */
  readonly runs: number;
  readonly seed: number;
  readonly dataset: DatasetName;
  readonly dataDir?: string;
  readonly database?: string;
  readonly threads: number;
  /** Training images; each row's own number if left out. */
  readonly nIter?: number;
  readonly nCalibrate: number;
  readonly nTest: number;
  readonly onResult?: (row: TableRow, seed: number, result: NetworkResult, stored: boolean) => void;
  readonly signal?: AbortSignal;
}

const images = count({ unit: 'images' });

/** How the options are read that reproductions and searches share. */
export const experimentFields = {
  runs: required(count({ unit: 'networks' })),
  seed: required(seedField),
  dataset: required(oneOf(datasetNames)),
  dataDir: filledText,
  database: filledText,
  threads: required(threadCount),
  nCalibrate: required(images),
  nTest: required(images),
  signal: abortSignal,
};

const rowField = custom<TableRow>('to be a row of tableRows', (value) => {
  const { type, parameters } = (value ?? {}) as Partial<TableRow>;
  return typeof type === 'string' && isObject(parameters);
});

const schema: Schema<ReproduceOptions> = {
  ...experimentFields,
  rows: required(list(rowField, { least: 1 })),
  nIter: images,
  onResult: callback(),
};

export type Verdict = 'within' | 'above' | 'below';

/** Mean and standard deviation of several networks [%], and how they stand to the published interval mean ± sd. */
export interface Measured {
  /** Readout method: the voting algorithm with the best mean, or `lc`. */
  readonly method: string;
  readonly mean: number;
  readonly sd: number;
  readonly published: PublishedAccuracy;
  readonly verdict: Verdict;
}

export interface RowSummary {
  readonly row: TableRow;
  readonly nIter: number;
  readonly voting: Measured;
  readonly linear: Measured;
  /** Per network, on one thread: training, calibration and test. */
  readonly seconds: number;
  readonly networks: readonly string[];
}

export interface Reproduction {
  readonly version: string;
  readonly dataset: DatasetName;
  readonly runs: number;
  readonly seed: number;
  readonly nCalibrate: number;
  readonly nTest: number;
  readonly threads: number;
  /** Sum of the networks' seconds on one thread each. */
  readonly networkSeconds: number;
  readonly rows: readonly RowSummary[];
}

/** Trains and scores what the database does not hold yet, and sums the rows up. */
export async function reproduceTable(given: ReproduceOptions): Promise<Reproduction> {
  const options = readOptions('reproduceTable', schema, given);
  const { rows, runs, seed, dataset, nCalibrate, nTest, threads, database, signal } = options;
  const origin = new Map<string, { row: TableRow; seed: number }>();
  const items: ExperimentItem[] = [];
  for (const row of rows) {
    for (let run = 0; run < runs; run++) {
      const job = rowJob(row, seed + run, options);
      const key = `row ${row.row}, seed ${seed + run}: ${await nameOfJob(job)}, ${nCalibrate}/${nTest}`;
      origin.set(key, { row, seed: seed + run });
      items.push({ key, job });
    }
  }
  const results = await runJobs(items, {
    experiment: 'reproduce',
    threads,
    database,
    signal,
    onResult: ({ key }, result, stored) => {
      const from = origin.get(key);
      if (from) options.onResult?.(from.row, from.seed, result, stored);
    },
  });
  const summaries = rows.map((row) =>
    summarizeRow(
      row,
      options.nIter ?? row.nIter,
      items
        .filter(({ key }) => origin.get(key)?.row === row)
        .map(({ key }) => results.get(key))
        .filter((result) => result !== undefined),
    ),
  );
  const networkSeconds = [...results.values()].reduce((sum, result) => sum + totalSeconds(result), 0);
  return { version, dataset, runs, seed, nCalibrate, nTest, threads, networkSeconds, rows: summaries };
}

function rowJob(row: TableRow, seed: number, options: ReproduceOptions): NetworkJob {
  const { dataset, dataDir, database, nCalibrate, nTest } = options;
  return {
    type: row.type,
    parameters: { ...row.parameters, seed },
    dataset,
    dataDir,
    database,
    nIter: options.nIter ?? row.nIter,
    nCalibrate,
    nTest,
    scoreOn: 'test',
    linear: true,
  };
}

/** Sums up the networks of one row. */
export function summarizeRow(row: TableRow, nIter: number, results: readonly NetworkResult[]): RowSummary {
  const methods = ['patch_voting', 'all_voting', 'spikes_first'];
  const voting = methods
    .map((method) => measure(method, results, row.voting))
    .reduce((best, other) => (other.mean > best.mean ? other : best));
  return {
    row,
    nIter,
    voting,
    linear: measure('lc', results, row.linear),
    seconds: average(results.map(totalSeconds)),
    networks: results.map(({ name }) => name),
  };
}

function measure(method: string, results: readonly NetworkResult[], published: PublishedAccuracy): Measured {
  const percent = results.map(({ scores }) => 100 * (scores[method]?.accuracy ?? Number.NaN));
  const mean = average(percent);
  const squares = percent.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = percent.length > 1 ? Math.sqrt(squares / (percent.length - 1)) : 0;
  return { method, mean, sd, published, verdict: judge(mean, published) };
}

/** Where a mean lies to the published interval, at the table's precision of 0.1 %. */
export function judge(mean: number, published: PublishedAccuracy): Verdict {
  const rounded = Math.round(10 * mean) / 10;
  if (rounded < published.mean - published.sd - 1e-9) return 'below';
  return rounded > published.mean + published.sd + 1e-9 ? 'above' : 'within';
}

function totalSeconds({ seconds }: NetworkResult): number {
  return seconds.train + seconds.calibrate + seconds.score;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
