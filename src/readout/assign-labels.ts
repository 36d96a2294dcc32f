/** Readout by the labels that neurons are assigned to: Diehl & Cook's, as BindsNET has it. */
import { instance, number, objectWith, oneOf, readOptions, type Schema } from '../options.js';
import { invalidArgument, unknownName } from '../errors.js';
import { type Labels, makePredictions, type Predictions } from './class-numbers.js';
import { findLargest } from './predict-by-votes.js';
import {
  checkClasses,
  checkLabels,
  checkSpikeCounts,
  classCount,
  defaultClasses,
  type SpikeCounts,
} from './spike-counts.js';

/** What the spikes of every neuron speak for. */
export interface LabelAssignment {
  readonly nClasses: number;
  /** [neuron, label]: mean number of spikes at an image of that label; a sum over updates, the older the more decayed. */
  readonly rates: Float32Array;
  /** [neuron, label]: share of the label in the rates of the neuron; 0 for a neuron that never spiked. */
  readonly proportions: Float32Array;
  /** [neuron]: the label with its highest rate, of equal ones the lowest; −1: none. */
  readonly labels: Int16Array;
}

export const silentNeurons = ['none', 'first'] as const;

export interface AssignOptions {
  /** Default: 10. */
  readonly nClasses?: number;
  /** An assignment that is brought up to date. */
  readonly before?: LabelAssignment;
  /** What its rates are multiplied by, from 0 to 1. Default: 1. */
  readonly decay?: number;
  /** The label of neurons that never spiked: none (default), or the first, as in BindsNET. */
  readonly silent?: (typeof silentNeurons)[number];
}

export const assignmentMethods = ['all_activity', 'proportion_weighting'] as const;
/** `all_activity`: mean spikes of the neurons of a label; `proportion_weighting`: the same, each neuron weighted by its share. */
export type AssignmentMethod = (typeof assignmentMethods)[number];

const assignmentField = objectWith<LabelAssignment>('nClasses', 'rates', 'proportions', 'labels');

const schema: Schema<AssignOptions> = {
  nClasses: classCount,
  before: assignmentField,
  decay: number({ least: 0, most: 1 }),
  silent: oneOf(silentNeurons),
};

/**
 * Assigns every neuron to the label at whose images it spikes most.
 *
 * @param labels [image]
 * @throws LocusError `INVALID_ARGUMENT` where lengths disagree, or a label is no class
 */
export function assignLabels(
  counts: SpikeCounts,
  labels: Labels,
  options: AssignOptions = {},
): LabelAssignment {
  const place = 'assignLabels';
  const { before, decay = 1, silent = 'none', ...given } = readOptions(place, schema, options);
  const nClasses = given.nClasses ?? before?.nClasses ?? defaultClasses;
  checkClasses(nClasses, place);
  checkSpikeCounts(counts, place);
  checkLabels(labels, counts.nImages, nClasses, place);
  const nNeurons = counts.nFilters * counts.nPositions;
  if (before) checkAssignment(before, nNeurons, nClasses, place);
  const sums = new Float64Array(nNeurons * nClasses);
  const nImagesOf = new Float64Array(nClasses);
  for (let image = 0; image < counts.nImages; image++) {
    const label = labels[image];
    nImagesOf[label]++;
    for (let e = counts.offsets[image]; e < counts.offsets[image + 1]; e++) {
      sums[counts.neurons[e] * nClasses + label] += counts.counts[e];
    }
  }
  const rates = Float32Array.from(sums, (sum, at) => {
    const known = before?.rates[at] ?? 0;
    const n = nImagesOf[at % nClasses];
    return n === 0 ? known : Math.fround(decay * known) + Math.fround(sum / n);
  });
  return fromRates(rates, nClasses, silent === 'first' ? 0 : -1);
}

function fromRates(rates: Float32Array, nClasses: number, silentLabel: number): LabelAssignment {
  const nNeurons = rates.length / nClasses;
  const proportions = new Float32Array(rates.length);
  const labels = new Int16Array(nNeurons);
  for (let neuron = 0; neuron < nNeurons; neuron++) {
    const own = rates.subarray(neuron * nClasses, (neuron + 1) * nClasses);
    const total = own.reduce((sum, rate) => Math.fround(sum + rate), 0);
    labels[neuron] = total === 0 ? silentLabel : findLargest(own);
    if (total === 0) continue;
    own.forEach((rate, label) => {
      proportions[neuron * nClasses + label] = rate / total;
    });
  }
  return { nClasses, rates, proportions, labels };
}

/**
 * Predicted labels by an assignment; −1 where nothing speaks for any. Of equal scores the lowest label wins.
 *
 * @throws LocusError `UNKNOWN_NAME` for another method, `INVALID_ARGUMENT` where the assignment is one of other neurons
 */
export function predictByAssignment(
  method: AssignmentMethod,
  counts: SpikeCounts,
  assignment: LabelAssignment,
): Predictions {
  const place = 'predictByAssignment';
  if (!assignmentMethods.includes(method)) throw unknownName(place, 'method', method, assignmentMethods);
  checkSpikeCounts(counts, place);
  assignmentField(place, 'assignment', assignment);
  const { nClasses, labels, proportions } = assignment;
  checkAssignment(assignment, counts.nFilters * counts.nPositions, nClasses, place);
  const members = new Float64Array(nClasses);
  for (const label of labels) if (label >= 0) members[label]++;
  const scores = new Float64Array(nClasses);
  return makePredictions(nClasses, counts.nImages, (image) => {
    scores.fill(0);
    for (let e = counts.offsets[image]; e < counts.offsets[image + 1]; e++) {
      const neuron = counts.neurons[e];
      const label = labels[neuron];
      if (label < 0) continue;
      const weight = method === 'all_activity' ? 1 : proportions[neuron * nClasses + label];
      scores[label] += (weight * counts.counts[e]) / members[label];
    }
    const best = findLargest(scores);
    return scores[best] > 0 ? best : -1;
  });
}

const floats = instance(Float32Array);
const labelNumbers = instance(Int16Array);

function checkAssignment(given: LabelAssignment, nNeurons: number, nClasses: number, place: string): void {
  checkClasses(given.nClasses, place);
  floats(place, 'rates', given.rates);
  floats(place, 'proportions', given.proportions);
  labelNumbers(place, 'labels', given.labels);
  const expected = `an assignment of ${nNeurons} neurons to ${nClasses} classes`;
  if (given.nClasses !== nClasses) throw invalidArgument(place, expected, `${given.nClasses} classes`);
  if (given.labels.length !== nNeurons)
    throw invalidArgument(place, expected, `${given.labels.length} neurons`);
  for (const values of [given.rates, given.proportions]) {
    if (values.length !== nNeurons * nClasses)
      throw invalidArgument(place, expected, `${values.length} rates`);
  }
  const foreign = given.labels.find((label) => label < -1 || label >= nClasses);
  if (foreign !== undefined) throw invalidArgument(place, `labels from −1 to ${nClasses - 1}`, foreign);
}
