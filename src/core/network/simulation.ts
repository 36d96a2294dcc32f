/** The contract between networks and the engines that run them, and the registry of engines. */
import { LocusError, unknownName } from '../../errors.js';
import type { FloatArrays, Precision } from '../precision.js';
import { count, custom, renamed, type Schema, threadCount } from '../../options.js';
import type { PoissonStimulus } from '../encoding/stimulus.js';
import type { DrawMoment } from '../random/draws.js';
import { type Purpose, purposes } from '../random/stream.js';
import type { Program } from './program.js';
import type { SpikeTrain } from '../encoding/spike-train.js';

/** Many images for one input layer, each `steps` long; the state is reset before each. */
export interface Presentation {
  readonly layer: number;
  readonly count: number;
  readonly steps: number;
  /** The spikes of image `index`, in engine order. */
  spikes(index: number): SpikeTrain;
  /**
   * Signals that rules read while they learn from image `index`, by name: a number, or one for every step. Those that it does not give are
   * what `setSignal` says.
   */
  signals?(index: number): Readonly<Record<string, number | ArrayLike<number>>>;
  /** What `spikes` computes, for engines that have a kernel for it. */
  readonly poisson?: PoissonStimulus;
  /** What random draws of neurons depend on where spikes are data. */
  readonly draws?: ImageDraws;
}

/** The images that draws are for: by numbers among those of a purpose. */
export interface ImageDraws {
  readonly purpose: Purpose;
  readonly items: Uint32Array;
}

export interface PresentOptions {
  /** Whether plastic connections and adaptive thresholds change; weights are normalised after each image. */
  readonly learn: boolean;
  /** Layer of neurons whose spikes are counted, or several. */
  readonly count: number | readonly number[];
  /** Steps after which counting begins anew (default: all steps, so that there is one window). */
  readonly countEvery?: number;
  /**
   * Called with the spike counts [image, window, neuron] (engine order; of several layers one after the other) of the images from
   * `first` on, valid during the call.
   */
  readonly onCounts?: (counts: Uint16Array, first: number) => void;
  /** Called with the number of spikes [image, layer] of every layer, valid during the call. */
  readonly onSpikes?: (spikes: Uint32Array, first: number) => void;
  /** Called now and then with the number of images done. */
  readonly onProgress?: (done: number) => void;
  /** Ends the presentation between two images; what was learned until then stays. */
  readonly signal?: AbortSignal;
  /**
   * Images that learn at the same time, 1 if left out: weights change by the mean of what they add, or the sum (`reduction` of a rule);
   * they share what outlives an image, such as thresholds, which grow by the number of them that spike.
   */
  readonly batchSize?: number;
}

/** Number of the purpose of a presentation's spikes, which what neurons draw depends on; 0 where it says none. */
export function purposeOf({ poisson, draws }: Presentation): number {
  const { purpose } = poisson ?? draws ?? {};
  return purpose ? purposes[purpose] : 0;
}

/** Number of an image among all of its purpose; where it has none, among those of the presentation. */
export function itemOf({ poisson, draws }: Presentation, image: number): number {
  return (poisson ?? draws)?.items[image] ?? image;
}

/** The layers whose spikes are counted. */
export function countedLayers({ count }: Pick<PresentOptions, 'count'>): readonly number[] {
  return typeof count === 'number' ? [count] : count;
}

/** Purpose and number of an image. */
export type ImageMoment = Omit<DrawMoment, 'step'>;

/** What a layer takes in a step instead of random draws. */
export interface GivenDraws {
  /** Numbers [call, neuron], engine order. */
  readonly values?: Float32Array;
  /** The one neuron that spikes if it may, in engine order; −1: none. */
  readonly choice?: number;
}

/** Steps from the present state on, without a reset. */
export interface RunSteps {
  /** Spikes of input layers, in engine order, at least as many steps. */
  readonly inputs: ReadonlyMap<number, SpikeTrain>;
  readonly steps: number;
  readonly learn: boolean;
  /** Whether `onStep` will read weights, or state of synapses. */
  readonly recordWeights: boolean;
  /** What compiled rules read, by name: one value, or one for every step. */
  readonly signals?: ReadonlyMap<string, number | ArrayLike<number>>;
  /** Called after every step; variables (and weights) are those of this step. */
  readonly onStep?: () => void;
}

/** Some steps from the present state on, to which nothing but the spikes of inputs is given. */
export interface StepBlock {
  /** Spikes of input layers, in engine order, of as many steps; those that are missing are silent. */
  readonly inputs: ReadonlyMap<number, SpikeTrain>;
  readonly steps: number;
  readonly learn: boolean;
  /** Layers of neurons whose spikes are returned. */
  readonly spikesOf: readonly number[];
  /** Sets what compiled rules read in a step of the block. */
  readonly setSignals: (step: number) => void;
}

/** A compiled network with its state.  All arrays are in engine order, those of numbers in the precision of the program. */
export interface Simulation<P extends Precision = 'single'> {
  readonly engine: string;
  readonly program: Program;
  /** Copy of the weights [row, column] of a connection. */
  getWeights(connection: number): FloatArrays[P];
  /** Sets weights; `normalized` says that they already sum to the connection's norm. */
  setWeights(connection: number, weights: FloatArrays[P], normalized: boolean): void;
  /** Copy of a layer's variable: one of its model's, or `input`, `spikes`, `tracePre`, `tracePost`. */
  getVariable(layer: number, variable: string): FloatArrays[P];
  /** Sets one of the model's variables, or `input`. */
  setVariable(layer: number, variable: string, values: FloatArrays[P]): void;
  /**
   * Copy of a variable of a connection's compiled rule or synapse model: a trace or state of sources, by neuron, or state of its synapses
   * [row, column].
   */
  getConnectionVariable(connection: number, variable: string): FloatArrays[P];
  setConnectionVariable(connection: number, variable: string, values: FloatArrays[P]): void;
  /**
   * Sets what compiled rules read from the next step on.
   *
   * @throws LocusError `UNKNOWN_NAME` where no rule reads it
   */
  setSignal(name: string, value: number): void;
  /** Before a step: adds to one of the model's variables, or to `input`. An engine without it takes spikes of input layers only. */
  inject?(layer: number, variable: string, values: Float32Array): void;
  /** Neurons that spike in the next step in any case, and neurons that do not, ascending; traces follow, voltages do not. */
  clamp?(layer: number, forced: Uint32Array, forbidden: Uint32Array): void;
  /** Whether a connection learns when the network does (true at first). */
  setPlastic(connection: number, plastic: boolean): void;
  isPlastic(connection: number): boolean;
  /**
   * Before an image: voltages, refractory counters, traces, spikes and inputs; not what is persistent.
   *
   * @param image what random draws depend on from here on: an image that is presented, or a run (purpose 0) by its number. Default: the
   *   run after the last
   */
  resetState(image?: ImageMoment): void;
  /** One step with the given spikes of the input layers (neurons ascending), and what is drawn, where that is data. */
  step(
    inputs: ReadonlyMap<number, Uint32Array>,
    learn: boolean,
    draws?: ReadonlyMap<number, GivenDraws>,
  ): void;
  /** Makes a block of steps and returns the spikes of the layers that it names, engine order; an engine without it makes them one by one. */
  advance?(block: StepBlock): readonly SpikeTrain[];
  /** Many steps, for engines that cannot make them one by one; others have none, and `step` is called. */
  run?(steps: RunSteps): Promise<void>;
  /** After a training image: normalises the weights that learned, of all plastic connections or of one. */
  normalize(connection?: number): void;
  /**
   * Presents images one after another, the state reset before each and after the last; returns how many: all, unless the
   * signal ended it.  What is asked for while another presentation runs begins after it.
   */
  present(presentation: Presentation, options: PresentOptions): Promise<number>;
  /** Frees memory and threads; the simulation cannot be used afterwards. */
  dispose(): void;
}

export interface EngineOptions {
  /** Threads that images or receptive fields are spread over; the result does not depend on it. */
  readonly threads?: number;
  /** Images that are evaluated at the same time, for engines that do so (gpu); chosen by the device's memory if left out. */
  readonly gpuBatch?: number;
  /** @deprecated Former name of `gpuBatch`. */
  readonly batch?: number;
}

const gpuBatch = count({ unit: 'images' });

/** Images that a GPU evaluates at a time, under the present and the former name. */
export const gpuBatchFields: Schema<Pick<EngineOptions, 'gpuBatch' | 'batch'>> = {
  gpuBatch,
  batch: renamed('gpuBatch', gpuBatch),
};

export const engineSchema: Schema<EngineOptions> = { threads: threadCount, ...gpuBatchFields };

export interface Engine {
  readonly name: string;
  /** What it computes in. Default: single. */
  readonly precisions?: readonly Precision[];
  /** The simulation is in the precision of the program. */
  prepare(program: Program, options?: EngineOptions): Simulation<Precision>;
}

const engineField = custom<Engine>('to be an object with name and prepare', (value) => {
  const { name, prepare } = (value ?? {}) as Partial<Engine>;
  return typeof name === 'string' && typeof prepare === 'function';
});

const engines = new Map<string, Engine>();

/** Makes an engine known by its name, to networks and commands; one of the same name is replaced. */
export function registerEngine(engine: Engine): void {
  engineField('registerEngine', 'engine', engine);
  engines.set(engine.name, engine);
}

export function listEngines(): string[] {
  return [...engines.keys()];
}

/** The engine of that name; an error that says what there is where there is none. */
export function getEngine(name: string): Engine {
  const engine = engines.get(name);
  if (!engine) throw unknownName('engine', 'engine', name, listEngines());
  return engine;
}

/** @throws LocusError `ENGINE_UNAVAILABLE` naming engine and precision */
export function checkPrecision({ name, precisions = ['single'] }: Engine, precision: Precision): void {
  if (precisions.includes(precision)) return;
  throw new LocusError(
    'ENGINE_UNAVAILABLE',
    `engine ${name}: computes in ${precisions.join(' or ')} precision; precision "${precision}" runs on the engine "reference"`,
  );
}

/** What an engine says of a model or rule it has no kernel for. */
export function unsupported(engine: string, what: string, name: string): LocusError {
  return new LocusError(
    'ENGINE_UNAVAILABLE',
    `engine ${engine}: no kernel for ${what} "${name}"; the engine "reference" runs every ${what}`,
  );
}
