/** Functions in float32: every operation is rounded once, so that each engine that repeats the operations has the same bits. */

const { fround } = Math;

const bytes = new DataView(new ArrayBuffer(4));

/** 2ⁿ for whole n from −126 to 127, by its bits. */
export function powerOfTwo(n: number): number {
  bytes.setInt32(0, (n + 127) << 23);
  return bytes.getFloat32(0);
}

const log2e = fround(Math.LOG2E);
const ln2High = fround(0.693359375);
const ln2Low = fround(-2.1219444e-4);
/** Of Cephes' expf (Moshier): a polynomial on |r| ≤ ln 2 / 2. */
const expTerms = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround);
/** exp is Infinity above, and 0 below. */
const expBounds = { above: fround(88.72283), below: fround(-87.33654) } as const;

/** eˣ in float32, within 1 ulp; 0 where it would be subnormal. Source: S. Moshier, Cephes Mathematical Library, expf. */
export function exp(x: number): number {
  if (x > expBounds.above) return Infinity;
  if (x < expBounds.below) return 0;
  const n = Math.floor(fround(fround(x * log2e) + 0.5));
  const r = fround(fround(x - fround(n * ln2High)) - fround(n * ln2Low));
  let sum: number = expTerms[0];
  for (const term of expTerms.slice(1)) sum = fround(fround(sum * r) + term);
  const y = fround(fround(fround(sum * fround(r * r)) + r) + 1);
  // In two factors, because 2¹²⁸ is none.
  const half = Math.floor(n / 2);
  return fround(fround(y * powerOfTwo(half)) * powerOfTwo(n - half));
}

/** Of Cephes' logf (Moshier): a polynomial on √½ − 1 ≤ r < √2 − 1. */
const logTerms = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);
const rootHalf = fround(Math.SQRT1_2);
const smallestNormal = 2 ** -126;

/** The natural logarithm in float32, within 1 ulp; −Infinity for 0 and subnormals, NaN below. Source: as `exp`, logf. */
export function log(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x < smallestNormal) return -Infinity;
  if (x === Infinity) return Infinity;
  bytes.setFloat32(0, x);
  const bits = bytes.getInt32(0);
  let n = (bits >> 23) - 126;
  bytes.setInt32(0, (bits & 0x7f_ffff) | 0x3f00_0000);
  let r = bytes.getFloat32(0);
  if (r < rootHalf) {
    n -= 1;
    r = fround(fround(r + r) - 1);
  } else {
    r = fround(r - 1);
  }
  const z = fround(r * r);
  let sum: number = logTerms[0];
  for (const term of logTerms.slice(1)) sum = fround(fround(sum * r) + term);
  let y = fround(fround(sum * r) * z);
  y = fround(y + fround(n * ln2Low));
  y = fround(y - fround(0.5 * z));
  return fround(fround(r + y) + fround(n * ln2High));
}

/** What other engines repeat `exp` and `log` with. */
export const constants = {
  log2e,
  ln2High,
  ln2Low,
  expTerms,
  expBounds,
  logTerms,
  rootHalf,
  smallestNormal,
} as const;
