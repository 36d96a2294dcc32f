/** Functions that make weights non-negative, with their derivatives. */
import { invalidArgument } from '../errors.js';
import { custom, type Field } from '../options.js';
import { makeData, type TensorData } from './tensor.js';

/** 0: |W|; 1: exp((tanh β + 1) / 2 · W), W scaled so that max |W| ≤ 80; 2: (tanh(β W) + 1) / 2; 3: W. */
export type PositiveFunctionType = 0 | 1 | 2 | 3;

export const largestExponent = 80;

export const positiveFunctionField: Field<PositiveFunctionType> = custom(
  '0 (abs), 1 (exp), 2 (tanh) or 3 (identity)',
  (value) => [0, 1, 2, 3].includes(value as number),
);

/** Errors: `INVALID_ARGUMENT` where the function needs a β and there is none. */
export function checkPositiveFunction(place: string, type: number, beta: number | null): void {
  if ((type === 1 || type === 2) && beta === null) {
    throw invalidArgument(place, `a beta for positiveFunctionType ${type}`, beta);
  }
}

export function makePositive(type: PositiveFunctionType, weights: TensorData, beta: number): TensorData {
  const out = makeData(weights.length, weights);
  const { scale } = type === 1 ? limitScale(weights) : { scale: 1 };
  const slope = (Math.tanh(beta) + 1) / 2;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (type === 0) out[i] = Math.abs(w);
    else if (type === 1) out[i] = Math.exp(slope * scale * w);
    else if (type === 2) out[i] = (Math.tanh(beta * w) + 1) / 2;
    else out[i] = w;
  }
  return out;
}

/**
 * Adds the gradient with respect to the weights to `weightGradient`; returns that with respect to β.
 *
 * @param positive the result of `makePositive`
 * @param gradient of the loss with respect to it
 */
export function backPositive(
  type: PositiveFunctionType,
  weights: TensorData,
  beta: number,
  positive: TensorData,
  gradient: TensorData,
  weightGradient: TensorData,
): number {
  let betaGradient = 0;
  if (type === 1) return backExponential(weights, beta, positive, gradient, weightGradient);
  for (let i = 0; i < weights.length; i++) {
    if (type === 0) weightGradient[i] += Math.sign(weights[i]) * gradient[i];
    else if (type === 2) {
      const t = Math.tanh(beta * weights[i]);
      const inner = (gradient[i] * (1 - t * t)) / 2;
      weightGradient[i] += inner * beta;
      betaGradient += inner * weights[i];
    } else weightGradient[i] += gradient[i];
  }
  return betaGradient;
}

function backExponential(
  weights: TensorData,
  beta: number,
  positive: TensorData,
  gradient: TensorData,
  weightGradient: TensorData,
): number {
  const { scale, largest } = limitScale(weights);
  const t = Math.tanh(beta);
  const slope = (t + 1) / 2;
  // The exponent is slope · scale · W.
  let toExponent = 0;
  for (let i = 0; i < weights.length; i++) {
    const inner = gradient[i] * positive[i];
    weightGradient[i] += inner * slope * scale;
    toExponent += inner * scale * weights[i];
  }
  if (scale < 1) {
    // The scale is 80 / max |W|: the largest weights share the gradient that goes through it.
    const places = [...weights.keys()].filter((i) => Math.abs(weights[i]) === largest);
    for (const i of places) {
      weightGradient[i] -= (slope * toExponent * Math.sign(weights[i])) / (largest * places.length);
    }
  }
  return (toExponent * (1 - t * t)) / 2;
}

function limitScale(weights: TensorData): { scale: number; largest: number } {
  let largest = 0;
  for (const w of weights) largest = Math.max(largest, Math.abs(w));
  return { scale: largest > largestExponent ? largestExponent / largest : 1, largest };
}
