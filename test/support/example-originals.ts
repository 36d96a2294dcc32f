/** Networks of the original program for tests: small ones of every kind, and those that its committed runs trained. */
import { createHash } from 'node:crypto';
import { RandomStream } from '../../src/core/random/stream.js';
import type { OriginalNetwork } from '../../src/kinds/snn/original/index.js';
import type { OriginalCase } from '../parity/original-case.js';
import { makeSmallOriginal, makeTrainedOriginal } from './small-original.js';
import { writeOriginal } from './write-original.js';

export const originalKinds = [
  'fullyConnected',
  'locallyConnected',
  'convolutional',
  'trainedCompetition',
] as const;

export type OriginalKind = (typeof originalKinds)[number];

/** As the original named its networks: 56 hexadecimal digits. */
const hashOf = (words: string) => createHash('sha224').update(words).digest('hex');

/** A small trained network of a kind, with votes, scores and the confusion matrix of `lc`; trained competition has no thresholds. */
export function makeOriginal(kind: OriginalKind, change: Partial<OriginalNetwork> = {}): OriginalNetwork {
  const base = kind === 'trainedCompetition' ? makeTrainedOriginal() : makeSmallOriginal();
  const networkType = kind === 'fullyConnected' ? 'FC_SNN' : kind === 'convolutional' ? 'C_SNN' : 'LC_SNN';
  const shape =
    networkType === 'FC_SNN'
      ? { crop: 6, nFilters: 5, kernelSize: 6, stride: 4, convSize: 1 }
      : { crop: 6, nFilters: 3, kernelSize: 4, stride: 2, convSize: 2 };
  const { crop, nFilters, kernelSize, stride, convSize } = shape;
  const nPositions = convSize ** 2;
  const nNeurons = nFilters * nPositions;
  const nTaps = kernelSize ** 2;
  const norm = 0.46 * nTaps;
  const random = new RandomStream(originalKinds.indexOf(kind), 'user');
  const score = (accuracy: number) => ({
    accuracy,
    error: Math.sqrt(accuracy * (1 - accuracy)) / 100,
    nIter: 10_000,
  });
  const confusion = Int32Array.from({ length: 110 }, (_, i) =>
    i % 12 === 0 ? 870 : i % 11 === 10 ? 0 : 10 + (i % 7),
  );
  return {
    ...base,
    ...shape,
    networkType,
    nNeurons,
    name: hashOf(kind),
    parameters: {
      ...base.parameters,
      kernel_size: kernelSize,
      stride,
      conv_size: convSize,
      crop,
      n_filters: nFilters,
      network_type: networkType,
      immutable_name: false,
    },
    constants: { ...base.constants, xy: { ...base.constants.xy, norm } },
    wXY: drawWeights(random, networkType === 'C_SNN' ? nFilters : nNeurons, nTaps, norm),
    wYY:
      base.wYY.kind === 'fixed'
        ? base.wYY
        : { kind: 'trained', weights: drawCompetition(random, nPositions, nFilters) },
    theta:
      kind === 'trainedCompetition'
        ? new Float32Array(nNeurons)
        : Float32Array.from({ length: nNeurons }, () => 5 * random.nextFloat()),
    thetaMissing: kind === 'trainedCompetition',
    votes: Float32Array.from({ length: 10 * nNeurons }, () => 4 * random.nextFloat()),
    confusion,
    scores: {
      patch_voting: score(0.8179),
      all_voting: score(0.8183),
      spikes_first: null,
      lc: score(countShareOnDiagonal(confusion)),
    },
    ...change,
  };
}

/** The folder of {@link makeOriginal}. */
export function writeExample(kind: OriginalKind, change: Partial<OriginalNetwork> = {}): string {
  return writeOriginal(makeOriginal(kind, change));
}

/** The network after the training of a run of the original program, whose later images show how it answers. */
export function trainedOriginal(name: string, run: OriginalCase): OriginalNetwork {
  const { meta } = run;
  const base = meta.c_l ? makeTrainedOriginal() : makeSmallOriginal();
  const { network_type: networkType, n_filters: nFilters, crop, stride, n_output: nNeurons } = meta;
  const kernelSize = networkType === 'FC_SNN' ? crop : meta.kernel_size;
  const convSize = Math.floor((crop - kernelSize) / stride) + 1;
  const factor = (tc: number) => Math.fround(Math.exp(-1 / tc));
  const traces = (pre: number, post: number) => ({
    tcTracePre: Math.fround(pre),
    tcTracePost: Math.fround(post),
    traceDecayPre: factor(pre),
    traceDecayPost: factor(post),
  });
  /** The second of two snapshots. */
  const trained = (file: string) => {
    const snapshots = run.array(file);
    return snapshots.slice(snapshots.length / 2);
  };
  const { c_l, c_w, A_pos, A_neg, tau_pos, tau_neg, mean_weight, time_max, intensity } = meta;
  return {
    ...base,
    networkType,
    name: hashOf(name),
    crop,
    nFilters,
    kernelSize,
    stride,
    convSize,
    nNeurons,
    parameters: {
      ...base.parameters,
      network_type: networkType,
      n_filters: nFilters,
      kernel_size: kernelSize,
      stride,
      crop,
      conv_size: convSize,
      n_iter: meta.n_train,
      c_l,
      c_w,
      A_pos,
      A_neg,
      tau_pos,
      tau_neg,
      mean_weight,
      time_max,
      intensity,
    },
    constants: {
      ...base.constants,
      refrac: meta.refrac_Y,
      traces: { x: traces(20, 20), y: traces(tau_pos, tau_neg) },
      xy: { ...base.constants.xy, norm: mean_weight * kernelSize ** 2 },
      yy: { ...base.constants.yy, nu: c_l ? [A_pos as number, A_neg as number] : null },
    },
    wXY: trained('w_xy_after'),
    wYY: c_l
      ? { kind: 'trained', weights: trained('w_yy_after') }
      : { kind: 'fixed', weight: Math.fround(c_w) },
    theta: run.array('theta_after').slice((meta.n_train - 1) * nNeurons, meta.n_train * nNeurons),
  };
}

/** Weights of `nTargets` rows that sum to `norm`. */
function drawWeights(random: RandomStream, nTargets: number, nTaps: number, norm: number): Float32Array {
  return Float32Array.from(
    Array.from({ length: nTargets }, () => {
      const row = Array.from({ length: nTaps }, () => random.nextFloat());
      const sum = row.reduce((total, weight) => total + weight, 0);
      return row.map((weight) => (weight * norm) / sum);
    }).flat(),
  );
}

/** Inhibition [position, source filter, target filter], none of a filter by itself. */
function drawCompetition(random: RandomStream, nPositions: number, nFilters: number): Float32Array {
  return Float32Array.from({ length: nPositions * nFilters ** 2 }, (_, i) => {
    const pair = i % nFilters ** 2;
    return Math.floor(pair / nFilters) === pair % nFilters ? 0 : -100 * random.nextFloat();
  });
}

/** Of 10 labels × 11 predictions. */
function countShareOnDiagonal(confusion: Int32Array): number {
  const correct = confusion.reduce((sum, count, i) => (i % 12 === 0 ? sum + count : sum), 0);
  return correct / confusion.reduce((sum, count) => sum + count, 0);
}
