/** Which parameters an imported network gets: those of the network file, which ran, before those of parameters.json. */
import { describe, expect, it } from 'vitest';
import { makeSmallOriginal, makeTrainedOriginal } from '../../../../test/support/small-original.js';
import type { OriginalNetwork } from './index.js';
import { readOriginalParameters, readOriginalTraining } from './original-parameters.js';

type Published = OriginalNetwork['parameters'];

function withPublished(change: Published, original = makeSmallOriginal()): OriginalNetwork {
  return { ...original, parameters: { ...original.parameters, ...change } };
}

function withConstants(change: Partial<OriginalNetwork['constants']>, original = makeSmallOriginal()) {
  return { ...original, constants: { ...original.constants, ...change } };
}

const read = (original: OriginalNetwork) => readOriginalParameters(original, 'folder/parameters.json');

describe('readOriginalParameters', () => {
  it('takes every parameter of a network whose files agree', () => {
    expect(read(makeSmallOriginal())).toEqual({
      nFilters: 2,
      kernelSize: 3,
      stride: 1,
      crop: 4,
      meanWeight: 0.46,
      cW: -126.66666666666666,
      cL: false,
      APos: null,
      ANeg: null,
      tauPos: 20,
      tauNeg: 20,
      weightDecay: null,
      cWMin: -Infinity,
      cWMax: 0,
      timeMax: 250,
      intensity: 127.5,
      dt: 1,
      refrac: 5,
      nuPre: 1e-4,
      nuPost: 1e-2,
      thetaPlus: 0.05,
      tcThetaDecay: 1e6,
      thetaDecay: 'stepwise',
      seed: 0,
      neuron: null,
      rule: null,
    });
  });

  it('believes the network file where parameters.json says something else', () => {
    const original = withPublished({ tau_pos: 8, tau_neg: 9, mean_weight: 0.2, c_w: -1, dt: 2 });
    expect(read(original)).toMatchObject({
      tauPos: 20,
      tauNeg: 20,
      cW: Math.fround(-126.66666666666666),
      dt: 1,
    });
    expect(read(original).meanWeight).toBeCloseTo(0.46, 12);
    expect(read(withConstants({ refrac: 2 })).refrac).toBe(2);
  });

  it('takes the rates of learning from the network file', () => {
    const { xy } = makeSmallOriginal().constants;
    const change = { thetaPlus: 0.06, tcThetaDecay: 1e7, xy: { ...xy, nu: [0, 1] as const } };
    expect(read(withConstants(change))).toMatchObject({
      nuPre: 0,
      nuPost: 1,
      thetaPlus: 0.06,
      tcThetaDecay: 1e7,
    });
  });

  it('reads what older files lack in parameters.json from the network file', () => {
    const { c_w, mean_weight, tau_pos, tau_neg, dt, ...others } = makeSmallOriginal().parameters;
    expect([c_w, mean_weight, tau_pos, tau_neg, dt]).not.toContain(undefined);
    expect(read(makeSmallOriginal({ parameters: others }))).toMatchObject({ tauPos: 20, tauNeg: 20, dt: 1 });
  });

  it('takes amplitudes, decay and bounds of trained competition from the network file', () => {
    expect(read(makeTrainedOriginal())).toMatchObject({
      cL: true,
      APos: -0.0556,
      ANeg: -1.626,
      weightDecay: 0,
    });
    const original = withPublished(
      { A_pos: 1, A_neg: 2, weight_decay: 3, c_w_min: 4, c_w_max: 5 },
      makeTrainedOriginal(),
    );
    expect(read(original)).toMatchObject({
      APos: -0.0556,
      ANeg: -1.626,
      weightDecay: 0,
      cWMin: -Infinity,
      cWMax: 0,
      // Only the bound of the weights it began with, which the file does not keep.
      cW: -126.66666666666666,
    });
  });

  it('keeps c_w where a single filter has no other to compete with', () => {
    const single = makeSmallOriginal({ nFilters: 1, wYY: { kind: 'fixed', weight: 0 } });
    expect(read(single).cW).toBe(-126.66666666666666);
  });

  it.each<[string, Published, RegExp]>([
    ['no time', { time_max: null }, /^folder\/parameters\.json, time_max: expected a number, got None/],
    ['text for a number', { intensity: 'bright' }, /intensity: expected a number, got "bright"/],
    ['text for an optional number', { A_pos: 'x' }, /A_pos: expected a number, got "x"/],
  ])('refuses %s', (_, change, message) => {
    expect(() => read(withPublished(change))).toThrow(message);
  });
});

describe('readOriginalTraining', () => {
  const training = (original: OriginalNetwork) => readOriginalTraining(original, 'parameters.json');
  const random = { order: 'random', first: 0, end: 50_000 };

  it.each([['basic'], [null]])('train_method %s: n_iter images drawn from the first 50,000', (method) => {
    const original = withPublished({ train_method: method });
    expect(training(original)).toEqual([{ nIter: 4000, learns: 'both', ...random }]);
  });

  it('two steps: the images for the weights from the image, then for the competition', () => {
    const method = { train_method: 'two_steps' };
    expect(training(withPublished(method, makeTrainedOriginal()))).toEqual([
      { nIter: 4000, learns: 'xy', ...random },
      { nIter: 4000, learns: 'yy', ...random },
    ]);
    expect(training(withPublished(method))).toEqual([{ nIter: 4000, learns: 'both', ...random }]);
  });

  it('no images: no training', () => expect(training(withPublished({ n_iter: 0 }))).toEqual([]));

  it.each<[Published, RegExp]>([
    [{ n_iter: null }, /^parameters\.json, n_iter: expected a number of images, got None/],
    [{ n_iter: 0.5 }, /n_iter: expected a number of images, got 0.5/],
    [{ n_iter: -1 }, /n_iter/],
    [{ n_iter: 1e300 }, /n_iter/],
    [{ train_method: 'three_steps' }, /train_method: expected basic or two_steps, got "three_steps"/],
  ])('refuses %o', (change, message) => {
    expect(() => training(withPublished(change))).toThrow(message);
  });
});
