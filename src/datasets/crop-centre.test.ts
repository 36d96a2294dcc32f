/** The central crop, against its definition. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropCentre } from './crop-centre.js';
import type { ImageSet } from './image-set.js';

function makeSet(count: number, channels: number, height: number, width: number): ImageSet {
  const images = Uint8Array.from({ length: count * channels * height * width }, (_, i) => (i * 31) % 251);
  return { name: 'set', count, channels, height, width, images, labels: new Uint8Array(count) };
}

describe('cropCentre', () => {
  it('is the pixel (row + ⌊(height − crop) / 2⌋, column + ⌊(width − crop) / 2⌋) of every plane', () => {
    const side = fc.integer({ min: 1, max: 12 });
    const shape = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 3), side, side, side);
    fc.assert(
      fc.property(shape, ([count, channels, height, width, wanted]) => {
        const crop = Math.min(wanted, height, width);
        const set = makeSet(count, channels, height, width);
        const top = Math.floor((height - crop) / 2);
        const left = Math.floor((width - crop) / 2);
        const expected: number[] = [];
        for (let plane = 0; plane < count * channels; plane++) {
          for (let row = top; row < top + crop; row++) {
            for (let column = left; column < left + crop; column++) {
              expected.push(set.images[(plane * height + row) * width + column]);
            }
          }
        }
        expect([...cropCentre(set, crop)]).toEqual(expected);
      }),
    );
  });

  it.each([0, 29, 2.5, Number.NaN, -1])('refuses a crop of %s', (crop) => {
    expect(() => cropCentre(makeSet(1, 1, 28, 28), crop)).toThrow(
      `cropCentre: expected a whole crop from 1 to 28 (set), got ${crop}`,
    );
  });
});
