/** The interleaved order: every item once, and every part balanced. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleaveClasses } from './interleave-classes.js';

const classSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });

describe('interleaveClasses', () => {
  it('has every member of every class once, in ascending order', () => {
    fc.assert(
      fc.property(classSizes, (sizes) => {
        const { classes, members } = interleaveClasses(sizes);
        sizes.forEach((size, label) => {
          const own = [...members].filter((_, i) => classes[i] === label);
          expect(own).toEqual(Array.from({ length: size }, (_, member) => member));
        });
        expect(classes.length).toBe(sizes.reduce((sum, size) => sum + size, 0));
      }),
    );
  });

  it('gives every start of the order each share n/N, off by at most ½ + n/N · (classes / 2)', () => {
    fc.assert(
      fc.property(classSizes, (sizes) => {
        const { classes } = interleaveClasses(sizes);
        const seen = sizes.map(() => 0);
        const excess = [...classes].flatMap((label, i) => {
          seen[label]++;
          return sizes.map((size, each) => {
            const share = size / classes.length;
            return Math.abs(seen[each] - share * (i + 1)) - 0.5 - share * (sizes.length / 2);
          });
        });
        expect(Math.max(...excess)).toBeLessThan(1e-9);
      }),
    );
  });

  it('keeps equal classes in strict turn', () => {
    expect([...interleaveClasses([2, 2, 2]).classes]).toEqual([0, 1, 2, 0, 1, 2]);
  });
});
