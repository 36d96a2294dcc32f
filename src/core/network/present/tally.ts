/** Collects what is counted of the images of a presentation, in published order. */
import type { SpikeTrain } from '../../encoding/spike-train.js';
import type { Program, ProgramLayer } from '../program.js';
import { countPositions, engineOrder } from '../shape.js';
import { type SpikeCounts, SpikeCountsBuilder } from '../spike-counts.js';
import type { Presented, PresentImagesOptions } from './present-options.js';

export interface Counted {
  /** Layers of which counts, and spikes, are asked for. */
  readonly counts: readonly number[];
  readonly trains: readonly number[];
  readonly steps: number;
  /** Steps of a window, where there are several. */
  readonly countEvery: number | undefined;
}

/** Collected counts of a layer. */
interface LayerTally {
  readonly layer: ProgramLayer;
  readonly order: Uint32Array;
  /** Where its counts begin among those of a window. */
  readonly offset: number;
  readonly whole: SpikeCountsBuilder;
  readonly windows: readonly SpikeCountsBuilder[];
  readonly trains: SpikeTrain[];
  readonly isCounted: boolean;
  readonly isTraced: boolean;
}

export class Tally {
  /** Layers whose spikes an engine must count, and the steps of its windows. */
  readonly layers: readonly number[];
  readonly every: number;
  /** Counts of an image: windows × neurons of all layers. */
  readonly imageSize: number;
  readonly #program: Program;
  readonly #counted: Counted;
  readonly #tallies: readonly LayerTally[];
  readonly #windowSize: number;
  readonly #spikes: readonly number[][];
  readonly #onCounts: PresentImagesOptions['onCounts'];

  constructor(program: Program, counted: Counted, onCounts: PresentImagesOptions['onCounts']) {
    const { steps, countEvery = steps } = counted;
    this.#program = program;
    this.#counted = counted;
    this.#onCounts = onCounts;
    // A window a step says when each neuron spiked.
    this.every = counted.trains.length > 0 ? 1 : countEvery;
    const asked = [...new Set([...counted.counts, ...counted.trains])];
    // Engines count one layer at least.
    this.layers = asked.length > 0 ? asked : [program.layers.findIndex(isNeurons)];
    let offset = 0;
    this.#tallies = this.layers.map((index) => {
      const layer = program.layers[index];
      const grid = { nFilters: layer.shape.channels, nPositions: countPositions(layer.shape) };
      const makeBuilder = () => new SpikeCountsBuilder(grid);
      const tally: LayerTally = {
        layer,
        order: engineOrder(layer.shape),
        offset,
        whole: makeBuilder(),
        windows: Array.from({ length: Math.ceil(steps / countEvery) }, makeBuilder),
        trains: [],
        isCounted: counted.counts.includes(index),
        isTraced: counted.trains.includes(index),
      };
      offset += layer.size;
      return tally;
    });
    this.#windowSize = offset;
    this.imageSize = offset * Math.ceil(steps / this.every);
    this.#spikes = program.layers.map(() => []);
  }

  /** Adds what an engine counted of images [image, window, neuron], the first of which has that number. */
  addCounts(counts: Uint16Array, from: number): void {
    const images = counts.length / this.imageSize;
    const given: Record<string, Uint16Array> = {};
    for (const tally of this.#tallies) {
      const { layer, isCounted, isTraced } = tally;
      const { length } = tally.windows;
      const published = new Uint16Array(this.#onCounts && isCounted ? images * length * layer.size : 0);
      for (let image = 0; image < images; image++) {
        const own = counts.subarray(image * this.imageSize, (image + 1) * this.imageSize);
        if (isTraced) tally.trains.push(this.#trainOf(own, tally));
        if (!isCounted) continue;
        const windows = this.#windowsOf(own, tally);
        if (this.#onCounts) {
          windows.forEach((window, at) => {
            tally.order.forEach((engine, neuron) => {
              published[(image * length + at) * layer.size + neuron] = window[engine];
            });
          });
        } else keep(windows, tally, this.#counted.countEvery !== undefined);
      }
      if (isCounted) given[layer.name] = published;
    }
    this.#onCounts?.({ from, images, counts: given });
  }

  /** Adds numbers of spikes [image, layer]. */
  addSpikes(spikes: Uint32Array): void {
    spikes.forEach((count, at) => {
      this.#spikes[at % this.#spikes.length].push(count);
    });
  }

  get result(): Pick<Presented, 'counts' | 'windows' | 'trains' | 'spikes'> {
    const kept = this.#onCounts ? [] : this.#tallies.filter(({ isCounted }) => isCounted);
    const traced = this.#tallies.filter(({ isTraced }) => isTraced);
    const windowed = this.#counted.countEvery === undefined ? [] : kept;
    const byName = <T>(tallies: readonly LayerTally[], read: (tally: LayerTally) => T) =>
      Object.fromEntries(tallies.map((tally) => [tally.layer.name, read(tally)]));
    return {
      counts: byName<SpikeCounts>(kept, ({ whole }) => whole.build()),
      windows: byName(windowed, ({ windows }) => windows.map((window) => window.build())),
      trains: byName(traced, ({ trains }) => trains),
      spikes: Object.fromEntries(
        this.#program.layers.map(({ name }, layer) => [name, Uint32Array.from(this.#spikes[layer])]),
      ),
    };
  }

  /** Counts of a layer in the windows that were asked for, engine order. */
  #windowsOf(own: Uint16Array, { layer, offset, windows }: LayerTally): Uint16Array[] {
    const { steps, countEvery = steps } = this.#counted;
    const sections = Array.from({ length: own.length / this.#windowSize }, (_, window) => {
      const first = window * this.#windowSize + offset;
      return own.subarray(first, first + layer.size);
    });
    if (sections.length === windows.length) return sections;
    return windows.map((_, window) => addUp(sections.slice(window * countEvery, (window + 1) * countEvery)));
  }

  /** The spikes of an image whose windows are steps. */
  #trainOf(own: Uint16Array, { layer: { size }, offset, order }: LayerTally): SpikeTrain {
    const { steps } = this.#counted;
    const offsets = new Uint32Array(steps + 1);
    const neurons: number[] = [];
    for (let t = 0; t < steps; t++) {
      const first = t * this.#windowSize + offset;
      for (let neuron = 0; neuron < size; neuron++) if (own[first + order[neuron]] > 0) neurons.push(neuron);
      offsets[t + 1] = neurons.length;
    }
    return { steps, size, offsets, neurons: Uint32Array.from(neurons) };
  }
}

function keep(windows: readonly Uint16Array[], tally: LayerTally, hasWindows: boolean): void {
  tally.whole.add(windows.length === 1 ? windows[0] : addUp(windows), tally.order);
  if (hasWindows) windows.forEach((window, at) => tally.windows[at].add(window, tally.order));
}

function addUp(all: readonly Uint16Array[]): Uint16Array {
  const sum = all[0].slice();
  for (const each of all.slice(1)) {
    each.forEach((count, neuron) => {
      sum[neuron] += count;
    });
  }
  return sum;
}

export function isNeurons({ model }: ProgramLayer): boolean {
  return model.kernel !== 'input';
}
