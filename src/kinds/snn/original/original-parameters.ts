/** The published parameters with which an imported network does here what it did in the original program. */
import { damaged } from '../../../formats/damaged.js';
import type { OriginalNetwork } from './index.js';
import type { TrainingSegment } from '../image-order.js';
import { defaultParameters, type SnnParameters } from '../parameters.js';

/** The original drew its training images from the first 50,000 of MNIST, with replacement. */
export const originalTrainingSetSize = 50_000;

/**
 * The parameters of the network. What the network file knows comes from there, because that is what ran; parameters.json
 * gives the rest, and with the defaults the longer spelling of numbers that the file holds in float32.
 *
 * @param place names parameters.json in errors
 * @throws LocusError `DATA_CORRUPT` for a number that is not there
 */
export function readOriginalParameters(original: OriginalNetwork, place: string): SnnParameters {
  const { networkType, nFilters, kernelSize, stride, crop, constants, wYY, parameters } = original;
  const { traces, xy, yy } = constants;
  const number = (name: string): number => {
    const value = parameters[name];
    if (typeof value !== 'number') throw damaged(`${place}, ${name}`, 'a number', value);
    return value;
  };
  const optional = (name: string): number | null => (parameters[name] == null ? null : number(name));
  const spell = (value: number, longer: unknown): number =>
    typeof longer === 'number' && Math.fround(longer) === Math.fround(value) ? longer : value;
  const fromFile = (name: string, value: number): number => spell(value, parameters[name]);
  const defaults = defaultParameters(networkType, crop);
  const isTrained = wYY.kind === 'trained';
  // A single filter competes with none: the file holds no weight that c_w could be read from.
  const isUniform = !isTrained && nFilters > 1;
  const [APos, ANeg] = isTrained ? (yy.nu ?? []) : [];
  return {
    nFilters,
    kernelSize,
    stride,
    crop,
    meanWeight: xy.norm === null ? number('mean_weight') : fromFile('mean_weight', xy.norm / kernelSize ** 2),
    cW: isUniform ? fromFile('c_w', wYY.weight) : number('c_w'),
    cL: isTrained,
    APos: APos ?? optional('A_pos'),
    ANeg: ANeg ?? optional('A_neg'),
    tauPos: fromFile('tau_pos', traces.y.tcTracePre),
    tauNeg: fromFile('tau_neg', traces.y.tcTracePost),
    weightDecay: isTrained ? fromFile('weight_decay', yy.weightDecay) : optional('weight_decay'),
    cWMin: isTrained ? fromFile('c_w_min', yy.wmin) : (optional('c_w_min') ?? Number.NEGATIVE_INFINITY),
    cWMax: isTrained ? fromFile('c_w_max', yy.wmax) : (optional('c_w_max') ?? 0),
    timeMax: number('time_max'),
    intensity: number('intensity'),
    dt: fromFile('dt', constants.dt),
    refrac: constants.refrac,
    nuPre: spell(xy.nu?.[0] ?? defaults.nuPre, defaults.nuPre),
    nuPost: spell(xy.nu?.[1] ?? defaults.nuPost, defaults.nuPost),
    thetaPlus: spell(constants.thetaPlus, defaults.thetaPlus),
    tcThetaDecay: spell(constants.tcThetaDecay, defaults.tcThetaDecay),
    thetaDecay: 'stepwise',
    // The original drew without a seed; this one is for what is drawn from now on.
    seed: 0,
    neuron: null,
    rule: null,
  };
}

/**
 * How the original trained the network. In two steps it showed the images of `n_iter` twice: for the weights from the image,
 * then for the competition.
 *
 * @param place names parameters.json in errors
 */
export function readOriginalTraining({ parameters, wYY }: OriginalNetwork, place: string): TrainingSegment[] {
  const { n_iter: nIter, train_method: method } = parameters;
  if (typeof nIter !== 'number' || !Number.isSafeInteger(nIter) || nIter < 0) {
    throw damaged(`${place}, n_iter`, 'a number of images', nIter);
  }
  // The method is noted when a training ends; a network that was never trained has none.
  if (!['basic', 'two_steps', null, undefined].includes(method as string | null | undefined)) {
    throw damaged(`${place}, train_method`, 'basic or two_steps', method);
  }
  if (nIter === 0) return [];
  const steps =
    method === 'two_steps' && wYY.kind === 'trained' ? (['xy', 'yy'] as const) : (['both'] as const);
  return steps.map((learns) => ({ nIter, learns, order: 'random', first: 0, end: originalTrainingSetSize }));
}
