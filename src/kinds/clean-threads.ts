/** Threads that look for sound networks while the calling one cleans a large database. */
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SearchThreads } from '../store/index.js';
import { warnOnce } from '../warn.js';
import { findLoadedKind } from './loaded-kinds.js';
import { listOwnTypes } from './registry.js';

/** When threads share the work, and how many. */
export interface Sharing {
  /** The size of a file from which on they do [bytes]. */
  readonly from: number;
  /** The calling thread among them. */
  readonly mostThreads: number;
}

/** What such a thread begins with. */
export interface CleanJob {
  /** The database file. */
  readonly path: string;
  /** The types of networks that it can judge as the calling thread does. */
  readonly types: readonly string[];
}

export interface CleanThreads extends SearchThreads {
  end(): void;
}

/** Is there in the built program only: Node starts no thread from a source. */
const worker = new URL('./clean-worker.js', import.meta.url);

/** Threads that load kinds of networks at once and wait for a search; none where it would not pay. */
export function startCleanThreads(path: string, { from, mostThreads }: Sharing): CleanThreads | undefined {
  const count = Math.min(availableParallelism(), mostThreads) - 1;
  if (count < 1 || statSync(path).size < from || !existsSync(worker)) return undefined;
  // Only the calling thread has the code of kinds from elsewhere.
  const types = listOwnTypes().filter((type) => findLoadedKind(type) !== undefined);
  const threads = Array.from({ length: count }, () => startThread({ path, types }));
  return {
    search: (search) => {
      for (const thread of threads) thread.postMessage(search);
    },
    end: () => {
      for (const thread of threads) void thread.terminate();
    },
  };
}

function startThread(job: CleanJob): Worker {
  const thread = new Worker(worker, { workerData: job, execArgv: [] });
  thread.unref();
  thread.on('error', ({ message }) =>
    warnOnce(`a thread that helped to clean ended, the others did its work: ${message}`, {
      code: 'LOCUS_THREAD',
    }),
  );
  return thread;
}
