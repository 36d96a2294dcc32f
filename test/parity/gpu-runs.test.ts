/** The GPU kernels repeat a run of the original program in which all connections learn; `test/long/` has the other runs. */
import { describeGpuRuns } from './describe-gpu-runs.js';
import { originalCases } from './original-case.js';

const allLearn = originalCases.filter(({ name }) => name === 'lc_10_k12_trainable');
if (allLearn.length !== 1)
  throw new Error(`expected one case with trained competition, got ${allLearn.length}`);

describeGpuRuns(allLearn);
