/** Runs of BindsNET of learning rules: their names, parameters and state here. */
import { expect } from 'vitest';
import { PostPre, type LearningRule } from '../../src/core/network/learning/index.js';
import type { LayerDescription } from '../../src/core/network/nodes/index.js';
import { SRM0 } from '../../src/core/models/index.js';
import { Hebbian, MSTDP, MSTDPET, Rmax, WeightDependentPostPre } from '../../src/core/rules/index.js';
import { readFloats } from './case-arrays.js';

export interface RuleMeta {
  readonly rule: string;
  readonly dt: number;
  readonly steps: number;
  readonly n_source: number;
  readonly n_target: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, unknown>>;
}

export type Parameters = Readonly<Record<string, number | Float32Array>>;

interface Target {
  readonly make: (shape: number, parameters: Readonly<Record<string, number>>) => LayerDescription;
  readonly state: Readonly<Record<string, string>>;
}

interface Rule {
  readonly make: (parameters: Parameters) => LearningRule;
  /** Names of its amplitudes. Default: nuPre, nuPost. */
  readonly nu?: readonly string[];
  /** Names of state here, by the names of its files there. */
  readonly state: Readonly<Record<string, string>>;
  /** The target, where its spikes are not given but come of what it receives and draws. */
  readonly target?: Target;
}

const pair = { source_trace: 'sourceTrace', target_trace: 'targetTrace' };
const rewarded = { p_plus: 'pPlus', p_minus: 'pMinus', eligibility: 'eligibility' };

export const rules: Readonly<Record<string, Rule>> = {
  PostPre: {
    make: ({ nuPre, nuPost, ...others }) =>
      new PostPre({ nu: [Number(nuPre), Number(nuPost)], traces: {}, ...others }),
    state: pair,
  },
  Hebbian: { make: (parameters) => new Hebbian(parameters), state: pair },
  WeightDependentPostPre: { make: (parameters) => new WeightDependentPostPre(parameters), state: pair },
  MSTDP: { nu: ['nu'], make: (parameters) => new MSTDP(parameters), state: rewarded },
  MSTDPET: {
    nu: ['nu'],
    make: (parameters) => new MSTDPET(parameters),
    state: { ...rewarded, eligibility_trace: 'eligibilityTrace' },
  },
  Rmax: {
    nu: ['nu'],
    // Its trace is additive by default, as that of the runs.
    make: (parameters) => new Rmax(parameters),
    state: { source_trace: 'sourceTrace', eligibility_trace: 'eligibility' },
    target: {
      make: (shape, { thresh, rest, reset, refrac, tc_decay, eps_0, rho_0, d_thresh }) =>
        new SRM0({
          shape,
          thresh,
          rest,
          reset,
          refrac,
          tcDecay: tc_decay,
          gain: eps_0,
          rate: rho_0,
          width: d_thresh,
        }),
      state: { v: 'v', spike_probability: 'p' },
    },
  },
};

/** Names of parameters here, by the names there. */
const names: Readonly<Record<string, string>> = {
  reduction: 'reduction',
  a_plus: 'aPlus',
  a_minus: 'aMinus',
  tc_plus: 'tcPlus',
  tc_minus: 'tcMinus',
  tc_c: 'tcC',
  tc_e_trace: 'tcEligibility',
  weight_decay: 'relativeWeightDecay',
};

/** [target, source] of [source, target]. */
export function transpose(values: Float32Array, nSource: number, nTarget: number): Float32Array {
  return Float32Array.from(values, (_, at) => values[(at % nSource) * nTarget + Math.floor(at / nSource)]);
}

export function readParameters(
  folder: string,
  { rule, parameters, n_source, n_target }: RuleMeta,
): Parameters {
  const perSynapse = (file: string) => transpose(readFloats(folder, file), n_source, n_target);
  const { nu } = parameters;
  const [nuPre, nuPost] = Array.isArray(nu)
    ? (nu as number[])
    : [perSynapse('nu_pre'), perSynapse('nu_post')];
  const others = Object.entries(parameters).flatMap(([theirs, value]) =>
    names[theirs] === undefined ? [] : [[names[theirs], value]],
  );
  const amplitudes = rules[rule].nu ?? ['nuPre', 'nuPost'];
  const given: Parameters = Object.fromEntries(amplitudes.map((name, i) => [name, [nuPre, nuPost][i]]));
  return { ...given, ...(Object.fromEntries(others) as Parameters) };
}

/** Expects values within a tolerance relative to the largest magnitude of all steps; 0: every bit. */
export function expectValues(
  found: Float32Array,
  expected: Float32Array,
  { what, tolerance, largest }: { what: string; tolerance: number; largest: number },
): void {
  const isClose = expected.every((value, i) =>
    tolerance === 0 ? Object.is(found[i], value) : Math.abs(found[i] - value) <= tolerance * largest,
  );
  expect([what, found.length, isClose]).toEqual([what, expected.length, true]);
}

export const magnitude = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
