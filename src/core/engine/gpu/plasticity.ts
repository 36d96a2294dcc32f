/** The kernels by which one connection learns: those of pair STDP, or those printed from the equations of its rule. */
import type { SynapseProgram } from '../../network/program.js';
import { joinArrays } from '../../join-arrays.js';
import { kernels } from './kernels.js';
import {
  fanInTable,
  type GpuPlan,
  learnConstants,
  never,
  normalizeConstants,
  padRows,
  type PlannedConnection,
} from './plan-network.js';
import type { RulePlan } from './plan-rules.js';
import { printEnds } from './print-ends.js';
import { type KernelFunction32, printFunctions } from './print-functions.js';
import { printRule, type RuleArgument, type RuleKernel } from './print-rules.js';
import type { GpuBackend } from './runtime.js';

/** An array of a pipeline while that is recorded. */
export type Handle = unknown;

export type AnyKernel = (...args: never[]) => number;

/** Makes kernels of a pipeline. */
export interface KernelMaker {
  readonly backend: GpuBackend;
  kernel(
    kernel: AnyKernel | string,
    output: readonly number[],
    constants: object,
    functions?: readonly KernelFunction32[],
  ): (...args: Handle[]) => Handle;
  /** An array as gpu.js takes it among constants, the fastest dimension first. */
  wrap(values: Float32Array, size: readonly number[]): unknown;
}

/** What goes from step to step of one connection; the last two only for defined rules. */
export interface Carried {
  readonly weights: Handle;
  readonly synapse: Handle;
  readonly ends: Handle;
}

/** What learning finds after the neurons have been stepped. */
export interface StepFound {
  readonly state: Handle;
  readonly theta: Handle;
  /** Of the step before, with the number of this step. */
  readonly tally: Handle;
  /** Of the inputs: their ages for pair STDP, `sources` for defined rules. */
  readonly inputs: Handle;
}

export interface Plasticity {
  /** What an image begins with, `first` being what the first one began with. */
  begin(carried: Carried, first: Carried): Carried;
  learn(carried: Carried, found: StepFound): Carried;
  /** After an image: the weights it met are `before`. */
  normalize(
    carried: Carried,
    before: Carried,
    found: Pick<StepFound, 'state' | 'theta'>,
    every: Handle,
  ): Carried;
}

const same = (carried: Carried) => carried;

/** A connection that does not learn. */
export const noPlasticity: Plasticity = { begin: same, learn: same, normalize: same };

interface Shape {
  readonly members: number;
  readonly normalize: boolean;
}

export function makePlasticity(
  maker: KernelMaker,
  plan: GpuPlan,
  connection: PlannedConnection,
  shape: Shape,
): Plasticity {
  const { rule, program } = connection;
  const { normalize } =
    shape.normalize && program.norm !== null
      ? makeNormalization(maker, plan, connection, shape)
      : noPlasticity;
  if (rule) return { ...makeDefined(maker, plan, rule, program), normalize };
  if (program.rule.kernel === 'none') return { ...noPlasticity, normalize };
  return { begin: same, learn: makePairStdp(maker, plan, connection, shape), normalize };
}

function makePairStdp(
  maker: KernelMaker,
  plan: GpuPlan,
  { program }: PlannedConnection,
  { members }: Shape,
): Plasticity['learn'] {
  const { nRows } = program.wiring.fanOut;
  const { products, ...constants } = learnConstants(plan, program, members);
  const output = [plan.paddedFilters, nRows];
  const all = { ...constants, products: maker.wrap(products, [never + 1, 2]) };
  if (program.source === plan.inputs.index) {
    const fanIn = fanInTable(program);
    const learn = maker.kernel(kernels.learnForward, output, {
      ...all,
      nRows,
      fanIn: maker.wrap(fanIn, [fanIn.length]),
    });
    return (carried, { state, theta, tally, inputs }) => ({
      ...carried,
      weights: learn(carried.weights, state, theta, tally, inputs),
    });
  }
  const learn = maker.kernel(kernels.learnLateral, output, all);
  return (carried, { state, theta }) => ({ ...carried, weights: learn(carried.weights, state, theta) });
}

function makeDefined(
  maker: KernelMaker,
  plan: GpuPlan,
  rule: RulePlan,
  program: SynapseProgram,
): Pick<Plasticity, 'begin' | 'learn'> {
  const { nPositions, paddedFilters } = plan;
  const { wiring, wMin, wMax } = program;
  const { nRows, rowLength } = wiring.fanOut;
  const { backend } = maker;
  const printed = printRule(rule, {
    nRows,
    rowLength,
    nPositions,
    wMin,
    wMax,
    masksSelf: wiring.maskSelf,
    backend,
  });
  const values = joinArrays(printed.values.map((each) => padRows(plan, each)));
  const fanIn = fanInTable(program);
  const make = ({ text, reads }: RuleKernel, rows: number) => {
    const kernel = maker.kernel(
      text,
      [paddedFilters, rows],
      {
        ...(text.includes('constants.fanIn') && { fanIn: maker.wrap(fanIn, [fanIn.length]) }),
        ...(text.includes('constants.values') && {
          values: maker.wrap(values, [paddedFilters, values.length / paddedFilters]),
        }),
      },
      printFunctions(text, backend),
    );
    return (given: Readonly<Record<RuleArgument, Handle>>) => kernel(...reads.map((name) => given[name]));
  };
  const stateRows = rule.variables.length * nRows;
  const learnWeights = make(printed.weights, nRows);
  const learnSynapse = printed.synapse && make(printed.synapse, stateRows);
  const begin = printed.begin && make(printed.begin, stateRows);
  const ends = printEnds(plan, rule, backend);
  const follow = maker.kernel(ends.text, [paddedFilters, rule.ends.length * nPositions], {
    ...plan.advance,
    traces: maker.wrap(ends.traces, [2, rule.ends.length]),
  });
  return {
    begin: (carried, first) => ({
      ...carried,
      ends: first.ends,
      synapse: begin ? begin({ ...carried, sources: null, tally: null }) : carried.synapse,
    }),
    learn: (carried, { state, theta, tally, inputs }) => {
      const given = { ...carried, ends: follow(carried.ends, state, theta), sources: inputs, tally };
      return {
        weights: learnWeights(given),
        synapse: learnSynapse ? learnSynapse(given) : carried.synapse,
        ends: given.ends,
      };
    },
  };
}

function makeNormalization(
  maker: KernelMaker,
  plan: GpuPlan,
  { program }: PlannedConnection,
  { members }: Shape,
): Pick<Plasticity, 'normalize'> {
  const { fanOut, nGroups } = program.wiring;
  const constants = normalizeConstants(plan, program, members);
  const factors = maker.kernel(kernels.columnFactors, [plan.paddedFilters, nGroups], constants);
  const scale = maker.kernel(kernels.scaleColumns, [plan.paddedFilters, fanOut.nRows], {
    groupRows: constants.groupRows,
  });
  return {
    normalize: (carried, before, { state, theta }, every) => ({
      ...carried,
      weights: scale(carried.weights, factors(carried.weights, before.weights, state, theta, every)),
    }),
  };
}
