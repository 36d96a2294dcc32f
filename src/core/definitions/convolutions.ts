/** `convolve(input, kernel)` and `convolve(spikes, kernel)` in equations: sums over what the last steps brought, weighted by a kernel. */
import { LocusError } from '../../errors.js';
import { custom, type Field } from '../../options.js';
import type { Meaning } from './graph.js';
import { type Expression, findCalls } from './tree.js';

/** Kernels of a layer by name: weights of the last steps, the oldest first. */
export type Kernels = ReadonlyMap<string, ArrayLike<number>>;

/** The longest kernel: the code of a step grows with it. */
export const mostKernelSteps = 256;

export const kernelField: Field<ArrayLike<number>> = custom(
  `to be a kernel: a list of 1 to ${mostKernelSteps} numbers (float32)`,
  (value) => {
    const isList = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
    if (!isList || value.length < 1 || value.length > mostKernelSteps) return false;
    return Array.from<unknown>(value).every(
      (each) => typeof each === 'number' && Number.isFinite(Math.fround(each)),
    );
  },
);

/** What can be convolved. */
export const histories = ['input', 'spikes'] as const;
export type History = (typeof histories)[number];

/** The name of a variable's value so many steps ago, which is part of the state. */
export function nameEarlier(of: History, steps: number): string {
  return `${of}@${steps}`;
}

/** The name of a convolution among the meanings of names. */
export function nameConvolution(of: string, kernel: string): string {
  return `convolve(${of}, ${kernel})`;
}

/** The meaning of a call of `convolve`. */
export function readConvolution(
  { operands, at }: Expression & { kind: 'call' },
  names: ReadonlyMap<string, Meaning>,
  place: string,
): Meaning {
  const [of, kernel] = operands.map((each) => (each.kind === 'name' ? each.name : ''));
  const meaning = names.get(nameConvolution(of, kernel));
  if (meaning) return meaning;
  throw new LocusError(
    'INVALID_ARGUMENT',
    `${place} (${at.line}:${at.column}): expected convolve(input, kernel) or convolve(spikes, kernel) in step, spike, reset or end, ` +
      `with one of its kernels`,
  );
}

/** How often each variable is looked back on, in steps: the longest of its kernels that equations convolve it with. */
export function measureHistories(
  convolved: readonly (readonly [of: History, kernel: string])[],
  kernels: Kernels,
): Record<History, number> {
  const longest = (of: History) =>
    Math.max(0, ...convolved.map((each) => (each[0] === of ? (kernels.get(each[1])?.length ?? 0) : 0)));
  // The input of this step is the first of its history; a neuron's spike of this step is not yet known.
  return { input: Math.max(0, longest('input') - 1), spikes: longest('spikes') };
}

/** The convolutions of an expression. */
export function findConvolutions(expression: Expression): (readonly [of: History, kernel: string])[] {
  return findCalls(expression).flatMap(({ name, operands: [of, kernel] }) => {
    if (name !== 'convolve' || of.kind !== 'name' || kernel.kind !== 'name') return [];
    const history = histories.find((each) => each === of.name);
    return history === undefined ? [] : [[history, kernel.name] as const];
  });
}
