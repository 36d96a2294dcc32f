/** Runs `locus gpu`. */
import '../../node/engines.js';
import { openInNode } from '../../node/open-gpu.js';
import type { DeviceDescription, GpuBackend } from '../../core/engine/gpu/runtime.js';
import { type SelfTest, testGpuEngine } from '../../core/engine/gpu/self-test.js';
import { LocusError } from '../../errors.js';
import type { CommandContext } from '../context.js';

/** One of the two ways to run the kernels. */
interface BackendReport {
  readonly engine: string;
  readonly backend: GpuBackend;
  readonly device: DeviceDescription | null;
  readonly selfTest: SelfTest | null;
  /** Why it cannot run. */
  readonly problem: string | null;
}

/** @returns 1 where a self-test fails; a machine without a GPU is none */
export async function runGpu(context: CommandContext): Promise<number> {
  const reports = [await inspect('gpu', 'webgpu'), await inspect('gpu-webasm', 'webasm')];
  context.report({ backends: reports }, () => reports.map(describeReport).join('\n\n'));
  const isWrong = reports.some(
    ({ device, selfTest, problem }) => selfTest?.passed === false || (device !== null && problem !== null),
  );
  return isWrong ? 1 : 0;
}

async function inspect(engine: string, backend: GpuBackend): Promise<BackendReport> {
  let device: DeviceDescription | null = null;
  try {
    device = (await openInNode(backend)).device;
    return { engine, backend, device, selfTest: await testGpuEngine(engine), problem: null };
  } catch (error) {
    if (!(error instanceof LocusError)) throw error;
    return { engine, backend, device, selfTest: null, problem: error.message };
  }
}

function describeReport({ engine, backend, device, selfTest, problem }: BackendReport): string {
  const lines = [`engine ${engine} (gpu.js, backend ${backend})`];
  if (device) {
    const kind = device.isSoftware ? 'software: the processor does the work' : 'hardware';
    lines.push(`  device: ${device.name} (${kind})`, `  vendor: ${device.vendor}, ${device.architecture}`);
    for (const [limit, value] of Object.entries(device.limits)) lines.push(`  ${limit}: ${value}`);
  }
  if (selfTest) lines.push(`  self-test: ${describeTest(selfTest)}`);
  if (problem !== null) lines.push(`  cannot run: ${problem}`);
  return lines.join('\n');
}

function describeTest({
  passed,
  spikes,
  differingCounts,
  largestWeightDifference,
  seconds,
}: SelfTest): string {
  const difference = largestWeightDifference === 0 ? 'bit-equal' : largestWeightDifference.toExponential(1);
  return passed
    ? `passed, ${spikes} spikes equal to the reference engine's, largest difference of a weight ${difference} (${seconds.toFixed(1)} s)`
    : `FAILED, ${differingCounts} spike counts differ from the reference engine's, largest difference of a weight ${difference}`;
}
