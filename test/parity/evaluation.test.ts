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
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { readArray } from '../support/case-arrays.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

interface Meta {
  readonly n_labels: number;
  readonly n_neurons: number;
  readonly steps: number;
  readonly parameters: { readonly alpha?: readonly number[]; readonly n?: number };
  readonly arrays: Readonly<Record<string, unknown>>;
}

const cases = bindsnetCases('evaluation');
const countsNgrams = ({ folder }: { readonly folder: string }) =>
  'scores' in (readMeta(folder) as Meta).arrays;

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

/** What a case was fitted on and asked. */
function readCase(folder: string) {
  const meta = readMeta(folder) as Meta;
  const [seen, asked] = ['spikes_0', 'spikes_1'].map((file) => readSamples(folder, file, meta));
  const [labels, others] = ['labels_0', 'labels_1'].map((file) => readLabels(folder, file));
  return { meta, seen, asked, labels, others };
}

const readList = (folder: string, file: string) => Array.from(readArray(folder, file).data as Int32Array);

describeCases(cases.filter(countsNgrams), ({ folder }) => {
  it('has its n-grams, their scores, and its predictions', () => {
    const { meta, seen, asked, labels } = readCase(folder);
    const nClasses = meta.n_labels;
    const found = countNgrams(seen, labels, { n: meta.parameters.n, nClasses });
    const [ngrams, scores] = ['ngrams', 'scores'].map((file) => readList(folder, file));
    const theirs = Array.from({ length: ngrams.length / found.n }, (_, i) => [
      ngrams.slice(i * found.n, (i + 1) * found.n).join(),
      Float32Array.from(scores.slice(i * nClasses, (i + 1) * nClasses)),
    ]);
    expect(Object.fromEntries(found.scores)).toEqual(Object.fromEntries(theirs));
    expect(Array.from(predictByNgrams(asked, found))).toEqual(readList(folder, 'predictions'));
  });
});

describeCases(
  cases.filter((each) => !countsNgrams(each)),
  ({ folder }) => {
    it('has its assignments and predictions, rates within the tolerance of the runs', () => {
      const { meta, seen, asked, labels, others } = readCase(folder);
      const count = (trains: readonly SpikeTrain[]) => {
        const counts = new Uint16Array(trains.length * meta.n_neurons);
        trains.forEach(({ neurons }, sample) => {
          for (const neuron of neurons) counts[sample * meta.n_neurons + neuron]++;
        });
        return packSpikeCounts(counts, { nFilters: meta.n_neurons, nPositions: 1 });
      };
      const options = { nClasses: meta.n_labels, silent: 'first' } as const;
      const first = assignLabels(count(seen), labels, options);
      const decay = meta.parameters.alpha?.[1];
      const second = assignLabels(count(asked), others, { ...options, before: first, decay });
      for (const [i, assignment] of [first, second].entries()) {
        expect(Array.from(assignment.labels)).toEqual(readList(folder, `assignments_${i}`));
        for (const name of ['rates', 'proportions'] as const) {
          const theirs = readArray(folder, `${name}_${i}`).data as Float32Array;
          const off = assignment[name].map((value, at) => Math.abs(value - theirs[at]));
          // The table of tolerances has one digit.
          const relative = Number((Math.max(...off) / Math.max(...theirs)).toPrecision(1));
          expect(relative).toBeLessThanOrEqual(readTolerance(folder));
        }
        for (const method of ['all_activity', 'proportion_weighting'] as const) {
          const predictions = predictByAssignment(method, count(asked), assignment);
          expect(Array.from(predictions)).toEqual(readList(folder, `${method}_${i}`));
        }
      }
    });
  },
);
