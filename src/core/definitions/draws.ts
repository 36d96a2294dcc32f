/** `uniform()` and `normal()` in equations: every call in the text is one draw for every neuron and step. */
import type { Draw } from '../random/draws.js';
import { type Expression, findCalls } from './tree.js';

/** A call in a text, told from all others by its place. */
export function nameDraw({ name, at }: Expression & { kind: 'call' }, place: string): string {
  return `${name}() at ${place} (${at.line}:${at.column})`;
}

/** The draws of an expression, in the order of the text. */
export function findDraws(expression: Expression, place: string): Draw[] {
  return findCalls(expression).flatMap((call) => {
    const { name } = call;
    return name === 'uniform' || name === 'normal'
      ? [{ name: nameDraw(call, place), distribution: name }]
      : [];
  });
}
