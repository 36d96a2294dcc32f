/** The tally of a converted network's answers, by hand. */
import { expect, it } from 'vitest';
import { SpikeTally } from './spike-tally.js';

const description = {
  nImages: 2,
  times: Float64Array.of(1, 2),
  layers: ['input', 'output'],
  nClasses: 3,
};
const labels = Uint8Array.of(0, 2);
/** [image, readout, class]: classes 0 and 1 draw first, then 1 leads; 2 leads from the first readout on. */
const counts = [Uint16Array.of(1, 1, 0, 0, 1, 0), Uint16Array.of(0, 0, 2, 0, 1, 0)];

it('sums spikes over readouts; of equal classes the first wins', () => {
  const tally = new SpikeTally(description);
  counts.forEach((ofImage, image) => tally.addCounts(ofImage, labels, image));
  tally.addSpikes(Uint32Array.of(10, 3, 20, 5));
  const result = tally.result();
  expect([...result.accuracy]).toEqual([1, 0.5]);
  expect([...result.predictions]).toEqual([1, 2]);
  expect(result).toMatchObject({ images: 2, spikesPerImage: 19, spikesByLayer: { input: 15, output: 4 } });
});

it('goes on from a state as if there had been no pause', () => {
  const [whole, begun, resumed] = [1, 2, 3].map(() => new SpikeTally(description));
  whole.addCounts(counts[0], labels, 0);
  whole.addCounts(counts[1], labels, 1);
  begun.addCounts(counts[0], labels, 0);
  begun.addSpikes(Uint32Array.of(10, 3));
  whole.addSpikes(Uint32Array.of(10, 3));
  resumed.restore(begun.save());
  resumed.addCounts(counts[1], labels, 1);
  expect(resumed.save()).toEqual(whole.save());
  expect(() => new SpikeTally({ ...description, nImages: 1 }).restore(begun.save())).toThrow(
    'SpikeTally: expected a state of 1 images, got "1 of 2"',
  );
});

it('tells more than 256 classes apart', () => {
  const nClasses = 300;
  const tally = new SpikeTally({ ...description, nImages: 1, times: Float64Array.of(1), nClasses });
  tally.addCounts(
    Uint16Array.from({ length: nClasses }, (_, k) => Number(k === 299)),
    Uint16Array.of(299),
    0,
  );
  expect([...tally.result().predictions]).toEqual([299]);
  expect([...tally.result().accuracy]).toEqual([1]);
  expect([...tally.save().predictions]).toEqual([299]);
});
