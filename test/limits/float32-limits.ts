/** Where float32 keeps a change to 1 %, by the first column of docs/limits.md. */
const roundingError = 2 ** -24;
const tolerance = 0.01;

export const float32Limits = {
  'stepwise decay: time constant, in steps': 111_476,
  'stepwise decay: time constant from which nothing decays, in steps': 2 ** 25,
  'theta over `thetaPlus`': Math.floor(tolerance / roundingError) - 1,
  // Half the spacing of float32 from 64 to 128.
  'smallest change of a membrane potential in a step, in mV': round(2 ** -18 / tolerance),
  // Half the spacing of float32 from 0.5 to 1.
  'smallest change of a weight in an update': round(2 ** -25 / tolerance),
} as const;

function round(value: number): number {
  return Number(value.toPrecision(3));
}
