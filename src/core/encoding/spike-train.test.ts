/** Spike trains: there and back, and what makes one valid. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSpikeTrain,
  rasterFromSpikeTrain,
  renumberSpikes,
  spikesAt,
  spikeTrainFromEvents,
  spikeTrainFromRaster,
} from './spike-train.js';

const rasters = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 12 }))
  .chain(([steps, size]) =>
    fc.record({
      steps: fc.constant(steps),
      size: fc.constant(size),
      raster: fc.array(fc.constantFrom(0, 1), { minLength: steps * size, maxLength: steps * size }),
    }),
  );

describe('spike trains', () => {
  it('hold the raster they come from, sorted within each step', () => {
    fc.assert(
      fc.property(rasters, ({ raster, steps, size }) => {
        const train = spikeTrainFromRaster(raster, steps, size);
        expect([...rasterFromSpikeTrain(train)]).toEqual(raster);
        for (let t = 0; t < steps; t++) {
          expect([...spikesAt(train, t)]).toEqual(
            [...Array(size).keys()].filter((n) => raster[t * size + n] === 1),
          );
        }
        checkSpikeTrain(train, size, 'test');
      }),
    );
  });

  it('come from events in any order of time', () => {
    const train = spikeTrainFromEvents([2, 0, 2, 0], [0, 1, 3, 2], 3, 4);
    expect(train).toEqual({
      steps: 3,
      size: 4,
      offsets: Uint32Array.of(0, 2, 2, 4),
      neurons: Uint32Array.of(1, 2, 0, 3),
    });
  });

  it('are renumbered neuron by neuron and sorted again', () => {
    const train = spikeTrainFromRaster([1, 1, 0, 0, 1, 1], 2, 3);
    const renumbered = renumberSpikes(train, Uint32Array.of(2, 0, 1));
    expect([...rasterFromSpikeTrain(renumbered)]).toEqual([1, 0, 1, 1, 1, 0]);
    expect([...renumbered.neurons]).toEqual([0, 2, 0, 1]);
    expect([...train.neurons]).toEqual([0, 1, 1, 2]);
  });

  const good = spikeTrainFromRaster([1, 0, 1, 0, 1, 1], 2, 3);
  it.each([
    ['spikes of another layer', { size: 4 }, 'place: expected spikes of 3 neurons, got 4'],
    [
      'too few offsets',
      { offsets: Uint32Array.of(0, 4) },
      'place: expected 3 offsets that ascend from 0 to the 4 spikes',
    ],
    [
      'offsets that end early',
      { offsets: Uint32Array.of(0, 2, 3) },
      'that ascend from 0 to the 4 spikes, got [0,2,3]',
    ],
    ['offsets that begin late', { offsets: Uint32Array.of(1, 2, 4) }, 'got [1,2,4]'],
    ['offsets that fall', { offsets: Uint32Array.of(0, 5, 4) }, 'got [0,5,4]'],
    [
      'a neuron that is not there',
      { neurons: Uint32Array.of(0, 2, 1, 3) },
      'neurons below 3, each once a step and ascending, got "1, 3 in step 1"',
    ],
    ['a neuron twice in a step', { neurons: Uint32Array.of(0, 0, 1, 2) }, 'got "0, 0 in step 0"'],
    ['neurons out of order', { neurons: Uint32Array.of(0, 2, 2, 1) }, 'got "2, 1 in step 1"'],
  ])('are refused with %s', (_, change, message) => {
    expect(() => checkSpikeTrain({ ...good, ...change }, 3, 'place')).toThrow(message);
  });

  it('are refused as rasters of another size', () => {
    expect(() => spikeTrainFromRaster([1, 0, 1], 2, 2)).toThrow(
      'spikeTrainFromRaster: expected 2 × 2 = 4 entries, got 3',
    );
  });
});
