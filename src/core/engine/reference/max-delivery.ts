/** Max pooling on the reference engine: of the sources that share a row onto a position, the one with the highest rate delivers. */
import type { FanOut } from '../../network/topology/fan-out.js';
import { type Floats, makeFloats, type Precision, roundTo } from '../../precision.js';

/** Rates of the sources of one connection in one image. */
export class MaxDelivery {
  /** By source. */
  readonly rates: Floats;
  /** [target position, row] the source with the highest rate, −1: none reaches it. */
  readonly #best: Int32Array;

  constructor(
    readonly fanOut: FanOut,
    readonly decay: number,
    nPositions: number,
    readonly precision: Precision,
  ) {
    this.rates = makeFloats(precision, fanOut.nSources);
    this.#best = new Int32Array(nPositions * fanOut.nRows);
  }

  reset(): void {
    this.rates.fill(0);
  }

  /** A step: rates follow the spikes, then the rows of winners that spike are added, sources ascending. */
  deliver(spikes: Uint8Array, weights: Floats, input: Floats): void {
    const { rates } = this;
    const { row, target, rowLength } = this.fanOut;
    const round = roundTo[this.precision];
    for (let i = 0; i < rates.length; i++) {
      rates[i] -= round(this.decay * rates[i]);
      rates[i] += spikes[i];
    }
    this.#findBest();
    this.#eachEntry((i, e) => {
      if (!spikes[i] || this.#best[this.#placeOf(e)] !== i) return;
      for (let k = 0; k < rowLength; k++) input[target[e] + k] += weights[row[e] * rowLength + k];
    });
  }

  #findBest(): void {
    const { rates } = this;
    const best = this.#best.fill(-1);
    this.#eachEntry((i, e) => {
      const at = this.#placeOf(e);
      if (best[at] < 0 || rates[i] > rates[best[at]]) best[at] = i;
    });
  }

  #placeOf(entry: number): number {
    const { row, target, rowLength, nRows } = this.fanOut;
    return (target[entry] / rowLength) * nRows + row[entry];
  }

  #eachEntry(visit: (source: number, entry: number) => void): void {
    const { start, nSources } = this.fanOut;
    for (let i = 0; i < nSources; i++) for (let e = start[i]; e < start[i + 1]; e++) visit(i, e);
  }
}
