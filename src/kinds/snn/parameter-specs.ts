/** The published parameters of the networks: names, meanings, units, limits and defaults, in one table. */
import { type NetworkType, publishedLearning } from '../../published-networks.js';
import { type ThetaDecay, thetaDecays } from '../../core/network/nodes/theta-decay.js';
import type { NeuronChoice, RuleChoice, StoredNeuron, StoredRule } from './model-choice.js';

export interface SnnParameters {
  /** Filters at every position. */
  nFilters: number;
  /** Side of a receptive field [pixels]; the whole crop in FC_SNN. */
  kernelSize: number;
  /** Distance of neighbouring receptive fields [pixels]. */
  stride: number;
  /** Side of the centred part of the image that X sees [pixels]. */
  crop: number;
  /** Mean XY weight after normalisation. */
  meanWeight: number;
  /** Competition: weight between filters of one receptive field, or lower bound of its initial weights [mV]. */
  cW: number;
  /** Whether competition is trained. */
  cL: boolean;
  /** STDP amplitude of trained competition when the source spikes; negative: anti-STDP. */
  APos: number | null;
  /** STDP amplitude of trained competition when the target spikes. */
  ANeg: number | null;
  /** Time constant of the trace that a Y spike leaves as a source [ms]. */
  tauPos: number;
  /** Time constant of the trace that a Y spike leaves as a target [ms]. */
  tauNeg: number;
  /** Subtracted from every trained competition weight in every step. */
  weightDecay: number | null;
  /** Bounds of trained competition weights [mV]. */
  cWMin: number;
  cWMax: number;
  /** Time an image is shown [ms]. */
  timeMax: number;
  /** Rate of a pixel of full brightness [Hz]. */
  intensity: number;
  /** Length of a step [ms]. */
  dt: number;
  /** Refractory period of Y [ms]. */
  refrac: number;
  /** STDP amplitude of XY when the source spikes: what a weight loses. */
  nuPre: number;
  /** STDP amplitude of XY when the target spikes: what a weight gains. */
  nuPost: number;
  /** Growth of a Y neuron's threshold with each of its spikes while the network learns [mV]. */
  thetaPlus: number;
  /** Time constant with which that growth decays while the network learns [ms]. */
  tcThetaDecay: number;
  /** Whether float32 rounds that decay in every step, or keeps what rounding takes. */
  thetaDecay: ThetaDecay;
  seed: number;
  /** Neuron model of Y; null: AdaptiveLIF. */
  neuron: StoredNeuron | null;
  /** Learning rule of XY; null: PostPre. */
  rule: StoredRule | null;
}

/** Parameters as a network is given them: all have defaults. */
export type GivenParameters = Partial<Omit<SnnParameters, 'neuron' | 'rule'>> & {
  /** Neuron model of Y. Default: AdaptiveLIF. */
  neuron?: NeuronChoice | null;
  /** Learning rule of XY. Default: PostPre. */
  rule?: RuleChoice | null;
};

/** Parameters that are single values. */
export type SnnParameterName = Exclude<keyof SnnParameters, 'neuron' | 'rule'>;

export type { NetworkType };

interface ParameterSpec {
  /** Published name: its column in the database. */
  readonly published: string;
  readonly kind: 'count' | 'number' | 'boolean' | 'optional' | 'seed' | 'choice';
  readonly choices?: readonly string[];
  /** Smallest (count: at least; number: more than, unless `orEqual`); numbers are finite, unless `infinite`. */
  readonly least?: number;
  readonly orEqual?: boolean;
  readonly infinite?: boolean;
  readonly unit?: string;
  readonly description: string;
}

/** All parameters in the order in which they are shown. */
export const snnParameterSpecs: Readonly<Record<SnnParameterName, ParameterSpec>> = {
  nFilters: { published: 'n_filters', kind: 'count', least: 1, description: 'filters per receptive field' },
  kernelSize: {
    published: 'kernel_size',
    kind: 'count',
    least: 1,
    unit: 'pixels',
    description: 'side of a receptive field',
  },
  stride: {
    published: 'stride',
    kind: 'count',
    least: 1,
    unit: 'pixels',
    description: 'distance of neighbouring receptive fields',
  },
  crop: {
    published: 'crop',
    kind: 'count',
    least: 1,
    unit: 'pixels',
    description: 'side of the centred part of the image that is used',
  },
  meanWeight: {
    published: 'mean_weight',
    kind: 'number',
    least: 0,
    description: 'mean XY weight after normalisation',
  },
  cW: {
    published: 'c_w',
    kind: 'number',
    unit: 'mV',
    description: 'competition weight (trained competition: lower bound of its initial weights)',
  },
  cL: { published: 'c_l', kind: 'boolean', description: 'train the competition' },
  APos: {
    published: 'A_pos',
    kind: 'optional',
    description: 'amplitude of trained competition when the source spikes',
  },
  ANeg: {
    published: 'A_neg',
    kind: 'optional',
    description: 'amplitude of trained competition when the target spikes',
  },
  tauPos: {
    published: 'tau_pos',
    kind: 'number',
    least: 0,
    unit: 'ms',
    description: 'time constant of the trace of Y as a source',
  },
  tauNeg: {
    published: 'tau_neg',
    kind: 'number',
    least: 0,
    unit: 'ms',
    description: 'time constant of the trace of Y as a target',
  },
  weightDecay: {
    published: 'weight_decay',
    kind: 'optional',
    description: 'subtracted from trained competition weights in every step',
  },
  cWMin: {
    published: 'c_w_min',
    kind: 'number',
    infinite: true,
    unit: 'mV',
    description: 'lower bound of trained competition weights',
  },
  cWMax: {
    published: 'c_w_max',
    kind: 'number',
    infinite: true,
    unit: 'mV',
    description: 'upper bound of trained competition weights',
  },
  timeMax: {
    published: 'time_max',
    kind: 'number',
    least: 0,
    unit: 'ms',
    description: 'time an image is shown',
  },
  intensity: {
    published: 'intensity',
    kind: 'number',
    least: 0,
    unit: 'Hz',
    description: 'rate of a pixel of full brightness',
  },
  dt: { published: 'dt', kind: 'number', least: 0, unit: 'ms', description: 'length of a step' },
  refrac: {
    published: 'refrac',
    kind: 'number',
    least: 0,
    orEqual: true,
    unit: 'ms',
    description: 'refractory period of Y',
  },
  nuPre: {
    published: 'nu_pre',
    kind: 'number',
    description: 'what a weight of XY loses when its source spikes, times the trace of its target',
  },
  nuPost: {
    published: 'nu_post',
    kind: 'number',
    description: 'what a weight of XY gains when its target spikes, times the trace of its source',
  },
  thetaPlus: {
    published: 'theta_plus',
    kind: 'number',
    least: 0,
    orEqual: true,
    unit: 'mV',
    description: 'growth of a threshold of Y with each spike while learning',
  },
  tcThetaDecay: {
    published: 'tc_theta_decay',
    kind: 'number',
    least: 0,
    infinite: true,
    unit: 'ms',
    description: 'time constant with which that growth decays while learning',
  },
  thetaDecay: {
    published: 'theta_decay',
    kind: 'choice',
    choices: thetaDecays,
    description: 'whether float32 rounds that decay in every step, or keeps the part that rounding takes',
  },
  seed: { published: 'seed', kind: 'seed', description: 'seed of all random numbers' },
};

export const snnParameterNames = Object.keys(snnParameterSpecs) as SnnParameterName[];

const commonDefaults: Omit<SnnParameters, 'refrac' | 'kernelSize'> = {
  nFilters: 25,
  stride: 4,
  crop: 20,
  meanWeight: 0.4,
  cW: -100,
  cL: false,
  APos: null,
  ANeg: null,
  tauPos: 20,
  tauNeg: 20,
  weightDecay: null,
  cWMin: Number.NEGATIVE_INFINITY,
  cWMax: 0,
  timeMax: 250,
  intensity: 127.5,
  dt: 1,
  nuPre: publishedLearning.nu_pre,
  nuPost: publishedLearning.nu_post,
  thetaPlus: publishedLearning.theta_plus,
  tcThetaDecay: publishedLearning.tc_theta_decay,
  thetaDecay: publishedLearning.theta_decay,
  seed: 0,
  neuron: null,
  rule: null,
};

/** Whole, for copying them is ten times as fast as putting them together. */
const defaultsByType: Readonly<Record<NetworkType, SnnParameters>> = {
  LC_SNN: { ...commonDefaults, kernelSize: 12, refrac: 2 },
  C_SNN: { ...commonDefaults, kernelSize: 12, refrac: 5 },
  FC_SNN: { ...commonDefaults, kernelSize: commonDefaults.crop, refrac: 5 },
};

/** The published defaults of a network type. */
export function defaultParameters(type: NetworkType, crop: number = commonDefaults.crop): SnnParameters {
  const defaults: { -readonly [Name in keyof SnnParameters]: SnnParameters[Name] } = {
    ...defaultsByType[type],
  };
  defaults.crop = crop;
  if (type === 'FC_SNN') defaults.kernelSize = crop;
  return defaults;
}

/** Parameters of the usual neurons and rule that a definition takes where it has one of that name. */
export const neuronParameterNames = ['refrac', 'thetaPlus', 'tcThetaDecay'] as const;
export const ruleParameterNames = ['nuPre', 'nuPost'] as const;
