import { describe, expect, it } from 'vitest';
import { assignLabels, packSpikeCounts, predictByAssignment } from './index.js';

/** Four neurons at three images; the last neuron is silent. */
const counts = packSpikeCounts(Uint16Array.of(4, 0, 1, 0, 2, 1, 0, 0, 0, 3, 1, 0), {
  nFilters: 4,
  nPositions: 1,
});
const labels = Uint8Array.of(0, 0, 1);

describe('assignLabels', () => {
  it('takes mean counts as rates, their shares as proportions, and the label with the most', () => {
    const found = assignLabels(counts, labels, { nClasses: 2 });
    expect(Array.from(found.rates)).toEqual([3, 0, 0.5, 3, 0.5, 1, 0, 0]);
    expect(found.proportions).toEqual(Float32Array.of(1, 0, 0.5 / 3.5, 3 / 3.5, 0.5 / 1.5, 1 / 1.5, 0, 0));
    expect(Array.from(found.labels)).toEqual([0, 1, 1, -1]);
    expect(assignLabels(counts, labels, { nClasses: 2, silent: 'first' }).labels[3]).toBe(0);
  });

  it('adds to rates that decay, for labels with new images alone', () => {
    const before = assignLabels(counts, labels, { nClasses: 2 });
    const one = packSpikeCounts(Uint16Array.of(0, 2, 0, 0), { nFilters: 4, nPositions: 1 });
    const { rates, nClasses } = assignLabels(one, Uint8Array.of(1), { before, decay: 0.5 });
    expect(nClasses).toBe(2);
    expect(Array.from(rates)).toEqual([3, 0, 0.5, 3.5, 0.5, 0.5, 0, 0]);
  });

  it('names what disagrees', () => {
    const before = assignLabels(counts, labels, { nClasses: 2 });
    expect(() => assignLabels(counts, labels, { before, nClasses: 3 })).toThrow(
      'assignLabels: expected an assignment of 4 neurons to 3 classes, got "2 classes"',
    );
    const fewer = packSpikeCounts(new Uint16Array(3), { nFilters: 3, nPositions: 1 });
    expect(() => predictByAssignment('all_activity', fewer, before)).toThrow(
      'predictByAssignment: expected an assignment of 3 neurons to 2 classes, got "4 neurons"',
    );
    expect(() => predictByAssignment('activity' as never, counts, before)).toThrow(
      'predictByAssignment: unknown method "activity". Did you mean "all_activity"? Known: all_activity, proportion_weighting.',
    );
  });
});

describe('predictByAssignment', () => {
  const assignment = assignLabels(counts, labels, { nClasses: 2 });
  const ask = (...spikes: number[]) =>
    packSpikeCounts(Uint16Array.from(spikes), { nFilters: 4, nPositions: 1 });

  it('compares mean spikes of the neurons of each label', () => {
    // Label 0 has one neuron, label 1 two: 2 against (1 + 2) / 2.
    expect(Array.from(predictByAssignment('all_activity', ask(2, 1, 2, 0), assignment))).toEqual([0]);
    expect(Array.from(predictByAssignment('all_activity', ask(1, 1, 2, 0), assignment))).toEqual([1]);
  });

  it('weights each neuron by the share of its label', () => {
    // (6/7 · 1 + 2/3 · 2) / 2 = 1.095
    expect(Array.from(predictByAssignment('proportion_weighting', ask(1, 1, 2, 0), assignment))).toEqual([1]);
    expect(Array.from(predictByAssignment('proportion_weighting', ask(1, 0, 2, 0), assignment))).toEqual([0]);
  });

  it('predicts nothing where nothing speaks for a label', () => {
    expect(Array.from(predictByAssignment('all_activity', ask(0, 0, 0, 9, 0, 0, 0, 0), assignment))).toEqual([
      -1, -1,
    ]);
  });
});
