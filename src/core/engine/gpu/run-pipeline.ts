/** Pipelines of gpu.js: all steps of an image or a batch as one plan on the device, run with checks that it is run as planned. */
import type { IKernelRunShortcut, IPipelineRunShortcut, KernelFunction } from 'gpu.js';
import { LocusError } from '../../../errors.js';
import { DevicePlan } from './device-plan.js';
import type { DeviceWeights } from './device-weights.js';
import { kernels } from './kernels.js';
import {
  adaptConstants,
  fanInTable,
  type GpuPlan,
  learnConstants,
  never,
  normalizeConstants,
  padRows,
} from './plan-network.js';
import { type KernelFunction32, printFunctions } from './print-functions.js';
import { printNeuronStep } from './print-neurons.js';
import type { GpuRuntime } from './runtime.js';

/** What a pipeline does; pipelines are kept by this. */
export interface PipelineShape {
  /** Images at the same time. */
  readonly members: number;
  /** Images one after another. */
  readonly images: number;
  readonly steps: number;
  readonly learn: boolean;
  /** Which connections learn: from the inputs, and competition. */
  readonly forwardLearns: boolean;
  readonly lateralLearns: boolean;
  /** Whether weights are normalised after each image. */
  readonly normalize: boolean;
  /** Whether the state after every step comes back, instead of counts. */
  readonly record: 'counts' | 'states' | 'states and weights';
  /** Room for weight rows in the lists of input spikes. */
  readonly capacity: number;
}

/** Arrays that a pipeline is given, all with the device's padding. */
export interface PipelineInput {
  readonly state: Float32Array;
  readonly tally: Float32Array;
  /** Thresholds that the step before compared with, and those of the first step. */
  readonly compared: Float32Array;
  readonly theta: Float32Array;
  readonly offsets: Float32Array;
  readonly rows: Float32Array;
  /** Weights; those that learn are changed. */
  readonly forward: DeviceWeights;
  readonly lateral: DeviceWeights;
  readonly ages: Float32Array;
  readonly everyForward: boolean;
  readonly everyLateral: boolean;
}

export interface StepRecord {
  readonly state: Float32Array;
  readonly theta: Float32Array;
  readonly forward: Float32Array | null;
  readonly lateral: Float32Array | null;
}

export interface PipelineOutput {
  /** Per image: [member, position, filter]. */
  readonly counts: readonly Float32Array[];
  readonly states: readonly StepRecord[];
  /** After learning, and where images depend on their order: the state after the last step; the thresholds it compared with. */
  readonly state: Float32Array | null;
  readonly theta: Float32Array | null;
}

type Handle = unknown;
type NestedResult = Float32Array | readonly NestedResult[];
type AnyKernel = (...args: never[]) => number;
/** An argument of a pipeline with its size, the fastest dimension first. */
type GivenArray = readonly [values: Float32Array | DeviceWeights, size: number[]];

const executors: Readonly<Record<GpuRuntime['backend'], readonly string[]>> = {
  webgpu: ['fused-encoder'],
  webasm: ['fused-threaded', 'fused-sync'],
};

export class GpuPipeline {
  readonly #pipeline: IPipelineRunShortcut;
  readonly #kernels: IKernelRunShortcut[] = [];
  /** What the first run has compiled, on WebGPU. */
  #compiled: DevicePlan | undefined;
  #checked = false;

  constructor(
    readonly runtime: GpuRuntime,
    readonly gpu: InstanceType<GpuRuntime['library']['GPU']>,
    readonly plan: GpuPlan,
    readonly shape: PipelineShape,
    threads: boolean,
  ) {
    const orchestrate = this.#orchestrate();
    this.#pipeline = gpu.createPipeline(orchestrate, { threads });
  }

  async run(input: PipelineInput): Promise<PipelineOutput> {
    const { plan, shape } = this;
    const { paddedFilters, nPositions, stateRows, forward, lateral, inputs } = plan;
    const { members, images, steps } = shape;
    const nSteps = images * steps;
    const given: GivenArray[] = [
      [input.state, [paddedFilters, stateRows, members]],
      [input.tally, [nPositions + 1, members]],
      [input.compared, [paddedFilters, nPositions]],
      [input.theta, [paddedFilters, nPositions]],
      [input.offsets, [nSteps + 1, nPositions, members]],
      [input.rows, [input.rows.length]],
      [input.forward, [paddedFilters, forward.program.wiring.fanOut.nRows]],
      [input.lateral, [paddedFilters, lateral?.program.wiring.fanOut.nRows ?? 1]],
      [input.ages, shape.learn ? [inputs.layer.size, nSteps, members] : [1]],
      [Float32Array.of(input.everyForward ? 1 : 0), [1]],
      [Float32Array.of(input.everyLateral ? 1 : 0), [1]],
      [Float32Array.of(0), [1]],
    ];
    const weights = new Map([
      ['forward', input.forward],
      ['lateral', input.lateral],
    ]);
    const results = this.#compiled
      ? await this.#compiled.run({ given: given.map(([values]) => values), learned: weights })
      : await this.#runByLibrary(given, weights);
    const read = (name: string) => results[name] ?? null;
    return {
      counts: Array.from({ length: images }, (_, image) => read(`counts${image}`)).filter((c) => c !== null),
      states: Array.from({ length: shape.record === 'counts' ? 0 : nSteps }, (_, step) => ({
        state: results[`state${step}`],
        theta: read(`theta${step}`) ?? input.theta,
        forward: read(`forward${step}`),
        lateral: read(`lateral${step}`),
      })),
      state: read('state'),
      theta: read('theta'),
    };
  }

  /** A run in the hands of gpu.js, which compiles at the first; all arrays go up and come back. */
  async #runByLibrary(
    given: readonly GivenArray[],
    weights: ReadonlyMap<string, DeviceWeights>,
  ): Promise<Record<string, Float32Array>> {
    for (const each of weights.values()) await each.download();
    const nested = (await this.#pipeline(
      ...given.map(([values, size]) =>
        this.#wrap(values instanceof Float32Array ? values : values.values, size),
      ),
    )) as unknown as Record<string, NestedResult>;
    this.#check();
    const results = Object.fromEntries(
      Object.entries(nested).map(([name, result]) => [name, flatten(result)]),
    );
    for (const [name, each] of weights) if (name in results) each.values = results[name];
    if (this.runtime.backend === 'webgpu') this.#compiled = new DevicePlan(this.#pipeline);
    return results;
  }

  /** Frees the buffers and programs of this pipeline; waits for a run that has begun. */
  async destroy(): Promise<void> {
    await this.#pipeline.destroy();
    for (const kernel of this.#kernels) kernel.destroy();
  }

  /** gpu.js carries on step by step, or on another backend, where a plan cannot be run as a whole: that must not go unseen. */
  #check(): void {
    if (this.#checked) return;
    const { backend } = this.runtime;
    const { backend: got, executorKind, fallbackReason } = this.#pipeline;
    if (got !== backend || !executors[backend].includes(executorKind) || fallbackReason !== null) {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        `engine gpu: expected ${backend} (${executors[backend].join(' or ')}), got ${got} (${executorKind}): ${fallbackReason ?? 'no reason given'}`,
      );
    }
    this.#checked = true;
  }

  #wrap(values: Float32Array, size: number[]) {
    return new this.runtime.library.Input(values as unknown as number[], size as [number]);
  }

  #wrapFlat(values: Float32Array) {
    return this.#wrap(values, [values.length]);
  }

  #kernel(
    kernel: AnyKernel | string,
    output: number[],
    constants: object,
    functions: readonly KernelFunction32[] = [],
  ) {
    const settings = { output, constants, functions, precision: 'single', loopMaxIterations: 2 ** 24 };
    const created = this.gpu.createKernel(kernel as unknown as KernelFunction, settings as never);
    this.#kernels.push(created);
    return created as unknown as (...args: Handle[]) => Handle;
  }

  /** Learning of one connection: its kernels, or null where it does not learn. */
  #plasticity(connection: GpuPlan['forward'], kernel: AnyKernel, extra: object) {
    const { plan, shape } = this;
    const { program } = connection;
    const { fanOut, nGroups } = program.wiring;
    const { products, ...constants } = learnConstants(plan, program, shape.members);
    const rows = [plan.paddedFilters, fanOut.nRows];
    const learn =
      program.rule.kernel === 'none'
        ? null
        : this.#kernel(kernel, rows, {
            ...constants,
            products: this.#wrap(products, [never + 1, 2]),
            ...extra,
          });
    if (!shape.normalize || program.norm === null) return { learn, normalize: null };
    const normalizing = normalizeConstants(plan, program, shape.members);
    const factors = this.#kernel(kernels.columnFactors, [plan.paddedFilters, nGroups], normalizing);
    const scale = this.#kernel(kernels.scaleColumns, rows, { groupRows: normalizing.groupRows });
    return {
      learn,
      normalize: (weights: Handle, before: Handle, state: Handle, theta: Handle, every: Handle) =>
        scale(weights, factors(weights, before, state, theta, every)),
    };
  }

  /** The step of the neurons: from state, tally, lists of spikes, thresholds and weights to the next state. */
  #stepNeurons(): (...found: Handle[]) => Handle {
    const { plan, shape } = this;
    const { paddedFilters, nPositions, stateRows, advance, defined, neurons } = plan;
    const { members, learn } = shape;
    const output = [paddedFilters, stateRows, members];
    if (!defined) return this.#kernel(kernels.advance, output, advance);
    const gather = this.#kernel(kernels.gatherInput, [paddedFilters, nPositions, members], advance);
    const { backend } = this.runtime;
    const { text, values } = printNeuronStep(
      learn ? defined.compiled.learning : defined.compiled.frozen,
      defined.variables,
      { nPositions, size: neurons.layer.size, backend },
    );
    const rows = values.map((each) => padRows(plan, each));
    const constants = rows.length > 0 && {
      values: this.#wrap(join(rows), [paddedFilters, rows.length * nPositions]),
    };
    const step = this.#kernel(text, output, { ...constants }, printFunctions(text, backend));
    return (state, ...found) => step(state, gather(state, ...found));
  }

  #orchestrate() {
    const { plan, shape } = this;
    const { paddedFilters, nPositions, stateRows, defined } = plan;
    const { members, images, steps, learn } = shape;
    const step = this.#stepNeurons();
    const renew =
      defined && defined.nRenewed < defined.variables.length
        ? this.#kernel(kernels.renewState, [paddedFilters, stateRows, members], {
            nRenewedRows: (2 + defined.nRenewed) * nPositions,
          })
        : null;
    const tallyOf = this.#kernel(kernels.tallySpikes, [nPositions + 1, members], plan.advance);
    const forget = this.#kernel(kernels.forgetSpikes, [nPositions + 1, members], { nPositions });
    const count = this.#kernel(kernels.countSpikes, [paddedFilters, nPositions, members], plan.advance);
    const adapt = this.#kernel(
      kernels.adaptThresholds,
      [paddedFilters, nPositions],
      adaptConstants(plan, members),
    );
    const forwardPlasticity =
      learn && shape.forwardLearns
        ? this.#plasticity(plan.forward, kernels.learnForward, {
            nRows: plan.forward.program.wiring.fanOut.nRows,
            fanIn: this.#wrapFlat(fanInTable(plan.forward.program)),
          })
        : { learn: null, normalize: null };
    const lateralPlasticity =
      learn && shape.lateralLearns && plan.lateral
        ? this.#plasticity(plan.lateral, kernels.learnLateral, {})
        : { learn: null, normalize: null };
    const results: Record<string, Handle> = {};
    return (
      state0: Handle,
      tally0: Handle,
      compared0: Handle,
      theta0: Handle,
      offsets: Handle,
      rows: Handle,
      forward0: Handle,
      lateral0: Handle,
      ages: Handle,
      everyForward: Handle,
      everyLateral: Handle,
      onlyChanged: Handle,
    ) => {
      let tally = tally0;
      let theta = compared0;
      let forward = forward0;
      let lateral = lateral0;
      let last = state0;
      for (let image = 0; image < images; image++) {
        let state = image > 0 && renew ? renew(state0, last) : state0;
        if (image > 0) tally = forget(tally);
        const before = { forward, lateral };
        for (let t = 0; t < steps; t++) {
          const isFirst = image === 0 && t === 0;
          const next = isFirst || !learn || defined ? theta0 : adapt(theta, last);
          state = step(state, tally, offsets, rows, theta, forward, lateral);
          theta = next;
          if (forwardPlasticity.learn) forward = forwardPlasticity.learn(forward, state, theta, tally, ages);
          if (lateralPlasticity.learn) lateral = lateralPlasticity.learn(lateral, state, theta);
          tally = tallyOf(state, theta, tally);
          last = state;
          if (shape.record === 'counts') continue;
          const at = image * steps + t;
          results[`state${at}`] = state;
          if (learn) results[`theta${at}`] = theta;
          if (shape.record === 'states') continue;
          if (forwardPlasticity.learn) results[`forward${at}`] = forward;
          if (lateralPlasticity.learn) results[`lateral${at}`] = lateral;
        }
        if (forwardPlasticity.normalize) {
          const every = image === 0 ? everyForward : onlyChanged;
          forward = forwardPlasticity.normalize(forward, before.forward, state, theta, every);
        }
        if (lateralPlasticity.normalize) {
          const every = image === 0 ? everyLateral : onlyChanged;
          lateral = lateralPlasticity.normalize(lateral, before.lateral, state, theta, every);
        }
        if (shape.record === 'counts') results[`counts${image}`] = count(state, theta);
      }
      if (learn || defined?.dependsOnOrder) results.state = last;
      if (learn) {
        results.theta = theta;
        if (forward !== forward0) results.forward = forward;
        if (lateral !== lateral0) results.lateral = lateral;
      }
      return results;
    };
  }
}

/** The numbers of a result, row by row. */
function flatten(result: NestedResult): Float32Array {
  if (result instanceof Float32Array) return result;
  return join(result.map(flatten));
}

function join(parts: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}
