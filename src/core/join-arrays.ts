/** Several arrays as one. */

/** The numbers of all parts, one after the other. */
export function joinArrays(parts: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}
