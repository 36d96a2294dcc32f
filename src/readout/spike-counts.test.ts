/** Spike counts are kept sparse without loss: round trips with dense ones, slices, and what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackSpikeCounts } from '../../test/support/spike-counts.js';
import {
  checkSpikeCounts,
  packSpikeCounts,
  type SpikeCounts,
  SpikeCountsBuilder,
  sliceSpikeCounts,
} from './spike-counts.js';

const layer = { nFilters: 2, nPositions: 2 };

interface DenseCounts {
  readonly shape: { readonly nFilters: number; readonly nPositions: number };
  readonly dense: Uint16Array;
  readonly nImages: number;
  readonly nNeurons: number;
}

/** Up to 12 images, and large enough layers that the builder's arrays have to grow. */
const denseCounts: fc.Arbitrary<DenseCounts> = fc
  .record({
    nImages: fc.nat(12),
    nFilters: fc.integer({ min: 1, max: 40 }),
    nPositions: fc.integer({ min: 1, max: 9 }),
    values: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 250, 65_535), { minLength: 1, maxLength: 97 }),
  })
  .map(({ nImages, nFilters, nPositions, values }) => ({
    shape: { nFilters, nPositions },
    dense: Uint16Array.from(
      { length: nImages * nFilters * nPositions },
      (_, at) => values[at % values.length],
    ),
    nImages,
    nNeurons: nFilters * nPositions,
  }));

describe('packSpikeCounts', () => {
  it('keeps the neurons that spiked, image by image', () => {
    expect(packSpikeCounts(Uint16Array.of(0, 7, 0, 1, 0, 0, 0, 0, 65_535, 0, 0, 2), layer)).toEqual({
      nImages: 3,
      nFilters: 2,
      nPositions: 2,
      offsets: Uint32Array.of(0, 2, 2, 4),
      neurons: Uint32Array.of(1, 3, 0, 3),
      counts: Uint16Array.of(7, 1, 65_535, 2),
    });
  });

  it('loses nothing: unpacked it is what it was, and it is as small as its spikes', () => {
    fc.assert(
      fc.property(denseCounts, ({ dense, shape, nImages }) => {
        const packed = packSpikeCounts(dense, shape);
        expect(unpackSpikeCounts(packed)).toEqual(dense);
        expect(packed).toMatchObject({ ...shape, nImages });
        const nSpiking = dense.filter((count) => count > 0).length;
        expect([packed.neurons.length, packed.counts.length]).toEqual([nSpiking, nSpiking]);
        checkSpikeCounts(packed, 'test');
      }),
    );
  });

  it('takes no images at all', () => {
    expect(packSpikeCounts(new Uint16Array(0), layer)).toMatchObject({
      nImages: 0,
      offsets: Uint32Array.of(0),
    });
  });

  it('refuses a part of an image', () => {
    expect(() => packSpikeCounts(new Uint16Array(6), layer)).toThrow(
      /^packSpikeCounts: expected a multiple of 4 counts, got 6$/,
    );
  });
});

describe('SpikeCountsBuilder', () => {
  it('reads counts in any order of neurons', () => {
    fc.assert(
      fc.property(denseCounts, fc.infiniteStream(fc.nat()), ({ dense, shape, nImages, nNeurons }, keys) => {
        const sortKeys = Array.from({ length: nNeurons }, () => keys.next().value as number);
        // position[y]: where neuron y stands among the shuffled counts.
        const position = Uint32Array.from([...sortKeys.keys()].sort((a, b) => sortKeys[a] - sortKeys[b]));
        const builder = new SpikeCountsBuilder(shape);
        for (let image = 0; image < nImages; image++) {
          const shuffled = new Uint16Array(nNeurons);
          position.forEach((at, y) => {
            shuffled[at] = dense[image * nNeurons + y];
          });
          builder.add(shuffled, position);
        }
        expect(builder.build()).toEqual(packSpikeCounts(dense, shape));
      }),
    );
  });

  it('goes on after a build, which stays as it was', () => {
    const builder = new SpikeCountsBuilder(layer);
    builder.add(Uint16Array.of(1, 0, 0, 2));
    const first = builder.build();
    builder.add(Uint16Array.of(0, 3, 0, 0));
    expect(first).toEqual(packSpikeCounts(Uint16Array.of(1, 0, 0, 2), layer));
    expect(builder.build()).toEqual(packSpikeCounts(Uint16Array.of(1, 0, 0, 2, 0, 3, 0, 0), layer));
  });

  it('refuses counts of another layer, and keeps what it has', () => {
    const builder = new SpikeCountsBuilder(layer);
    builder.add(Uint16Array.of(1, 2, 3, 4));
    expect(() => builder.add(new Uint16Array(3))).toThrow(/^SpikeCountsBuilder: expected 4 counts, got 3$/);
    expect(builder.build()).toEqual(packSpikeCounts(Uint16Array.of(1, 2, 3, 4), layer));
  });
});

describe('sliceSpikeCounts', () => {
  it('is the counts of those images alone', () => {
    fc.assert(
      fc.property(denseCounts, fc.nat(), fc.nat(), ({ dense, shape, nImages, nNeurons }, a, b) => {
        const [from, to] = [a % (nImages + 1), b % (nImages + 1)].sort((x, y) => x - y);
        const part = packSpikeCounts(dense.slice(from * nNeurons, to * nNeurons), shape);
        const slice = sliceSpikeCounts(packSpikeCounts(dense, shape), from, to);
        expect(slice).toEqual(part);
        checkSpikeCounts(slice, 'test');
      }),
    );
  });

  it.each([
    [-1, 1],
    [0, 4],
    [2, 1],
    [0, 0.5],
  ])('refuses the images %d … %d of 3', (from, to) => {
    const counts = packSpikeCounts(new Uint16Array(12), layer);
    expect(() => sliceSpikeCounts(counts, from, to)).toThrow(
      /^sliceSpikeCounts: expected 0 ≤ from ≤ to ≤ 3 images, got \[/,
    );
  });
});

describe('checkSpikeCounts', () => {
  const counts = packSpikeCounts(Uint16Array.of(0, 7, 0, 1, 0, 0, 2, 3), layer);

  it.each<[string, Partial<SpikeCounts>, RegExp]>([
    ['half an image', { nImages: 1.5 }, /nImages to be a whole number ≥ 0, got 1.5/],
    ['no filters', { nFilters: 0 }, /nFilters to be a whole number ≥ 1, got 0/],
    ['no positions', { nPositions: 0 }, /nPositions to be a whole number ≥ 1, got 0/],
    ['too few offsets', { offsets: Uint32Array.of(0, 4) }, /2 images with 3 offsets from 0 on, got 2/],
    ['offsets from 1 on', { offsets: Uint32Array.of(1, 2, 4) }, /2 images with 3 offsets from 0 on, got 3/],
    ['offsets that fall', { offsets: Uint32Array.of(0, 5, 4) }, /offsets that never fall, 5 or more, got 4/],
    ['a last offset too high', { offsets: Uint32Array.of(0, 2, 5) }, /5 neurons and counts.*got "4 and 4"/],
    ['a last offset too low', { offsets: Uint32Array.of(0, 2, 3) }, /3 neurons and counts.*got "4 and 4"/],
    ['too few neurons', { neurons: Uint32Array.of(1, 3, 2) }, /4 neurons and counts.*got "3 and 4"/],
    ['too many counts', { counts: new Uint16Array(5).fill(1) }, /4 neurons and counts.*got "4 and 5"/],
    [
      'neurons of a larger layer',
      { neurons: Uint32Array.of(1, 4, 2, 3) },
      /neurons below 2 filters × 2 positions = 4, got 4/,
    ],
    [
      'neurons out of order',
      { neurons: Uint32Array.of(1, 3, 3, 2) },
      /neurons of image 1 ascending, above 3, got 2/,
    ],
    [
      'a neuron twice',
      { neurons: Uint32Array.of(1, 1, 2, 3) },
      /neurons of image 0 ascending, above 1, got 1/,
    ],
    [
      'an entry of 0',
      { counts: Uint16Array.of(7, 0, 2, 3) },
      /counts > 0 \(silent neurons have no entry\), got 0/,
    ],
  ])('refuses %s', (_, change, message) => {
    checkSpikeCounts(counts, 'test');
    const check = () => checkSpikeCounts({ ...counts, ...change }, 'test');
    expect(check).toThrow(message);
    expect(check).toThrow(/^test: expected /);
  });
});
