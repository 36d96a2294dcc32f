/** The GPU kernels repeat all runs of the original program. */
import { describeGpuRuns } from '../parity/describe-gpu-runs.js';
import { originalCases } from '../parity/original-case.js';

describeGpuRuns(originalCases);
