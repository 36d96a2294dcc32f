/** The machines of the linear classifier by hand: which class wins a row. */
import { expect, it } from 'vitest';
import { countCorrect, startMachines } from './one-vs-rest.js';

/** One row with the only feature 1. */
const rows = {
  nColumns: 1,
  offsets: Uint32Array.of(0, 1),
  columns: Uint32Array.of(0),
  values: Float32Array.of(1),
};
const members = Uint32Array.of(0);

it('countCorrect takes the class with the highest weight · feature + bias, of equal ones the lowest', () => {
  const isCorrect = (label: number, points: readonly (readonly [weight: number, bias: number])[]) => {
    const data = { rows, labels: Uint8Array.of(label) };
    const machines = startMachines(data, members, [0, 1], 0, 0);
    machines.forEach(({ point }, i) => point.weights.set(points[i]));
    return countCorrect(data, members, machines) === 1;
  };
  expect([
    isCorrect(0, [
      [2, 0],
      [1, 0],
    ]),
    isCorrect(1, [
      [2, 0],
      [1, 0],
    ]),
  ]).toEqual([true, false]);
  expect([
    isCorrect(0, [
      [2, -3],
      [1, 0],
    ]),
    isCorrect(1, [
      [2, -3],
      [1, 0],
    ]),
  ]).toEqual([false, true]);
  expect([
    isCorrect(0, [
      [1, 1],
      [2, 0],
    ]),
    isCorrect(1, [
      [1, 1],
      [2, 0],
    ]),
  ]).toEqual([true, false]);
});
