/** A fingerprint of a network's state: equal to the bit, equal hash. */
import { createHash } from 'node:crypto';
import { type StoredArray, bytesOf, checkShape } from './array-blob.js';
import { dtypeOf } from '../formats/element-types.js';

/**
 * The SHA-224 over the arrays in the order of their names: name, element type, shape and bytes of each, 56 hexadecimal
 * digits.  It tells −0 from 0 and one NaN from another.
 */
export function stateHash(arrays: Readonly<Record<string, StoredArray>>): string {
  const hash = createHash('sha224');
  for (const name of Object.keys(arrays).sort()) {
    const { shape, data } = arrays[name];
    const place = `array ${name}`;
    checkShape(arrays[name], place);
    // The header says how many bytes follow, so no two lists of arrays can read the same.
    hash.update(`${JSON.stringify([name, dtypeOf(data, place), shape])}\n`);
    hash.update(bytesOf(data));
  }
  return hash.digest('hex');
}
