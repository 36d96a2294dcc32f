/** Poisson encoding of a batch: the same spikes as src/core/encoding/poisson.ts. */
import {
  jobArenaEnd,
  jobArenaNext,
  jobEvents,
  jobGuide,
  jobImageCount,
  jobImages,
  jobItems,
  jobNext,
  jobOverflow,
  jobPixels,
  jobPurpose,
  jobSeedHigh,
  jobSeedLow,
  jobSteps,
  jobThresholds,
} from './layout';
import { philox4x32 } from './philox';

/**
 * Encodes images of the job until none is left.  `scratch` holds 16 bytes of words, then steps + 1 counters, then 8 bytes
 * for every spike an image can have.
 */
export function encodeImages(job: usize, scratch: usize): void {
  const nImages = load<u32>(job, jobImageCount);
  for (;;) {
    const image = atomic.add<u32>(job, 1, jobNext);
    if (image >= nImages) return;
    if (!encodeImage(job, image, scratch)) {
      atomic.store<u32>(job, 1, jobOverflow);
      return;
    }
  }
}

function encodeImage(job: usize, image: u32, scratch: usize): bool {
  const nPixels = load<u32>(job, jobPixels);
  const steps = load<u32>(job, jobSteps);
  const pixels = load<u32>(job, jobImages) + image * nPixels;
  const item = load<u32>(load<u32>(job, jobItems) + (image << 2));
  const seedLow = load<u32>(job, jobSeedLow);
  const seedHigh = load<u32>(job, jobSeedHigh);
  const purpose = load<u32>(job, jobPurpose);
  const allThresholds = load<u32>(job, jobThresholds);
  const allGuides = load<u32>(job, jobGuide);
  const counters = scratch + 16;
  const spikes = counters + ((steps + 2) << 2);
  memory.fill(counters, 0, (steps + 1) << 2);
  let end = spikes;
  for (let pixel: u32 = 0; pixel < nPixels; pixel++) {
    const level = load<u8>(pixels + pixel) as u32;
    if (level == 0) continue;
    const thresholds = allThresholds + ((level * (steps + 1)) << 2);
    const guide = allGuides + (level << 9);
    let elapsed: u32 = 0;
    let block: u32 = 0;
    let lane: u32 = 4;
    for (;;) {
      if (lane == 4) {
        philox4x32(block++, pixel, item, purpose, seedLow, seedHigh, scratch);
        lane = 0;
      }
      const word = load<u32>(scratch + (lane++ << 2));
      let interval = load<u16>(guide + ((word >> 24) << 1)) as u32;
      while (interval <= steps && word >= load<u32>(thresholds + (interval << 2))) interval++;
      elapsed += max<u32>(1, interval);
      if (elapsed > steps) break;
      store<u32>(end, elapsed - 1);
      store<u32>(end, pixel, 4);
      end += 8;
      const counter = counters + (elapsed << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
  }
  const nSpikes = ((end - spikes) >> 3) as u32;
  const bytes = (steps + 1 + nSpikes) << 2;
  const events = atomic.add<u32>(job, bytes, jobArenaNext);
  if (events + bytes > load<u32>(job, jobArenaEnd)) return false;
  store<u32>(load<u32>(job, jobEvents) + (image << 2), events);
  let total: u32 = 0;
  for (let t: u32 = 0; t <= steps; t++) {
    total += load<u32>(counters + (t << 2));
    store<u32>(counters + (t << 2), total);
    store<u32>(events + (t << 2), total);
  }
  // Pixels were visited in ascending order, so a stable scatter leaves every step sorted.
  const neurons = events + ((steps + 1) << 2);
  for (let spike = spikes; spike < end; spike += 8) {
    const cursor = counters + (load<u32>(spike) << 2);
    const at = load<u32>(cursor);
    store<u32>(neurons + (at << 2), load<u32>(spike, 4));
    store<u32>(cursor, at + 1);
  }
  return true;
}
