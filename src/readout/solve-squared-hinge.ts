/**
 * The L2-regularised squared-hinge machine of one class against the others, solved by dual coordinate descent.
 *
 * With rows x_i (a constant 1 appended for the bias) and signs s_i = ±1 it minimises
 *     P(w) = ½ |w|² + C Σ_i max(0, 1 − s_i w·x_i)²
 * through its dual, in which every row has one variable α_i ≥ 0 and w = Σ_i α_i s_i x_i:
 *     D(α) = Σ_i α_i − ½ |w|² − Σ_i α_i² / 4C  ≤  min P.
 *
 * Source: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM",
 * ICML 2008.
 */
import type { RandomStream } from '../core/random/stream.js';
import { projectRow, type SparseRows } from './extract-features.js';
import type { InParts } from './in-parts.js';

/** What one machine learns from. */
export interface BinaryProblem {
  readonly rows: SparseRows;
  /** The rows to learn from; α_k and `signs[k]` belong to row `members[k]`. */
  readonly members: Uint32Array;
  /** +1 where the row is of the class, else −1. */
  readonly signs: Int8Array;
}

/** A point of the dual; carried from one C to the next it is the warm start. */
export interface DualPoint {
  /** α, one per member. */
  readonly alpha: Float64Array;
  /** w of that α: a weight per column, and the bias behind them. */
  readonly weights: Float64Array;
}

/** How near to the optimum to go. */
export interface Precision {
  /** Greatest relative duality gap to stop at. */
  readonly tolerance: number;
  readonly maxEpochs: number;
}

/** Where a solution ended. */
export interface Convergence {
  /** Passes over the members that were still active. */
  readonly epochs: number;
  /** (P − D) / P: P lies at most that share above its minimum. */
  readonly relativeGap: number;
}

/** The dual point α = 0, w = 0. */
export function startDual({ rows, members }: BinaryProblem): DualPoint {
  return { alpha: new Float64Array(members.length), weights: new Float64Array(rows.nColumns + 1) };
}

/** Moves `point` to the optimum for C, with a pause after every epoch, visiting the members in an order that `random` draws anew for every epoch. */
export function* solveSquaredHinge(
  problem: BinaryProblem,
  regularization: number,
  point: DualPoint,
  random: RandomStream,
  { tolerance, maxEpochs }: Precision,
): InParts<Convergence> {
  const { rows, members, signs } = problem;
  if (members.length === 0) return { epochs: 0, relativeGap: 0 };
  const { offsets, columns, values } = rows;
  const { alpha, weights } = point;
  const bias = rows.nColumns;
  const diagonal = 0.5 / regularization;
  const curvature = Float64Array.from(members, (row) => 1 + diagonal + squareLength(rows, row));
  // Members at α = 0 with a gradient above the largest of the epoch before will hardly move; they wait in `aside`.
  const aside: number[] = [];
  let active = random.shuffle(Uint32Array.from(members, (_, k) => k));
  let next = new Uint32Array(members.length);
  let nActive = members.length;
  let setAsideAbove = Infinity;
  let greatestViolation = 0.3;
  let epochs = 0;
  while (epochs < maxEpochs) {
    if (epochs > 0) yield;
    epochs++;
    // Steps of a random stride through the last epoch's order: as good as a fresh permutation, for two draws.
    const stride = drawStride(random, nActive);
    let at = random.nextBelow(nActive);
    let nNext = 0;
    let lowest = 0;
    let highest = 0;
    for (let step = 0; step < nActive; step++) {
      const k = active[at];
      at += stride;
      if (at >= nActive) at -= nActive;
      const start = offsets[members[k]];
      const end = offsets[members[k] + 1];
      let output = weights[bias];
      for (let e = start; e < end; e++) output += weights[columns[e]] * values[e];
      const before = alpha[k];
      const gradient = signs[k] * output - 1 + diagonal * before;
      if (before === 0 && gradient >= 0) {
        if (gradient > setAsideAbove) aside.push(k);
        else next[nNext++] = k;
        continue;
      }
      next[nNext++] = k;
      if (gradient > highest) highest = gradient;
      if (gradient < lowest) lowest = gradient;
      const after = Math.max(0, before - gradient / curvature[k]);
      const change = (after - before) * signs[k];
      alpha[k] = after;
      for (let e = start; e < end; e++) weights[columns[e]] += change * values[e];
      weights[bias] += change;
    }
    const visited = active;
    active = next;
    next = visited;
    nActive = nNext;
    setAsideAbove = highest > 0 ? highest : Infinity;
    if (nActive > 0 && highest - lowest > greatestViolation) continue;
    // Solved as far as the active members show: is it, with all of them?
    if (aside.length === 0) {
      if (measureRelativeGap(problem, regularization, point) <= tolerance) break;
      greatestViolation /= 3;
    }
    for (const k of aside) active[nActive++] = k;
    aside.length = 0;
    setAsideAbove = Infinity;
  }
  return { epochs, relativeGap: measureRelativeGap(problem, regularization, point) };
}

/** (P − D) / P of a dual point: 0 at the optimum, positive elsewhere. */
export function measureRelativeGap(
  { rows, members, signs }: BinaryProblem,
  regularization: number,
  { alpha, weights }: DualPoint,
): number {
  const halfNorm = weights.reduce((sum, weight) => sum + weight * weight, 0) / 2;
  let loss = 0;
  let dual = -halfNorm;
  for (let k = 0; k < members.length; k++) {
    const slack = 1 - signs[k] * projectRow(rows, members[k], weights, 0, weights[rows.nColumns]);
    if (slack > 0) loss += slack * slack;
    dual += alpha[k] - (alpha[k] * alpha[k]) / (4 * regularization);
  }
  const primal = halfNorm + regularization * loss;
  return primal === 0 ? 0 : (primal - dual) / primal;
}

function squareLength({ offsets, values }: SparseRows, row: number): number {
  let sum = 0;
  for (let e = offsets[row]; e < offsets[row + 1]; e++) sum += values[e] * values[e];
  return sum;
}

/** A number below n without a common divisor with it, so that its multiples mod n reach every number below n. */
function drawStride(random: RandomStream, n: number): number {
  for (;;) {
    const stride = random.nextBelow(n);
    let [a, b] = [n, stride];
    while (b !== 0) [a, b] = [b, a % b];
    if (a === 1) return stride;
  }
}
