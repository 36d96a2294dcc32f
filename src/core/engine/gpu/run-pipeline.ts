/** Pipelines of gpu.js: all steps of an image or a batch as one plan on the device, run with checks that it is run as planned. */
import type { IKernelRunShortcut, IPipelineRunShortcut, KernelFunction } from 'gpu.js';
import { LocusError } from '../../../errors.js';
import { DevicePlan } from './device-plan.js';
import type { DeviceWeights } from './device-weights.js';
import { joinArrays } from '../../join-arrays.js';
import { kernels } from './kernels.js';
import { adaptConstants, type GpuPlan, padRows, type PlannedConnection } from './plan-network.js';
import {
  type AnyKernel,
  type Carried,
  type Handle,
  type KernelMaker,
  makePlasticity,
  noPlasticity,
} from './plasticity.js';
import { sourcesWidth } from './plan-rules.js';
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
  /** For defined rules that learn. */
  readonly forwardRule: RuleInput | null;
  readonly lateralRule: RuleInput | null;
}

/** What a defined rule has beside the weights: see plan-rules.ts. */
export interface RuleInput {
  /** State of synapses; what it becomes replaces it. */
  readonly synapse: DeviceWeights;
  readonly ends: Float32Array;
  readonly sources: Float32Array;
}

/** Weights, and state of the synapses of a defined rule, that learn. */
export interface LearnedRecord {
  readonly weights: Float32Array | null;
  readonly synapse: Float32Array | null;
}

export interface StepRecord {
  readonly state: Float32Array;
  readonly theta: Float32Array;
  readonly forward: LearnedRecord;
  readonly lateral: LearnedRecord;
}

export interface PipelineOutput {
  /** Per image: [member, position, filter]. */
  readonly counts: readonly Float32Array[];
  readonly states: readonly StepRecord[];
  /** After learning, and where images depend on their order: the state after the last step; the thresholds it compared with. */
  readonly state: Float32Array | null;
  readonly theta: Float32Array | null;
}

type NestedResult = Float32Array | readonly NestedResult[];
/** An argument of a pipeline with its size, the fastest dimension first. */
type GivenArray = readonly [values: Float32Array | DeviceWeights, size: number[]];

const executors: Readonly<Record<GpuRuntime['backend'], readonly string[]>> = {
  webgpu: ['fused-encoder'],
  webasm: ['fused-threaded', 'fused-sync'],
};

const one = new Float32Array(1);

/** Whether learning looks at the ages of the inputs' traces; defined rules have traces of their own. */
export function needsAges({ forward }: GpuPlan, learn: boolean): boolean {
  return learn && forward.rule === null;
}

export class GpuPipeline implements KernelMaker {
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
      [input.ages, needsAges(plan, shape.learn) ? [inputs.layer.size, nSteps, members] : [1]],
      [Float32Array.of(input.everyForward ? 1 : 0), [1]],
      [Float32Array.of(input.everyLateral ? 1 : 0), [1]],
      [Float32Array.of(0), [1]],
      ...this.#giveRule(input.forwardRule, forward),
      ...this.#giveRule(input.lateralRule, lateral),
    ];
    const weights = new Map([
      ['forward', input.forward],
      ['lateral', input.lateral],
    ]);
    if (input.forwardRule) weights.set('forwardSynapse', input.forwardRule.synapse);
    if (input.lateralRule) weights.set('lateralSynapse', input.lateralRule.synapse);
    const results = this.#compiled
      ? await this.#compiled.run({ given: given.map(([values]) => values), learned: weights })
      : await this.#runByLibrary(given, weights);
    const read = (name: string) => results[name] ?? null;
    return {
      counts: Array.from({ length: images }, (_, image) => read(`counts${image}`)).filter((c) => c !== null),
      states: Array.from({ length: shape.record === 'counts' ? 0 : nSteps }, (_, step) => ({
        state: results[`state${step}`],
        theta: read(`theta${step}`) ?? input.theta,
        forward: { weights: read(`forward${step}`), synapse: read(`forwardSynapse${step}`) },
        lateral: { weights: read(`lateral${step}`), synapse: read(`lateralSynapse${step}`) },
      })),
      state: read('state'),
      theta: read('theta'),
    };
  }

  #giveRule(given: RuleInput | null, connection: PlannedConnection | null): GivenArray[] {
    const { paddedFilters, nPositions } = this.plan;
    const { rule, program } = connection ?? {};
    if (!given || !rule || !program) return Array.from({ length: 3 }, () => [one, [1]]);
    const stateRows = rule.variables.length * program.wiring.fanOut.nRows;
    const width = sourcesWidth(rule);
    return [
      stateRows > 0 ? [given.synapse, [paddedFilters, stateRows]] : [one, [1]],
      [given.ends, [paddedFilters, rule.ends.length * nPositions]],
      [given.sources, [width, given.sources.length / width]],
    ];
  }

  /** A run in the hands of gpu.js, which compiles at the first; all arrays go up and come back. */
  async #runByLibrary(
    given: readonly GivenArray[],
    weights: ReadonlyMap<string, DeviceWeights>,
  ): Promise<Record<string, Float32Array>> {
    for (const each of weights.values()) await each.download();
    const nested = (await this.#pipeline(
      ...given.map(([values, size]) =>
        this.wrap(values instanceof Float32Array ? values : values.values, size),
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

  get backend() {
    return this.runtime.backend;
  }

  wrap(values: Float32Array, size: readonly number[]) {
    return new this.runtime.library.Input(values as unknown as number[], [...size] as [number]);
  }

  kernel(
    kernel: AnyKernel | string,
    output: readonly number[],
    constants: object,
    functions: readonly KernelFunction32[] = [],
  ) {
    const settings = {
      output: [...output],
      constants,
      functions,
      precision: 'single',
      loopMaxIterations: 2 ** 24,
    };
    const created = this.gpu.createKernel(kernel as unknown as KernelFunction, settings as never);
    this.#kernels.push(created);
    return created as unknown as (...args: Handle[]) => Handle;
  }

  /** The step of the neurons: from state, tally, lists of spikes, thresholds and weights to the next state. */
  #stepNeurons(): (...found: Handle[]) => Handle {
    const { plan, shape } = this;
    const { paddedFilters, nPositions, stateRows, advance, defined, neurons } = plan;
    const { members, learn } = shape;
    const output = [paddedFilters, stateRows, members];
    if (!defined) return this.kernel(kernels.advance, output, advance);
    const gather = this.kernel(kernels.gatherInput, [paddedFilters, nPositions, members], advance);
    const { backend } = this.runtime;
    const { text, values } = printNeuronStep(
      learn ? defined.compiled.learning : defined.compiled.frozen,
      defined.variables,
      { nPositions, size: neurons.layer.size, backend },
    );
    const rows = values.map((each) => padRows(plan, each));
    const constants = rows.length > 0 && {
      values: this.wrap(joinArrays(rows), [paddedFilters, rows.length * nPositions]),
    };
    const step = this.kernel(text, output, { ...constants }, printFunctions(text, backend));
    return (state, ...found) => step(state, gather(state, ...found));
  }

  #orchestrate() {
    const { plan, shape } = this;
    const { paddedFilters, nPositions, stateRows, defined } = plan;
    const { members, images, steps, learn } = shape;
    const step = this.#stepNeurons();
    const renew =
      defined && defined.nRenewed < defined.variables.length
        ? this.kernel(kernels.renewState, [paddedFilters, stateRows, members], {
            nRenewedRows: (2 + defined.nRenewed) * nPositions,
          })
        : null;
    const tallyOf = this.kernel(kernels.tallySpikes, [nPositions + 1, members], plan.advance);
    const forget = this.kernel(kernels.forgetSpikes, [nPositions + 1, members], { nPositions });
    const count = this.kernel(kernels.countSpikes, [paddedFilters, nPositions, members], plan.advance);
    const adapt = this.kernel(
      kernels.adaptThresholds,
      [paddedFilters, nPositions],
      adaptConstants(plan, members),
    );
    const plasticity = (connection: PlannedConnection | null, learns: boolean) =>
      learn && learns && connection ? makePlasticity(this, plan, connection, shape) : noPlasticity;
    const forwardPlasticity = plasticity(plan.forward, shape.forwardLearns);
    const lateralPlasticity = plasticity(plan.lateral, shape.lateralLearns);
    const results: Record<string, Handle> = {};
    /** Returns what learning has changed of a connection. */
    const give = (name: string, step: string, { weights, synapse }: Carried, first: Carried) => {
      if (weights !== first.weights) results[`${name}${step}`] = weights;
      if (synapse !== first.synapse) results[`${name}Synapse${step}`] = synapse;
    };
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
      forwardSynapse: Handle,
      forwardEnds: Handle,
      forwardSources: Handle,
      lateralSynapse: Handle,
      lateralEnds: Handle,
      lateralSources: Handle,
    ) => {
      const forwardFirst: Carried = { weights: forward0, synapse: forwardSynapse, ends: forwardEnds };
      const lateralFirst: Carried = { weights: lateral0, synapse: lateralSynapse, ends: lateralEnds };
      const forwardInputs = plan.forward.rule ? forwardSources : ages;
      let tally = tally0;
      let theta = compared0;
      let forward = forwardFirst;
      let lateral = lateralFirst;
      let last = state0;
      for (let image = 0; image < images; image++) {
        let state = image > 0 && renew ? renew(state0, last) : state0;
        if (image > 0) tally = forget(tally);
        if (shape.normalize) {
          forward = forwardPlasticity.begin(forward, forwardFirst);
          lateral = lateralPlasticity.begin(lateral, lateralFirst);
        }
        const before = { forward, lateral };
        for (let t = 0; t < steps; t++) {
          const isFirst = image === 0 && t === 0;
          const next = isFirst || !learn || defined ? theta0 : adapt(theta, last);
          state = step(state, tally, offsets, rows, theta, forward.weights, lateral.weights);
          theta = next;
          forward = forwardPlasticity.learn(forward, { state, theta, tally, inputs: forwardInputs });
          lateral = lateralPlasticity.learn(lateral, { state, theta, tally, inputs: lateralSources });
          tally = tallyOf(state, theta, tally);
          last = state;
          if (shape.record === 'counts') continue;
          const at = image * steps + t;
          results[`state${at}`] = state;
          if (learn) results[`theta${at}`] = theta;
          if (shape.record === 'states') continue;
          give('forward', String(at), forward, forwardFirst);
          give('lateral', String(at), lateral, lateralFirst);
        }
        const [every, everyOther] = image === 0 ? [everyForward, everyLateral] : [onlyChanged, onlyChanged];
        forward = forwardPlasticity.normalize(forward, before.forward, { state, theta }, every);
        lateral = lateralPlasticity.normalize(lateral, before.lateral, { state, theta }, everyOther);
        if (shape.record === 'counts') results[`counts${image}`] = count(state, theta);
      }
      if (learn || defined?.dependsOnOrder) results.state = last;
      if (learn) {
        results.theta = theta;
        give('forward', '', forward, forwardFirst);
        give('lateral', '', lateral, lateralFirst);
      }
      return results;
    };
  }
}

/** The numbers of a result, row by row. */
function flatten(result: NestedResult): Float32Array {
  if (result instanceof Float32Array) return result;
  return joinArrays(result.map(flatten));
}
