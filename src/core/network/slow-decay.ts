/** Says where float32 loses a slow decay: a factor so near to 1 that rounding it, and each product with it, changes the rate. */
import { decayPerStep } from './nodes/neuron-model.js';

/** Time constants [ms] that a decay has in float32: they depend on the mantissa of what decays. */
export interface EffectiveDecay {
  readonly least: number;
  /** Infinity where some values do not decay at all. */
  readonly most: number;
}

/** Deviations up to this are not worth a word. */
const tolerated = 0.01;
/** Values of one binary order of magnitude, in units of their last place: first and end. */
const firstMantissa = 2 ** 23;
const endMantissa = 2 ** 24;

/**
 * The time constants that a stepwise decay acts with in float32; null where all are within 1 % of the one that was asked for.
 *
 * @param dt length of a step [ms]
 * @param timeConstant [ms]
 */
export function effectiveDecay(dt: number, timeConstant: number): EffectiveDecay | null {
  if (timeConstant === Infinity) return null;
  const loss = -Math.expm1(-dt / timeConstant);
  // Further from 1, rounding shows in less than 1 % of a step's loss.
  if (loss > 2e-5) return null;
  const factor = decayPerStep(dt, timeConstant);
  if (factor === 1) return { least: Infinity, most: Infinity };
  // The units that a step takes grow by one from each of these mantissas to the next.
  const perUnit = 1 - factor;
  const steps = Math.floor(endMantissa * perUnit) + 1;
  const mantissas = [firstMantissa, endMantissa - 1];
  for (let units = Math.floor(firstMantissa * perUnit); units <= steps; units++) {
    // From `lowest` on, the product stays in this order of magnitude, whose last place is twice that of the one below.
    const lowest = firstMantissa + units + 2;
    const edge = Math.max(lowest, Math.round((units + 0.5) / perUnit));
    mantissas.push(...[edge - 1, edge, edge + 1].filter((m) => m >= lowest && m < endMantissa));
  }
  const found = mantissas.map((m) => (timeConstant * loss * m) / (m - Math.fround(m * factor)));
  const least = Math.min(...found);
  const most = Math.max(...found);
  const isFine =
    Math.abs(least / timeConstant - 1) <= tolerated && Math.abs(most / timeConstant - 1) <= tolerated;
  return isFine ? null : { least, most };
}

const milliseconds = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** `1,000,000 ms acts as 932,000 to 1,040,000 ms in float32 at dt = 1 ms`, or null where the decay is within 1 %. */
export function describeSlowDecay(dt: number, timeConstant: number): string | null {
  const found = effectiveDecay(dt, timeConstant);
  if (!found) return null;
  const { least, most } = found;
  const [asked, ...range] = [timeConstant, least, most].map((value) => milliseconds.format(value));
  const effect = least === Infinity ? 'does not decay at all' : `acts as ${range.join(' to ')} ms`;
  return `${asked} ms ${effect} in float32 at dt = ${dt} ms`;
}
