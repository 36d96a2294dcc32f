/** The exact solution of a linear system over one step, in float64. */

/** Terms of the series, enough for float64 where the norm is below ½. */
const terms = 18;

/**
 * Of x′ = A x + b, with b constant over the step: x(dt) = E x(0) + F b.
 *
 * @param rates A [row, column], n × n, 1 / ms
 * @param dt length of the step [ms]
 * @returns E = exp(A dt) and F = ∫ exp(A s) ds from 0 to dt, n × n each
 */
export function solveLinear(
  rates: Float64Array,
  n: number,
  dt: number,
): { E: Float64Array; F: Float64Array } {
  // exp of [[A, 1], [0, 0]] dt is [[E, F], [0, 1]]: no inverse of A, which need not have one.
  const m = 2 * n;
  const whole = new Float64Array(m * m);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) whole[row * m + column] = rates[row * n + column] * dt;
    whole[row * m + n + row] = dt;
  }
  const exponential = exponentiate(whole, m);
  const part = (first: number) =>
    Float64Array.from({ length: n * n }, (_, at) => exponential[Math.floor(at / n) * m + first + (at % n)]);
  return { E: part(0), F: part(n) };
}

/** By scaling and squaring: exp(M) = exp(M / 2ˢ)^(2ˢ), the latter by its series. */
function exponentiate(matrix: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let row = 0; row < n; row++) {
    const sum = matrix.subarray(row * n, (row + 1) * n).reduce((all, value) => all + Math.abs(value), 0);
    norm = Math.max(norm, sum);
  }
  if (!Number.isFinite(norm)) return matrix.map(() => Number.NaN);
  const squarings = norm < 0.5 ? 0 : Math.ceil(Math.log2(norm)) + 1;
  const scaled = matrix.map((value) => value / 2 ** squarings);
  const one = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  // Horner's scheme: 1 + M (1 + M / 2 (1 + M / 3 (…))).
  let sum: Float64Array = one;
  for (let k = terms; k >= 1; k--) {
    sum = multiply(scaled, sum, n).map((value, at) => value / k + one[at]);
  }
  for (let s = 0; s < squarings; s++) sum = multiply(sum, sum, n);
  return sum;
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < n; k++) {
      const factor = a[row * n + k];
      for (let column = 0; column < n; column++) product[row * n + column] += factor * b[k * n + column];
    }
  }
  return product;
}
