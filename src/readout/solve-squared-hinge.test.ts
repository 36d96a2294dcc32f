/** The solver against a closed form, the optimality conditions of any problem, and its own duality gap. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../core/random/stream.js';
import { finish } from './in-parts.js';
import {
  measureRelativeGap,
  solveSquaredHinge,
  startDual,
  type BinaryProblem,
  type DualPoint,
} from './solve-squared-hinge.js';

const precise = { tolerance: 1e-12, maxEpochs: 100_000 };
const random = () => new RandomStream(0, 'linearClassifier');

/** A problem from dense rows; zeros are left out of it. */
function problemOf(dense: readonly (readonly number[])[], signs: readonly number[]): BinaryProblem {
  const entries = dense.map((row) => [...row.entries()].filter(([, value]) => value !== 0));
  const offsets = new Uint32Array(dense.length + 1);
  entries.forEach((row, i) => (offsets[i + 1] = offsets[i] + row.length));
  const rows = {
    nColumns: dense[0].length,
    offsets,
    columns: Uint32Array.from(entries.flat(), ([column]) => column),
    values: Float32Array.from(entries.flat(), ([, value]) => value),
  };
  return { rows, members: Uint32Array.from(dense.keys()), signs: Int8Array.from(signs) };
}

function primalOf(
  dense: readonly (readonly number[])[],
  signs: readonly number[],
  C: number,
  w: Float64Array,
): number {
  let value = 0;
  for (const weight of w) value += 0.5 * weight ** 2;
  dense.forEach((row, i) => {
    let output = w[row.length];
    row.forEach((x, column) => (output += w[column] * x));
    value += C * Math.max(0, 1 - signs[i] * output) ** 2;
  });
  return value;
}

/** Small problems, many of which cannot be separated; eighths, so that float32 holds them exactly. */
const problems = fc
  .record({ n: fc.integer({ min: 1, max: 12 }), d: fc.integer({ min: 1, max: 5 }) })
  .chain(({ n, d }) =>
    fc.record({
      dense: fc.array(
        fc.array(
          fc.integer({ min: -16, max: 16 }).map((x) => (x > 10 ? 0 : x / 8)),
          { minLength: d, maxLength: d },
        ),
        { minLength: n, maxLength: n },
      ),
      signs: fc.array(fc.constantFrom(-1, 1), { minLength: n, maxLength: n }),
      C: fc.constantFrom(0.01, 0.25, 1, 8, 50),
    }),
  );

/** Without pauses. */
const solve = (...given: Parameters<typeof solveSquaredHinge>) => finish(solveSquaredHinge(...given));

describe('solveSquaredHinge', () => {
  it('is α = 1 / (|x|² + 1 + 1 / 2C) for a single row', () => {
    const problem = problemOf([[3, 4]], [-1]);
    const point = startDual(problem);
    solve(problem, 2, point, random(), precise);
    const alpha = 1 / (25 + 1 + 1 / 4);
    expect(point.alpha[0]).toBeCloseTo(alpha, 12);
    [3, 4, 1].forEach((x, at) => expect(point.weights[at]).toBeCloseTo(-alpha * x, 12));
  });

  it('meets the optimality conditions of any problem as closely as its duality gap demands', () => {
    fc.assert(
      fc.property(problems, ({ dense, signs, C }) => {
        const problem = problemOf(dense, signs);
        const point = startDual(problem);
        const { relativeGap } = solve(problem, C, point, random(), precise);
        expect(relativeGap).toBeLessThanOrEqual(precise.tolerance);
        const { alpha, weights } = point;
        const primal = primalOf(dense, signs, C, weights);
        for (let column = 0; column <= dense[0].length; column++) {
          let sum = 0;
          dense.forEach((row, i) => (sum += alpha[i] * signs[i] * (row[column] ?? 1)));
          expect(weights[column]).toBeCloseTo(sum, 9);
        }
        dense.forEach((row, i) => {
          let output = weights[row.length];
          row.forEach((x, column) => (output += weights[column] * x));
          // At the optimum α_i = 2C max(0, 1 − s_i w·x_i); each row's departure δ adds at least C δ² to the gap.
          const departure = alpha[i] / (2 * C) - Math.max(0, 1 - signs[i] * output);
          expect(alpha[i]).toBeGreaterThanOrEqual(0);
          expect(C * departure ** 2).toBeLessThanOrEqual(2 * precise.tolerance * primal);
        });
      }),
    );
  });

  it('finds a minimum: no step in any direction lowers the objective', () => {
    fc.assert(
      fc.property(problems, fc.nat(), ({ dense, signs, C }, seed) => {
        const problem = problemOf(dense, signs);
        const point = startDual(problem);
        solve(problem, C, point, random(), precise);
        const minimum = primalOf(dense, signs, C, point.weights);
        const step = new RandomStream(seed, 'user');
        for (const size of [1, 1e-2, 1e-4]) {
          const moved = point.weights.map((weight) => weight + size * (step.nextFloat() - 0.5));
          expect(primalOf(dense, signs, C, moved)).toBeGreaterThanOrEqual(minimum * (1 - 1e-11));
        }
      }),
    );
  });

  it('bounds by its duality gap how far the objective is from the minimum, wherever it stops', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 4 }), ({ dense, signs, C }, maxEpochs) => {
        const problem = problemOf(dense, signs);
        const early = startDual(problem);
        const { epochs, relativeGap } = solve(problem, C, early, random(), {
          tolerance: 0,
          maxEpochs,
        });
        expect(epochs).toBeLessThanOrEqual(maxEpochs);
        const final = startDual(problem);
        solve(problem, C, final, random(), precise);
        const reached = primalOf(dense, signs, C, early.weights);
        const minimum = primalOf(dense, signs, C, final.weights);
        expect(reached * (1 - relativeGap)).toBeLessThanOrEqual(minimum * (1 + 1e-11));
        expect(relativeGap).toBe(measureRelativeGap(problem, C, early));
      }),
    );
  });

  it('comes to the same weights from a warm start as from none', () => {
    fc.assert(
      fc.property(problems, ({ dense, signs, C }) => {
        const problem = problemOf(dense, signs);
        const move = (point: DualPoint, c: number) => {
          solve(problem, c, point, random(), precise);
          return point.weights;
        };
        const warm = startDual(problem);
        move(warm, C / 7);
        move(warm, C * 5);
        const cold = move(startDual(problem), C);
        // P is strongly convex: |w − w'|² ≤ 2 (P(w) − P(w')), and both lie within the tolerance of the minimum.
        const distance = Math.hypot(...move(warm, C).map((weight, at) => weight - cold[at]));
        const excess = precise.tolerance * primalOf(dense, signs, C, cold);
        expect(distance).toBeLessThanOrEqual(2 * Math.sqrt(2 * 1.01 * excess));
      }),
    );
  });

  it('solves a problem of many rows, most of which it sets aside, to a gap of 1e-9', () => {
    const stream = new RandomStream(5, 'user');
    const dense = Array.from({ length: 2000 }, () =>
      Array.from({ length: 6 }, () => Math.fround(stream.nextFloat() - 0.5)),
    );
    const signs = dense.map((row) => (row[0] + row[1] + 0.1 * (stream.nextFloat() - 0.5) > 0 ? 1 : -1));
    const problem = problemOf(dense, signs);
    const point = startDual(problem);
    const { relativeGap } = solve(problem, 10, point, random(), {
      tolerance: 1e-9,
      maxEpochs: 5000,
    });
    expect(relativeGap).toBeLessThanOrEqual(1e-9);
    expect(point.alpha.filter((alpha) => alpha === 0).length).toBeGreaterThan(500);
    const correct = dense.filter((row, i) => {
      const output = row.reduce((sum, x, column) => sum + x * point.weights[column], point.weights[6]);
      return output * signs[i] > 0;
    });
    expect(correct.length).toBeGreaterThan(1900);
  });

  it('has nothing to do without rows', () => {
    const problem = { ...problemOf([[1]], [1]), members: new Uint32Array(0), signs: new Int8Array(0) };
    expect(solve(problem, 1, startDual(problem), random(), precise)).toEqual({
      epochs: 0,
      relativeGap: 0,
    });
  });
});
