/** `exp` and `log` of defined neurons as functions that kernels call: those of float32.ts, operation for operation. */
import { constants } from '../../definitions/float32.js';
import type { GpuBackend } from './runtime.js';

/** A kernel's text knows no infinity: numbers beyond float32 become it in WebAssembly, and the largest number in WGSL. */
export const beyond = '1e39';
const largest = '3.4028234663852886e38';

/** A function as gpu.js takes it beside a kernel. */
export interface KernelFunction32 {
  readonly name: string;
  readonly source: string;
  readonly argumentTypes: readonly ['Number'];
  readonly returnType: 'Number';
}

/** A number as text, which is one with a fraction to gpu.js. */
export function printNumber(value: number): string {
  const text = String(value);
  const decimal = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${decimal})` : decimal;
}

/** A product that no compiler of shaders fuses with a sum; WebAssembly's fuses nothing. */
export function printProduct(a: string, b: string, backend: GpuBackend): string {
  return backend === 'webgpu' ? `Math.min(${a} * ${b}, ${largest})` : `(${a} * ${b})`;
}

/** Those of the functions that a kernel's text calls, with what they call. */
export function printFunctions(text: string, backend: GpuBackend): KernelFunction32[] {
  const multiply = (a: string, b: number | string) =>
    printProduct(a, typeof b === 'number' ? printNumber(b) : b, backend);
  const define = (name: string, source: string): KernelFunction32[] =>
    text.includes(`${name}(`) ? [{ name, source, argumentTypes: ['Number'], returnType: 'Number' }] : [];
  const exp = define('exp32', printExp(multiply));
  return [
    ...exp,
    ...(exp.length > 0 ? [{ ...exp[0], name: 'power32', source: printPowerOfTwo() }] : []),
    ...define('log32', printLog(multiply)),
  ];
}

type Multiply = (a: string, b: number | string) => string;

function printExp(multiply: Multiply): string {
  const { log2e, ln2High, ln2Low, expTerms, expBounds } = constants;
  const [above, below] = [`x > ${printNumber(expBounds.above)}`, `x < ${printNumber(expBounds.below)}`];
  return `function exp32(x) {
  let within = x;
  if (${above}) { within = 0.0; }
  if (${below}) { within = 0.0; }
  const n = Math.floor(${multiply('within', log2e)} + 0.5);
  const r = within - ${multiply('n', ln2High)} - ${multiply('n', ln2Low)};
  const y = ${multiply(printPolynomial(expTerms, 'r', multiply), multiply('r', 'r'))} + r + 1.0;
  const half = Math.floor(n * 0.5);
  let value = ${multiply(multiply('y', 'power32(half)'), 'power32(n - half)')};
  if (${above}) { value = ${beyond}; }
  if (${below}) { value = 0.0; }
  return value;
}`;
}

/** 2ⁿ for whole n from −64 to 64, by products that are exact. */
function printPowerOfTwo(): string {
  const factors = [64, 32, 16, 8, 4, 2, 1, 1].map(
    (n) => `if (rest >= ${n}.0) { rest = rest - ${n}.0; power = power * ${printNumber(2 ** n)}; }`,
  );
  return `function power32(n) {
  let rest = n + 64.0;
  let power = ${printNumber(2 ** -64)};
  ${factors.join('\n  ')}
  return power;
}`;
}

/** Exponent and mantissa by exact products with powers of two, because kernels do not see bits. */
function printLog(multiply: Multiply): string {
  const { ln2High, ln2Low, logTerms, rootHalf, smallestNormal } = constants;
  const scale = (test: string, n: number) =>
    `if (r ${test}) { r = r * ${printNumber(2 ** -n)}; n = n + ${printNumber(n)}; }`;
  const powers = [64, 32, 16, 8, 4, 2, 1];
  return `function log32(x) {
  let r = x;
  let n = 0.0;
  ${powers.map((n) => scale(`>= ${printNumber(2 ** n)}`, n)).join('\n  ')}
  ${scale('>= 1.0', 1)}
  ${powers.map((n) => scale(`< ${printNumber(2 ** -n)}`, -n)).join('\n  ')}
  if (r < ${printNumber(rootHalf)}) {
    n = n - 1.0;
    r = r + r;
  }
  r = r - 1.0;
  const z = ${multiply('r', 'r')};
  let y = ${multiply(multiply(printPolynomial(logTerms, 'r', multiply), 'r'), 'z')};
  y = y + ${multiply('n', ln2Low)};
  y = y - ${multiply('z', 0.5)};
  let value = r + y + ${multiply('n', ln2High)};
  if (x < ${printNumber(smallestNormal)}) { value = -${beyond}; }
  if (x > ${largest}) { value = ${beyond}; }
  if (x < 0.0) { value = Math.sqrt(x - 1.0); }
  return value;
}`;
}

/** (… (t₀ x + t₁) x + …). */
function printPolynomial([first, ...terms]: readonly number[], x: string, multiply: Multiply): string {
  return terms.reduce((sum, term) => `(${multiply(sum, x)} + ${printNumber(term)})`, printNumber(first));
}
