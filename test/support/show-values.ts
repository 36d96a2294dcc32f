/** Numbers as text, to compare them to the bit. */

/** Number or NaN, whatever its bits: −0 and 0 apart. */
export const show = (values: Float32Array) =>
  Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)));
