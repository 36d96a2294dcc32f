/** Rates by neuron and over time: closed forms, windows, and what of spikes and monitors is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallTrains } from '../../test/support/random-trains.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { Monitor } from '../core/network/monitors.js';
import { firingRates, populationRate } from './index.js';

/** Neuron 0 spikes in every second step, neuron 1 in step 3, neuron 2 never: 10 steps. */
const train = spikeTrainFromEvents([0, 2, 3, 4, 6, 8], [0, 0, 1, 0, 0, 0], 10, 3);

/** A monitor that recorded the train, as a network with steps of 0.5 ms would have it. */
function recorded(of: readonly string[] = ['Y'], every = 1): Monitor {
  const monitor = new Monitor({ variables: ['spikes'], every });
  for (const name of of) monitor.track(name, 0.5).advance(train.steps, train);
  return monitor;
}

describe('firing rates', () => {
  it('are spikes by the length of the window', () => {
    expect([...firingRates(train)]).toEqual([500, 100, 0]);
    expect([...firingRates(train, { dt: 2 })]).toEqual([250, 50, 0]);
    expect([...firingRates(train, { from: 3, to: 7 })]).toEqual([500, 250, 0]);
    expect([...firingRates(train, { dt: 0.1, from: 0.3, to: 0.7 })]).toEqual([5000, 2500, 0]);
  });

  it('of a monitor are in the time of its network', () => {
    expect(firingRates(recorded())).toEqual(firingRates(train, { dt: 0.5 }));
    expect(firingRates(recorded(['X', 'Y']), { of: 'X', from: 1 })).toEqual(
      firingRates(train, { dt: 0.5, from: 1 }),
    );
  });

  it('of no steps are NaN, and of no neurons none', () => {
    expect([...firingRates(train, { from: 4, to: 4 })]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(firingRates(spikeTrainFromEvents([], [], 5, 0))).toHaveLength(0);
  });
});

describe('the population rate', () => {
  it('is spikes by neuron and second in whole bins', () => {
    expect(populationRate(train, { bin: 4 })).toEqual({
      times: Float64Array.of(2, 6),
      rates: Float64Array.of(250, 1000 / 6),
      bin: 4,
    });
    const { times, rates } = populationRate(train, { dt: 0.1, from: 0.2 });
    expect(times[0]).toBeCloseTo(0.25, 12);
    expect(rates[0]).toBeCloseTo(1e4 / 3, 8);
    expect(rates).toHaveLength(8);
  });

  it('of less than a bin is empty', () => {
    expect(populationRate(train, { bin: 11 }).rates).toHaveLength(0);
  });

  it('smoothed is the Gaussian window where one spike was: within 1e-12', () => {
    const pulse = spikeTrainFromEvents([50], [0], 101, 1);
    const { rates } = populationRate(pulse, { smooth: 3 });
    const heights = Float64Array.from({ length: 101 }, (_, t) => Math.exp(-0.5 * ((t - 50) / 3) ** 2));
    let total = 0;
    for (let t = 35; t <= 65; t++) total += heights[t];
    for (let t = 0; t < 101; t++) {
      const expected = Math.abs(t - 50) <= 15 ? (1000 * heights[t]) / total : 0;
      expect(Math.abs(rates[t] - expected)).toBeLessThan(1e-12 * 1000);
    }
  });

  it('smoothed stays as it is where it is constant, to the ends: within 1e-9', () => {
    const constant = spikeTrainFromEvents(
      Array.from({ length: 40 }, (_, t) => t),
      new Uint8Array(40),
      40,
      1,
    );
    for (const rate of populationRate(constant, { bin: 2, smooth: 7 }).rates) {
      expect(Math.abs(rate - 1000)).toBeLessThan(1e-9);
    }
  });
});

it('both count every spike once: within 1e-9', () => {
  fc.assert(
    fc.property(smallTrains, ({ raster, train: any }) => {
      const spikes = raster.reduce<number>((sum, spike) => sum + spike, 0);
      const seconds = any.steps / 1000;
      const byNeuron = firingRates(any).reduce((sum, rate) => sum + rate * seconds, 0);
      const byTime = populationRate(any).rates.reduce((sum, rate) => sum + (rate * any.size) / 1000, 0);
      expect(byNeuron).toBeCloseTo(spikes, 9);
      expect(byTime).toBeCloseTo(spikes, 9);
    }),
  );
});

it('a window is as the recording of those steps alone', () => {
  fc.assert(
    fc.property(smallTrains, fc.nat(24), fc.nat(24), ({ raster, train: any }, a, b) => {
      const [from, to] = [Math.min(a, b, any.steps), Math.min(Math.max(a, b), any.steps)];
      const counts = Array.from({ length: any.size }, (_, neuron) => {
        let count = 0;
        for (let t = from; t < to; t++) count += raster[t * any.size + neuron];
        return (1000 * count) / (to - from);
      });
      expect([...firingRates(any, { from, to })]).toEqual(counts);
    }),
  );
});

it.each<[string, () => unknown, string]>([
  ['no spikes', () => firingRates(3 as never), 'firingRates: expected spikes as spikeTrainFromEvents makes'],
  [
    'a size that is none',
    () => firingRates({ ...train, size: undefined } as never),
    'firingRates: expected size to be a whole number of neurons ≥ 0, got undefined',
  ],
  ['a layer of a list', () => firingRates(train, { of: 'Y' }), 'expected of to be left out with a list'],
  ['an unknown layer', () => firingRates(recorded(), { of: 'Z' }), 'firingRates: unknown of "Z"'],
  [
    'no layer of several',
    () => firingRates(recorded(['X', 'Y'])),
    'Monitor: expected of to be one of X, Y, got undefined',
  ],
  [
    'a monitor without spikes',
    () => firingRates(new Monitor({ variables: ['v'] })),
    'unknown variable "spikes"',
  ],
  [
    'a monitor of no network',
    () => firingRates(new Monitor({ variables: ['spikes'] })),
    'Monitor.timing: expected a monitor that was added to a network',
  ],
  [
    'a monitor that left out steps',
    () => firingRates(recorded(['Y'], 2)),
    'firingRates: expected a monitor of every step, got "one of every 2 steps"',
  ],
  [
    'another step than the network’s',
    () => firingRates(recorded(), { dt: 1 }),
    'firingRates: expected dt to be left out, or 0.5 ms as in the network, got 1',
  ],
  [
    'a window beyond the spikes',
    () => firingRates(train, { to: 11 }),
    'firingRates: expected to ≤ 10 ms, the end of the spikes, got 11',
  ],
  [
    'a window that ends before it begins',
    () => firingRates(train, { from: 5, to: 4 }),
    'firingRates: expected from ≤ 4 ms, the end of the window, got 5',
  ],
  [
    'parts of steps',
    () => firingRates(train, { from: 0.5 }),
    'firingRates: expected from to be whole steps of 1 ms, got 0.5',
  ],
  [
    'bins of parts of steps',
    () => populationRate(recorded(), { bin: 0.75 }),
    'populationRate: expected bin to be whole steps of 0.5 ms, got 0.75',
  ],
  [
    'bins without steps',
    () => populationRate(train, { bin: 1e-12 }),
    'populationRate: expected bin of at least one step of 1 ms, got 1e-12',
  ],
])('names %s in its error', (_, misuse, message) => {
  expect(misuse).toThrow(message);
});
