/** What a neuron model is: parameters with units, named state variables, and a pure step. */
import { number, oneOf } from '../../../options.js';
import type { SpikeTrain } from '../../encoding/spike-train.js';
import type { CompiledNeurons } from '../../definitions/neuron-graph.js';
import { type FloatArrays, type Precision, precisions, roundTo } from '../../precision.js';
import type { Draw } from '../../random/draws.js';
import type { LayerShape } from '../shape.js';

/** State of one layer: variables by name, engine order. */
export type NeuronState<P extends Precision = 'single'> = Readonly<Record<string, FloatArrays[P]>>;

/** Numbers derived once per `dt` from a model's parameters; float32 where the step uses them. */
export type NeuronConstants = Readonly<Record<string, number>>;

/** One step of all neurons of a layer: in float32, or where a model has equations in the precision of the network. */
export interface NeuronStep<P extends Precision = 'single'> {
  readonly state: NeuronState<P>;
  readonly constants: NeuronConstants;
  /** Synaptic input that the previous step propagated [mV]; of a model with several inputs, the first. */
  readonly input: FloatArrays[P];
  /** All of them, by name. */
  readonly inputs: Readonly<Record<string, FloatArrays[P]>>;
  /** Out: 1 where the neuron spikes. */
  readonly spikes: Uint8Array;
  /** Whether adaptive variables may change. */
  readonly learn: boolean;
  /** What the model's `draws` drew for every neuron, by their names. */
  readonly draws: Readonly<Record<string, Float32Array>>;
  readonly precision: P;
}

/**
 * A neuron model.  A new one is a file beside this one and a line in `index.ts`; it runs on the reference engine at
 * once, and on the engines that have a kernel for its `kernel`.
 */
export interface NeuronModel {
  readonly name: string;
  /** What engines other than the reference run it with. */
  readonly kernel: 'input' | 'leaky' | (string & {});
  /** Variables with their initial value, one or one for every neuron; those in `persistent` survive from image to image. */
  initialState(constants: NeuronConstants): Readonly<Record<string, number | ArrayLike<number>>>;
  readonly persistent: readonly string[];
  /** What a step draws, by the counter-based generator: engines hand it to `step`. */
  readonly draws?: readonly Draw[];
  /** Whether of the neurons that `step` lets spike one alone does: engines draw it. */
  readonly isExclusive?: boolean;
  /** Names of what connections and currents add to; absent: `input`. */
  readonly inputs?: readonly string[];
  /** Variable whose value neurons without spikes hand on in every step; absent: they hand on spikes. */
  readonly emits?: string;
  step(step: NeuronStep): void;
  /** The step as graphs of operations, for engines that emit kernels; absent: the reference engine alone runs it, in single precision. */
  compile?(dt: number, precision?: Precision): CompiledNeurons;
  /**
   * A step of several images that learn at once, whose states share the arrays of what is persistent; none: layers with equations run
   * those, others learn from one image at a time.
   */
  stepTogether?(steps: readonly NeuronStep[]): void;
}

/** The inputs of a model: where nothing says which one is meant, the first. */
export function inputsOf({ inputs = ['input'] }: NeuronModel): readonly string[] {
  return inputs;
}

/** A layer as a user describes it. */
export interface LayerDescription {
  readonly model: NeuronModel;
  /** The model in a network of a seed, as its layer of that number, where parameters are drawn; `model` if there is none. */
  readonly modelOf?: (seed: number, layer: number) => NeuronModel;
  /** The model as equations, which minibatches run, and double precision where `model` computes in float32; null: it has none. */
  readonly equations?: () => NeuronModel | null;
  readonly shape: LayerShape;
  /** Time constants of the spike traces that this layer offers as a source (pre) and as a target (post) [ms]. */
  readonly tcTracePre: number;
  readonly tcTracePost: number;
  constants(dt: number): NeuronConstants;
  /** The spikes of inputs that bring their own, published order. */
  readonly spikes?: (dt: number) => SpikeTrain;
  /** Time constants [ms] of what decays stepwise in float32, by parameter; traces aside. */
  readonly timeConstants?: Readonly<Record<string, number>>;
  /** What its class was given, enough to make it again; absent: no description of a network can hold it. */
  readonly options?: object;
}

/** A time constant [ms]; Infinity: no decay. */
export const timeConstant = number({ above: 0, unit: 'ms', infinite: true });

const precisionField = oneOf(precisions);

const stepLength = number({ above: 0, unit: 'ms' });

/**
 * Factor by which a quantity decays in one step: exp(−dt / tau), in float32 unless asked for otherwise.
 *
 * @param dt length of a step [ms]
 * @param tau time constant [ms]; Infinity: no decay, so 1
 * @throws LocusError `INVALID_ARGUMENT`
 */
export function decayPerStep(dt: number, tau: number, precision: Precision = 'single'): number {
  stepLength('decayPerStep', 'dt', dt);
  timeConstant('decayPerStep', 'tau', tau);
  precisionField('decayPerStep', 'precision', precision);
  return roundTo[precision](Math.exp(-dt / tau));
}
