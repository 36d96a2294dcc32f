/** Philox4x32-10: the same words as src/core/random/philox.ts. */

/** Writes the four words for counter (c0, c1, c2, c3) and key (k0, k1). */
// @ts-ignore: decorator
@inline
export function philox4x32(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  for (let round = 0; round < 10; round++) {
    const product0 = (c0 as u64) * 0xd2511f53;
    const product1 = (c2 as u64) * 0xcd9e8d57;
    c0 = ((product1 >> 32) as u32) ^ c1 ^ k0;
    c1 = product1 as u32;
    c2 = ((product0 >> 32) as u32) ^ c3 ^ k1;
    c3 = product0 as u32;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}
