/** Readouts of BindsNET: assigned labels, their predictions, and n-grams, each from its meta.json. */
import { expect, it } from 'vitest';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import {
  assignLabels,
  countNgrams,
  packSpikeCounts,
  predictByAssignment,
  predictByNgrams,
} from '../../src/readout/index.js';

import { readTolerance } from '../support/bindsnet-tolerance.js';
import { readArray } from '../support/case-arrays.js';
import { describeCases, readMeta, walkCases } from '../support/walk-cases.js';

interface Meta {
  readonly n_labels: number;
  readonly n_neurons: number;
  readonly steps: number;
  readonly parameters: { readonly alpha?: readonly number[]; readonly n?: number };
  readonly arrays: Readonly<Record<string, unknown>>;
}

const cases = walkCases('bindsnet', { marker: 'meta.json' }).filter(
  ({ folder }) => 'n_labels' in (readMeta(folder) as object),
);

/** Spikes of every sample. */
function readSamples(folder: string, file: string, { steps, n_neurons: n }: Meta): SpikeTrain[] {
  const { shape, data } = readArray(folder, file);
  const [samples, , bytes] = shape;
  return Array.from({ length: samples }, (_, sample) => {
    const raster = Uint8Array.from({ length: steps * n }, (__, at) => {
      const [step, neuron] = [Math.floor(at / n), at % n];
      return (Number(data[(sample * steps + step) * bytes + (neuron >> 3)]) >> (7 - (neuron & 7))) & 1;
    });
    return spikeTrainFromRaster(raster, steps, n);
  });
}

const readLabels = (folder: string, file: string) =>
  Uint8Array.from(readArray(folder, file).data as Int32Array);

describeCases(cases, ({ folder }) => {
  it('has its assignments and predictions, rates within the tolerance of the runs', () => {
    const meta = readMeta(folder) as Meta;
    const [seen, asked] = ['spikes_0', 'spikes_1'].map((file) => readSamples(folder, file, meta));
    const [labels, others] = ['labels_0', 'labels_1'].map((file) => readLabels(folder, file));
    const same = (found: ArrayLike<number>, file: string) =>
      expect(Array.from(found)).toEqual(Array.from(readArray(folder, file).data as Int32Array));
    if ('scores' in meta.arrays) {
      const scores = countNgrams(seen, labels, { n: meta.parameters.n, nClasses: meta.n_labels });
      const ngrams = readArray(folder, 'ngrams');
      const theirs = readArray(folder, 'scores').data as Float32Array;
      expect(scores.scores.size).toBe(ngrams.shape[0]);
      for (let i = 0; i < ngrams.shape[0]; i++) {
        const name = (ngrams.data as Int32Array).subarray(i * scores.n, (i + 1) * scores.n).join();
        expect(scores.scores.get(name)).toEqual(theirs.slice(i * meta.n_labels, (i + 1) * meta.n_labels));
      }
      same(predictByNgrams(asked, scores), 'predictions');
      return;
    }
    const count = (trains: readonly SpikeTrain[]) => {
      const counts = new Uint16Array(trains.length * meta.n_neurons);
      trains.forEach(({ neurons }, sample) => {
        for (const neuron of neurons) counts[sample * meta.n_neurons + neuron]++;
      });
      return packSpikeCounts(counts, { nFilters: meta.n_neurons, nPositions: 1 });
    };
    const options = { nClasses: meta.n_labels, silent: 'first' } as const;
    const first = assignLabels(count(seen), labels, options);
    const second = assignLabels(count(asked), others, {
      ...options,
      before: first,
      decay: meta.parameters.alpha?.[1],
    });
    for (const [i, assignment] of [first, second].entries()) {
      same(assignment.labels, `assignments_${i}`);
      for (const name of ['rates', 'proportions'] as const) {
        const theirs = readArray(folder, `${name}_${i}`).data as Float32Array;
        const off = assignment[name].map((value, at) => Math.abs(value - theirs[at]));
        // The table of tolerances has one digit.
        const relative = Number((Math.max(...off) / Math.max(...theirs)).toPrecision(1));
        expect(relative).toBeLessThanOrEqual(readTolerance(folder));
      }
      for (const method of ['all_activity', 'proportion_weighting'] as const) {
        same(predictByAssignment(method, count(asked), assignment), `${method}_${i}`);
      }
    }
  });
});
