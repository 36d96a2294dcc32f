/** Folds that keep images together and classes even. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../core/random/stream.js';
import { dealFolds } from './choose-regularization.js';

const random = () => new RandomStream(0, 'linearClassifier');

describe('dealFolds', () => {
  it('spreads every class evenly: folds differ by at most one row of a class', () => {
    const labelled = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(labelled, fc.integer({ min: 2, max: 5 }), (labels, nFolds) => {
        const members = Uint32Array.from(labels.keys());
        const foldOf = dealFolds(members, Uint8Array.from(labels), nFolds, undefined, random());
        for (const label of new Set(labels)) {
          const sizes = Array.from(
            { length: nFolds },
            (_, fold) => labels.filter((one, i) => one === label && foldOf[i] === fold).length,
          );
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('never parts rows of the same image', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 60 }), (images) => {
        // Only every other row is a member: folds belong to members, identities to rows.
        const members = Uint32Array.from(images.keys()).filter((row) => row % 2 === 0);
        const labels = Uint8Array.from(images, (image) => image % 3);
        const foldOf = dealFolds(members, labels, 3, images, random());
        const foldOfImage = new Map<number, number>();
        members.forEach((row, k) => {
          expect(foldOfImage.get(images[row]) ?? foldOf[k]).toBe(foldOf[k]);
          foldOfImage.set(images[row], foldOf[k]);
        });
      }),
    );
  });
});
