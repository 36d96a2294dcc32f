/** Entry of a worker thread: runs the jobs it is given. */
import type { NetworkJob, NetworkResult } from './network-job.js';
import { runNetworkJob } from './network-job.js';

export default function run(job: NetworkJob): Promise<NetworkResult> {
  return runNetworkJob(job);
}
