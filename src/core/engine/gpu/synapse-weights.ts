/** Weights of one connection on the host, in engine order, beside those that the device works on. */
import { changesOnlySpikingTargets, type SynapseProgram } from '../../network/program.js';
import { normalizeColumns } from '../normalize-columns.js';
import { DeviceWeights } from './device-weights.js';
import { type GpuPlan, padRows, unpadRows } from './plan-network.js';

/** What a presentation that fails goes back to. */
export interface KeptWeights {
  readonly values: Float32Array;
  readonly settled: Float32Array;
  readonly normalized: boolean;
  readonly learned: boolean;
}

export class SynapseWeights {
  readonly device: DeviceWeights;
  plastic = true;
  /** Replaced, never changed. */
  #values: Float32Array;
  /** As they were when they were set or normalised last. */
  #settled: Float32Array;
  #normalized = false;
  #learned = false;

  constructor(
    readonly plan: GpuPlan,
    readonly program: SynapseProgram,
  ) {
    const { nRows, rowLength } = program.wiring.fanOut;
    this.#values = new Float32Array(nRows * rowLength);
    this.#settled = this.#values;
    this.device = new DeviceWeights(padRows(plan, this.#values));
  }

  get values(): Float32Array {
    return this.#values;
  }

  get learns(): boolean {
    return this.plastic && this.program.rule.kernel !== 'none';
  }

  set(values: Float32Array, normalized: boolean): void {
    this.#replace(values);
    this.#settled = values;
    this.#normalized = normalized;
    this.#learned = false;
  }

  /** Whether normalising is to look at every column, not only at those of neurons that have spiked. */
  get normalizesEveryColumn(): boolean {
    return !this.#normalized || !changesOnlySpikingTargets(this.program);
  }

  /** Normalises them here; `hasSpiked` tells of a filter at one position, or (null) at any. */
  normalize(hasSpiked: (filter: number, position: number | null) => boolean): void {
    const { program } = this;
    const before = this.#values;
    const settled = this.#settled;
    const weights = before.slice();
    const everyColumn = this.normalizesEveryColumn;
    normalizeColumns(
      program,
      weights,
      (group, column) =>
        everyColumn ||
        hasSpiked(column, program.wiring.nGroups === 1 ? null : group) ||
        hasClamped(program, settled, before, group, column),
    );
    this.set(weights, true);
  }

  /** An image begins: what was learned since the last normalisation is not normalised. */
  beginImage(): void {
    if (this.#learned) this.#normalized = false;
    this.#learned = false;
  }

  /** The device has made training images, and normalised after each. */
  endImages(): void {
    if (this.plastic) this.#normalized = true;
  }

  /** Takes over what the device brought back after training images. */
  settle(): void {
    if (!this.plastic) return;
    this.#values = unpadRows(this.plan, this.device.values);
    this.#settled = this.#values;
    this.#learned = false;
  }

  /** Takes over weights in the middle of an image. */
  show(padded: Float32Array): void {
    this.#values = unpadRows(this.plan, padded);
    this.#learned = true;
  }

  keep(): KeptWeights {
    const [values, settled, normalized, learned] = [
      this.#values,
      this.#settled,
      this.#normalized,
      this.#learned,
    ];
    return { values, settled, normalized, learned };
  }

  restore({ values, settled, normalized, learned }: KeptWeights): void {
    this.#replace(values);
    this.#settled = settled;
    this.#normalized = normalized;
    this.#learned = learned;
  }

  #replace(values: Float32Array): void {
    this.#values = values;
    this.device.values = padRows(this.plan, values);
  }
}

/** Whether weights onto a column have come to a bound, or to no number. */
function hasClamped(
  { wMin, wMax, wiring: { fanOut, nGroups } }: SynapseProgram,
  before: Float32Array,
  after: Float32Array,
  group: number,
  column: number,
): boolean {
  const { nRows, rowLength } = fanOut;
  const groupRows = nRows / nGroups;
  for (let row = group * groupRows; row < (group + 1) * groupRows; row++) {
    const weight = after[row * rowLength + column];
    if (weight !== before[row * rowLength + column] && !(weight > wMin && weight < wMax)) return true;
  }
  return false;
}
