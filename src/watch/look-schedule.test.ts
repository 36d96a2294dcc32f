import { expect, it } from 'vitest';
import { LookSchedule } from './look-schedule.js';

/** A training of so many images per millisecond that is looked at, each look taking its time; the times of all looks. */
function simulate(
  perMillisecond: number,
  nImages: number,
  look: { paused: number; lost?: number; expected?: number },
) {
  let now = 1000;
  const schedule = new LookSchedule(30, () => now);
  schedule.begin(500, look.expected);
  const start = now;
  const looks: { nIter: number; at: number }[] = [];
  let stops = 0;
  let nIter = 500;
  while (nIter < 500 + nImages) {
    const next = schedule.next(nIter, true);
    expect((next - 500) % 30).toBe(0);
    expect(next).toBeGreaterThan(nIter);
    now += (next - nIter) / perMillisecond;
    nIter = next;
    stops++;
    if (!schedule.isDue(nIter)) continue;
    looks.push({ nIter, at: now - start });
    now += look.paused;
    schedule.looked(nIter);
    schedule.spend(look.paused, look.lost);
  }
  return { looks, stops, elapsed: now - start };
}

it('looks after every interval where that costs next to nothing', () => {
  const { looks } = simulate(0.01, 300, { paused: 40 });
  expect(looks.map(({ nIter }) => nIter)).toEqual([530, 560, 590, 620, 650, 680, 710, 740, 770, 800]);
});

it.each([100, 1000, 5000, 8000, 12_000, 20_000, 40_000])(
  'takes less than 5 %% of a training of %i ms, the first look being dear',
  (milliseconds) => {
    const { looks, elapsed } = simulate(1, milliseconds, { paused: 100, lost: 250, expected: 300 });
    expect((looks.length * 350) / elapsed).toBeLessThan(0.041);
  },
);

it('takes less than 5 % of the time of a fast training, pauses and drawing elsewhere together, and stops seldom', () => {
  const { looks, stops, elapsed } = simulate(2, 60_000, { paused: 40, lost: 60 });
  expect((looks.length * 100) / elapsed).toBeLessThan(0.04);
  expect((looks.length * 100) / elapsed).toBeGreaterThan(0.03);
  expect(looks[0].nIter).toBe(530);
  expect(stops).toBeLessThan(elapsed / 1000);
});

it('does not stop at every interval for nobody', () => {
  let now = 0;
  const schedule = new LookSchedule(30, () => now);
  schedule.begin(0);
  now = 30;
  expect(schedule.next(30, true)).toBe(60);
  expect(schedule.next(30, false)).toBe(1020);
});

it('looks at whole batches, which pass multiples of the interval', () => {
  const schedule = new LookSchedule(30);
  schedule.begin(0);
  expect([schedule.isDue(29), schedule.isDue(32)]).toEqual([false, true]);
  schedule.looked(32);
  expect([schedule.isDue(59), schedule.isDue(64)]).toEqual([false, true]);
});
