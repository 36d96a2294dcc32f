/** The encoders without chance, spike by spike, and the register of all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant, encoders, getEncoder, rankOrder, repeat, single } from './index.js';
import { rasterFromSpikeTrain, type SpikeTrain } from './spike-train.js';

/** [neuron, step] of every spike, by neuron. */
function spikesOf(train: SpikeTrain): [neuron: number, t: number][] {
  const spikes: [number, number][] = [];
  for (let t = 0; t < train.steps; t++) {
    for (let e = train.offsets[t]; e < train.offsets[t + 1]; e++) spikes.push([train.neurons[e], t]);
  }
  return spikes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

describe('single', () => {
  it('spikes once, in step 0, where brightness is above the threshold', () => {
    expect(spikesOf(single([0, 0.5, 0.51, 1], { time: 4 }))).toEqual([
      [2, 0],
      [3, 0],
    ]);
    expect(spikesOf(single([0, 0.5, 0.51, 1], { time: 4, threshold: 0 }))).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(spikesOf(single(Uint8Array.of(127, 128), { time: 1 }))).toEqual([[1, 0]]);
  });

  it('refuses a threshold that is no number', () => {
    expect(() => single([1], { time: 1, threshold: Number.NaN })).toThrow(
      'single: expected a finite threshold, got NaN',
    );
  });
});

describe('repeat', () => {
  it('spikes in every step where brightness is not 0', () => {
    expect([...rasterFromSpikeTrain(repeat([0, 1, 0.01], { time: 3 }))]).toEqual([0, 1, 1, 0, 1, 1, 0, 1, 1]);
  });
});

describe('constant', () => {
  it('spikes whenever the integral of brightness · intensity has grown by 1', () => {
    expect(spikesOf(constant([1, 0.5, 0, 0.3], { time: 10, intensity: 1000 }))).toEqual([
      ...[...Array(10).keys()].map((t) => [0, t]),
      ...[1, 3, 5, 7, 9].map((t) => [1, t]),
      ...[3, 6, 9].map((t) => [3, t]),
    ]);
    expect(spikesOf(constant([1], { time: 10, intensity: 250, dt: 2 }))).toEqual(
      [1, 3, 5, 7, 9].map((t) => [0, t]),
    );
  });

  it('has the exact rate: ⌊steps · brightness · dt · intensity⌋ spikes, at most one a step', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 300 }),
        (bytes, time) => {
          const train = constant(bytes, { time, intensity: 1000 });
          bytes.forEach((byte, pixel) => {
            const count = train.neurons.filter((neuron) => neuron === pixel).length;
            expect(count).toBe(Math.floor(time * (byte / 255)));
          });
          const bright = bytes.filter((byte) => byte > 0).length;
          expect(constant(bytes, { time, intensity: 1e6 }).neurons).toHaveLength(bright * time);
        },
      ),
    );
  });
});

describe('rankOrder', () => {
  it('spikes once per pixel at ⌈time · dimmest / brightness⌉ − 1, a pixel of 0 never', () => {
    // Dimmest 0.125: 0.125 / 1 · 16 = 2nd step, / 0.5 = 4th, / 0.3 = 6.67 → 7th, / 0.125 = 16th.
    expect(spikesOf(rankOrder([1, 0.5, 0, 0.3, 0.125], { time: 16 }))).toEqual([
      [0, 1],
      [1, 3],
      [3, 6],
      [4, 15],
    ]);
  });

  it('is earlier where it is brighter, and only the proportions count', () => {
    const values = fc.array(fc.integer({ min: 0, max: 127 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 250 }), (bytes, time) => {
        const spikes = spikesOf(rankOrder(Uint8Array.from(bytes), { time }));
        expect(spikes.map(([pixel]) => pixel)).toEqual([...bytes.keys()].filter((pixel) => bytes[pixel] > 0));
        const byBrightness = spikes.toSorted(([a], [b]) => bytes[b] - bytes[a]).map(([, t]) => t);
        expect(byBrightness).toEqual(byBrightness.toSorted((a, b) => a - b));
        expect(byBrightness.at(-1) ?? time - 1).toBe(time - 1);
        const doubled = Uint8Array.from(bytes, (byte) => 2 * byte);
        expect(spikesOf(rankOrder(doubled, { time }))).toEqual(spikes);
      }),
    );
  });
});

describe('all encoders', () => {
  it.each(Object.entries(encoders))('%s: found by name, refuses bad brightness and time', (name, encode) => {
    expect(getEncoder(name)).toBe(encode);
    expect(() => encode([1.01], { time: 5 })).toThrow(`${name}: expected brightness in [0, 1] (or bytes)`);
    expect(() => encode([1], { time: 0 })).toThrow(
      `${name}: expected time to be a whole number of steps ≥ 1`,
    );
    expect(encode([], { time: 5 })).toMatchObject({ steps: 5, size: 0 });
  });

  it('name the nearest one where there is none of that name', () => {
    expect(() => getEncoder('rank_order')).toThrow(
      'encoder: unknown encoder "rank_order". Did you mean "rankOrder"? Known: poisson, bernoulli, constant, single, repeat, rankOrder.',
    );
    expect(() => getEncoder('toString')).toThrow('unknown encoder "toString"');
  });
});
