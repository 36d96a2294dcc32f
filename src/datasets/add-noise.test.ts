import { describe, expect, it } from 'vitest';
import { addNoise } from './add-noise.js';
import type { ImageSet } from './image-set.js';

const count = 20;
const size = 27;
const grey: ImageSet = {
  name: 'grey',
  count,
  height: size,
  width: size,
  channels: 1,
  images: new Uint8Array(count * size * size).fill(128),
  labels: new Uint8Array(count),
};

describe('addNoise', () => {
  it('has the mean and standard deviation that it promises: within 5 standard errors', () => {
    const { images } = addNoise(grey, 0.1);
    const n = images.length;
    const mean = images.reduce((sum, value) => sum + value, 0) / n;
    const deviation = Math.sqrt(images.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
    expect(Math.abs(mean - 128)).toBeLessThan((5 * 25.5) / Math.sqrt(n));
    expect(Math.abs(deviation - 25.5)).toBeLessThan((5 * 25.5) / Math.sqrt(2 * n));
  });

  it('is a function of seed and image, changes nothing without noise, and leaves the original alone', () => {
    const noisy = addNoise(grey, 0.3, 7);
    expect(addNoise(grey, 0.3, 7)).toEqual(noisy);
    expect(addNoise(grey, 0.3, 8).images).not.toEqual(noisy.images);
    const first = { ...grey, count: 1, images: grey.images.subarray(0, size * size) };
    expect(addNoise(first, 0.3, 7).images).toEqual(noisy.images.subarray(0, size * size));
    expect(addNoise(grey, 0).images).toEqual(grey.images);
    expect(grey.images.every((value) => value === 128)).toBe(true);
  });

  it('holds pixels in their range, and refuses a negative deviation', () => {
    const { images } = addNoise(grey, 5);
    expect(images.filter((value) => value === 0 || value === 255).length).toBeGreaterThan(
      0.8 * images.length,
    );
    expect(() => addNoise(grey, -1)).toThrow('addNoise: expected a finite deviation ≥ 0, got -1');
  });
});
