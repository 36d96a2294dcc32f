/** Input spikes as the kernels read them: which weight rows each step adds at each position, and how old every trace is. */
import { spikesAt, type SpikeTrain } from '../../encoding/spike-train.js';
import { type GpuPlan, never } from './plan-network.js';

/** What one member of a batch is shown: images one after another. */
export type Shown = readonly SpikeTrain[];

export interface SpikeLists {
  /** [member, position, step + 1] */
  readonly offsets: Float32Array;
  readonly rows: Float32Array;
}

/**
 * Lists of the rows that reach each step: those of the inputs that spiked one step before, none at the first step of an image.
 *
 * @param carried inputs that spiked right before the first step
 * @param capacity room for at least so many rows; grown where that is too small
 */
export function listSpikes(
  { forward, nPositions }: GpuPlan,
  shown: readonly Shown[],
  steps: number,
  carried: Uint32Array,
  capacity: number,
): SpikeLists {
  const { start, row, target, rowLength } = forward.program.wiring.fanOut;
  const nSteps = steps * (shown[0]?.length ?? 0);
  const stride = nSteps + 1;
  const offsets = new Float32Array(shown.length * nPositions * stride);
  /** Calls `visit` for every row, ascending by step and source. */
  const visitAll = (visit: (list: number, step: number, at: number) => void) => {
    shown.forEach((images, member) => {
      for (let step = 0; step < nSteps; step++) {
        const t = step % steps;
        const spikes = t > 0 ? spikesAt(images[(step - t) / steps], t - 1) : step === 0 ? carried : nothing;
        for (const source of spikes) {
          for (let entry = start[source]; entry < start[source + 1]; entry++) {
            visit(member * nPositions + target[entry] / rowLength, step, row[entry]);
          }
        }
      }
    });
  };
  const cursor = new Uint32Array(offsets.length);
  visitAll((list, step) => {
    cursor[list * stride + step]++;
  });
  let total = 0;
  for (let at = 0; at < cursor.length; at++) {
    offsets[at] = total;
    total += cursor[at];
    cursor[at] = offsets[at];
  }
  // Room to spare, so that few calls need more: another size is another pipeline.  An image without spikes gets some too, because
  // gpu.js takes no empty array.
  const rows = new Float32Array(
    Math.max(1, total) <= capacity ? capacity : Math.ceil((1.5 * total + 1) / 1024) * 1024,
  );
  visitAll((list, step, at) => {
    rows[cursor[list * stride + step]++] = at;
  });
  return { offsets, rows };
}

const nothing = new Uint32Array();

/**
 * Steps since every source's last spike, after each step: [member, step, source]; `never` before the first of an image.
 *
 * @param carried ages before the first step
 */
export function listAges(
  { inputs }: GpuPlan,
  shown: readonly Shown[],
  steps: number,
  carried: Uint16Array,
): Float32Array {
  const { size } = inputs.layer;
  const nSteps = steps * (shown[0]?.length ?? 0);
  const ages = new Float32Array(shown.length * nSteps * size);
  shown.forEach((images, member) => {
    for (let step = 0; step < nSteps; step++) {
      const t = step % steps;
      const at = (member * nSteps + step) * size;
      for (let source = 0; source < size; source++) {
        const before = step === 0 ? carried[source] : t === 0 ? never : ages[at - size + source];
        ages[at + source] = nextAge(before);
      }
      for (const source of spikesAt(images[(step - t) / steps], t)) ages[at + source] = 0;
    }
  });
  return ages;
}

/** An age one step later without a spike. */
export function nextAge(age: number): number {
  return age < never - 1 ? age + 1 : age;
}
