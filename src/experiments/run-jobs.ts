/** Runs the jobs of an experiment on several threads, the longest first, and keeps every result at once. */
import { LocusError } from '../errors.js';
import { countParameters, parseParameters } from '../kinds/snn/index.js';
import { type NetworkStore, openStore } from '../store/index.js';
import { warnOnce } from '../warn.js';
import type { NetworkJob, NetworkResult } from './network-job.js';
import type { WorkerWarning } from './network-worker.js';

/** A job with the key its result is stored under. */
export interface ExperimentItem {
  readonly key: string;
  readonly job: NetworkJob;
}

export interface RunJobsOptions {
  /** Name of the experiment in the database. */
  readonly experiment: string;
  readonly threads: number;
  readonly database?: string;
  readonly onResult?: (item: ExperimentItem, result: NetworkResult, stored: boolean) => void;
  /** Ends the run; jobs that are not done are lost, results that came are kept. */
  readonly signal?: AbortSignal;
}

/** Results by key. What the database has already is not computed again. */
export async function runJobs(
  items: readonly ExperimentItem[],
  { experiment, threads, database, onResult, signal }: RunJobsOptions,
): Promise<Map<string, NetworkResult>> {
  const store = openStore(database);
  const results = new Map<string, NetworkResult>();
  try {
    const stored = readStored(store, experiment);
    const missing: ExperimentItem[] = [];
    for (const item of items) {
      const result = stored.get(item.key);
      if (!result) {
        missing.push(item);
        continue;
      }
      results.set(item.key, result);
      onResult?.(item, result, true);
    }
    if (missing.length === 0) return results;
    // The longest job first, so that no thread is left alone with it at the end.
    missing.sort((a, b) => estimateCost(b.job) - estimateCost(a.job));
    const { Piscina } = await import('piscina');
    const pool = new Piscina<NetworkJob, NetworkResult>({
      filename: new URL('./network-worker.js', import.meta.url).href,
      minThreads: Math.min(threads, missing.length),
      maxThreads: Math.min(threads, missing.length),
    });
    pool.on('message', ({ warning: { message, ...options } }: WorkerWarning) => warnOnce(message, options));
    // One listener for all jobs: ending the pool ends each of them.
    const end = () => void pool.destroy();
    signal?.addEventListener('abort', end, { once: true });
    try {
      signal?.throwIfAborted();
      await Promise.all(
        missing.map(async (item) => {
          const result = await pool.run(item.job);
          const network = item.job.scoreOn === 'test' ? result.name : undefined;
          store.saveResult({ experiment, item: item.key, result, network });
          results.set(item.key, result);
          onResult?.(item, result, false);
        }),
      );
    } catch (error) {
      if (!signal?.aborted) throw error;
      throw new LocusError(
        'INTERRUPTED',
        `${experiment}: interrupted; ${results.size} of ${items.length} results are stored, the same command goes on with the others`,
        { cause: error },
      );
    } finally {
      signal?.removeEventListener('abort', end);
      await pool.destroy();
    }
    return results;
  } finally {
    store.close();
  }
}

/** Results of an earlier run; one whose network has been deleted since is computed again. */
function readStored(store: NetworkStore, experiment: string): Map<string, NetworkResult> {
  return new Map(
    store
      .listResults(experiment)
      .map(({ item, result, network }) => [
        item,
        { ...(result as NetworkResult), ...(network && { name: network }) },
      ]),
  );
}

/** Grows with synapses and images. */
function estimateCost({ type, parameters, nIter, nCalibrate, nTest }: NetworkJob): number {
  return countParameters(type, parseParameters(type, parameters)) * (nIter + nCalibrate + nTest);
}
