/** How many images a device takes at a time. */
import { LocusError } from '../../../errors.js';
import type { GpuPlan } from './plan-network.js';
import { sourcesWidth } from './plan-rules.js';
import type { DeviceDescription, GpuRuntime } from './runtime.js';

/** Whole numbers up to here are exact in float32; lists of spikes are addressed by such. */
export const exact = 2 ** 24;
/** Beyond these, larger batches make nothing faster, but progress and Ctrl-C slower. */
const usual = { hardware: 512, software: 64 };
/** Memory that a batch may take of a device. */
const budgetBytes = 2 ** 28;
/** Share of the inputs that spike in a step, more than bright images have. */
const spikingInputs = 0.1;

/** Bytes of the largest array that grows with the batch, and of all of them, per image. */
export function bytesPerImage(plan: GpuPlan, steps: number): { largest: number; all: number } {
  const { nPositions, stateRows, paddedFilters, forward } = plan;
  const { fanOut } = forward.program.wiring;
  const state = 4 * stateRows * paddedFilters;
  const offsets = 4 * nPositions * (steps + 1);
  const rows = 4 * Math.ceil(fanOut.row.length * steps * spikingInputs);
  return { largest: Math.max(state, offsets, rows), all: 3 * state + 2 * (offsets + rows) };
}

/** Bytes of one array. */
function largestArray({ limits }: DeviceDescription): number {
  return Math.min(limits.maxStorageBufferBindingSize ?? 2 ** 30, limits.maxBufferSize ?? 2 ** 30);
}

/**
 * Training images that a call has room for, one after another: for what defined rules are told of every step.
 *
 * @throws LocusError `DEVICE_MEMORY` where that is none
 */
export function countTrainingImages(
  { forward, lateral }: GpuPlan,
  { device, backend }: GpuRuntime,
  steps: number,
): number {
  const limit = largestArray(device);
  const images = [forward, lateral].map((connection) => {
    if (!connection?.rule) return Infinity;
    const bytes = 4 * steps * sourcesWidth(connection.rule);
    if (bytes <= limit) return Math.floor(limit / bytes);
    throw new LocusError(
      'DEVICE_MEMORY',
      `engine gpu: the traces ${connection.program.name} of ${steps} steps need ${bytes} bytes in one piece; ${backend} on ${device.name} has room for ${limit}`,
    );
  });
  return Math.min(...images);
}

/**
 * Images per batch: as many as was asked for, or as suits the device.
 *
 * @throws LocusError `DEVICE_MEMORY` where the device cannot hold that many
 */
export function chooseBatch(
  plan: GpuPlan,
  { device, backend }: GpuRuntime,
  steps: number,
  asked: number | undefined,
): number {
  const { nPositions, paddedFilters, forward, lateral } = plan;
  const limit = largestArray(device);
  for (const connection of [forward, lateral]) {
    if (!connection) continue;
    const { program, rule } = connection;
    const { nRows } = program.wiring.fanOut;
    const check = (what: string, bytes: number) => {
      if (bytes <= limit && bytes <= 2 ** 33) return;
      throw new LocusError(
        'DEVICE_MEMORY',
        `engine gpu: ${what} ${program.name} need ${bytes} bytes in one piece; ${backend} on ${device.name} has room for ${limit}`,
      );
    };
    check('the weights', 4 * nRows * paddedFilters);
    if (rule) check('the variables of the synapses', 4 * rule.variables.length * nRows * paddedFilters);
  }
  const { largest, all } = bytesPerImage(plan, steps);
  const rows = largest / 4;
  const fits = Math.floor(Math.min(limit / largest, exact / rows, exact / nPositions));
  if (fits < 1 || (asked !== undefined && asked > fits)) {
    throw new LocusError(
      'DEVICE_MEMORY',
      `engine gpu: ${asked ?? 1} images of ${steps} steps at a time are too many for ${backend} on ${device.name}; at most ${fits}`,
    );
  }
  if (asked !== undefined) return asked;
  const suits = device.isSoftware ? usual.software : usual.hardware;
  return Math.max(1, Math.min(fits, suits, Math.floor(budgetBytes / all)));
}

/** Longest that a call may take, so that progress and Ctrl-C stay prompt and no driver takes the device for hung [ms]. */
const longestCall = 250;
const mostImagesPerCall = 8;

/** Images that the next call trains one after another, by how long one took. */
export function chooseImagesPerCall(present: number, milliseconds: number, left: number): number {
  // A pipeline of more images has to be compiled: that must pay.
  if (present > 1 || milliseconds * 2 > longestCall || left < 4 * mostImagesPerCall) return present;
  return Math.min(mostImagesPerCall, Math.floor(longestCall / Math.max(1, milliseconds)));
}
