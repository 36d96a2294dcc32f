/** Learning health of a network while it trains, from the spikes of its latest training images. */
import { engineOrder } from '../core/network/shape.js';
import { SpikeCountsBuilder, type TrainingHealth, trainingHealth } from '../readout/index.js';
import type { Snn } from '../kinds/snn/snn.js';

/** Health is that of so many images. */
const window = 200;
/** The change of the filters is that since so many images ago, as far as it is known. */
const changeOver = 100;
/** Weights kept to tell changes from. */
const mostSnapshots = 3;

export class HealthWatch {
  readonly #network: Snn;
  /** Spike counts of the latest images, engine order; image i at i mod window. */
  readonly #counts: Uint16Array;
  #nImages = 0;
  #snapshots: { readonly nIter: number; readonly weights: Float32Array }[] = [];

  constructor(network: Snn) {
    this.#network = network;
    this.#counts = new Uint16Array(window * network.nOutput);
  }

  /** The iteration at which `remember` is to be called, so that health at `nIter` knows its change. */
  static rememberAt(nIter: number): number {
    return nIter - changeOver;
  }

  /** Takes the spike counts of images just learned. */
  count(counts: Uint16Array): void {
    const { nOutput } = this.#network;
    const added = counts.length / nOutput;
    for (let image = Math.max(0, added - window); image < added; image++) {
      const row = counts.subarray(image * nOutput, (image + 1) * nOutput);
      this.#counts.set(row, ((this.#nImages + image) % window) * nOutput);
    }
    this.#nImages += added;
  }

  /** Keeps the present weights, to tell later changes from. */
  remember(): void {
    const { nIter, weightsXY } = this.#network;
    this.#snapshots = [...this.#snapshots, { nIter, weights: weightsXY.data }].slice(-mostSnapshots);
  }

  /** Health now; null before the first image. */
  measure(): TrainingHealth | null {
    const network = this.#network;
    if (this.#nImages === 0) return null;
    const { nOutput, nPositions, nIter } = network;
    const { nFilters, timeMax } = network.parameters;
    const builder = new SpikeCountsBuilder({ nFilters, nPositions });
    const [, y] = network.network.simulation.program.layers;
    const order = engineOrder(y.shape);
    for (let image = 0; image < Math.min(window, this.#nImages); image++) {
      builder.add(this.#counts.subarray(image * nOutput, (image + 1) * nOutput), order);
    }
    const distance = (snapshot: { nIter: number }) => Math.abs(nIter - snapshot.nIter - changeOver);
    const [before] = this.#snapshots
      .filter((snapshot) => snapshot.nIter < nIter)
      .sort((a, b) => distance(a) - distance(b));
    return trainingHealth({
      counts: builder.build(),
      timeMax,
      weights: network.weightsXY.data,
      theta: network.theta,
      before: before && { weights: before.weights, nImages: nIter - before.nIter },
    });
  }
}
