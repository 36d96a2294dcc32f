/** Entry of a worker thread: runs the jobs it is given, and hands its warnings to the thread that gave them. */
import { parentPort } from 'node:worker_threads';
import type { NetworkJob, NetworkResult } from './network-job.js';
import { runNetworkJob } from './network-job.js';

/** A warning on its way from a worker thread. */
export interface WorkerWarning {
  readonly warning: { readonly message: string; readonly type: string; readonly code: string };
}

// Node would write each of them to stderr, for every thread and in a form of its own.
process.removeAllListeners('warning');
process.on('warning', ({ name: type, message, code = '' }: Error & { readonly code?: string }) => {
  parentPort?.postMessage({ warning: { message, type, code } } satisfies WorkerWarning);
});

export default function run(job: NetworkJob): Promise<NetworkResult> {
  return runNetworkJob(job);
}
