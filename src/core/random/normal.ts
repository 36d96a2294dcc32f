/** Normal numbers from random words, with the same bits wherever float64 is computed. */
import { log } from '../definitions/float32.js';

/** Of Wichura's PPND7: numerators and denominators, highest power first. */
const middle = {
  above: [5.910937472e1, 1.5929113202e2, 5.0434271938e1, 3.3871327179],
  below: [6.71875636e1, 7.8757757664e1, 1.7895169469e1, 1],
} as const;
const tail = {
  above: [1.7023821103e-1, 1.3067284816, 2.75681539, 1.4234372777],
  below: [1.2021132975e-1, 7.370016425e-1, 1],
} as const;

/**
 * The normal number (mean 0, variance 1) of a word: the inverse of the normal distribution at (word + ½) / 2³², in float32, within 3e-7 of
 * it, relative. It increases with the word, and lies between −6.34 and 6.34.
 * Source: M. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export function normalOfWord(word: number): number {
  const p = (word + 0.5) / 0x1_0000_0000;
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return Math.fround((q * horner(middle.above, r)) / horner(middle.below, r));
  }
  const r = Math.sqrt(-log(Math.fround(q < 0 ? p : 1 - p))) - 1.6;
  const size = horner(tail.above, r) / horner(tail.below, r);
  return Math.fround(q < 0 ? -size : size);
}

/** (… (t₀ x + t₁) x + …). */
function horner([first, ...terms]: readonly number[], x: number): number {
  let sum = first;
  for (const term of terms) sum = sum * x + term;
  return sum;
}
