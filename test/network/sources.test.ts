/** Networks that run from sources alone: spikes at their times, Poisson statistics, and a Brunel network at its mean-field rate. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { SpikeTrain } from '../../src/core/encoding/spike-train.js';
import { PoissonSource } from '../../src/core/models/index.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { Input, LIF, SpikeSource } from '../../src/core/network/nodes/index.js';
import { Connection, OneToOneConnection } from '../../src/core/network/topology/index.js';
import { MSTDP } from '../../src/core/rules/index.js';
import { RandomStream } from '../../src/core/random/stream.js';
import { engines, record, spikesByNeuron, spikeTimes } from '../support/small-networks.js';

const platforms = [
  { engine: 'reference' },
  { engine: 'wasm' },
  { engine: 'wasm', threads: 2 },
] as const satisfies NetworkParameters[];

describe.each(engines)('a spike source on %s', (engine) => {
  it('spikes in the steps of its times, over runs that go on, and anew after a reset', async () => {
    const network = new Network({ engine, dt: 0.1 }).addLayer(
      'X',
      new SpikeSource({ shape: 3, spikes: [[0, 0.3, 1.95], [], [0.09, 0.7]] }),
    );
    const spikes = record(network, 'X', 'spikes');
    await network.run(0.5);
    await network.run({}, { time: 16 });
    expect(spikeTimes(spikes())).toEqual([[0, 3, 19], [], [0, 7]]);
    network.resetState();
    await network.run(1);
    expect(spikeTimes(spikes().slice(21))).toEqual([[0, 3], [], [0, 7]]);
    network.dispose();
  });

  it('of a train is that train, in published order', async () => {
    const train = spikesByNeuron([[0], [1], [2], [0, 3], [], [2], [1, 2], [3]], 4);
    const network = new Network({ engine }).addLayer(
      'X',
      new SpikeSource({ shape: [2, 2, 2], spikes: train }),
    );
    const spikes = record(network, 'X', 'spikes');
    await network.run(6);
    expect(spikeTimes(spikes())).toEqual([[0], [1], [2], [0, 3], [], [2], [1, 2], [3]]);
    network.dispose();
  });

  it('and a run name what does not fit', async () => {
    const network = new Network({ engine })
      .addLayer('X', new SpikeSource({ shape: 1, spikes: [[0]] }))
      .addLayer('Y', new LIF({ shape: 1 }));
    const one = spikesByNeuron([[0]], 1);
    await expect(network.run({ X: one })).rejects.toThrow('layers without spikes of their own, got "X"');
    await expect(network.run(5, { time: 3 })).rejects.toThrow('a duration or time, not both');
    await expect(network.run(-1)).rejects.toThrow('finite duration ≥ 0 ms, got -1');
    await expect(network.run({ Y: one }, { clamp: { Y: one } })).rejects.toThrow(
      'as inputs or as clamp, not both',
    );
    await expect(network.present({ X: [one] }, { learn: false })).rejects.toThrow(
      'without spikes of its own',
    );
    network.dispose();
    const source = (spikes: unknown) => () => new SpikeSource({ shape: 1, spikes: spikes as SpikeTrain });
    expect(source([[-1]])).toThrow('times ≥ 0 ms (neuron 0), got -1');
    expect(source([[0], [1]])).toThrow('a list of spike times for each of 1 neurons, got 2');
    expect(source(spikesByNeuron([[0], [1]], 2))).toThrow('spikes of 1 neurons, got 2');
    expect(source([['a']])).toThrow('spikes[0] to be a list of numbers');
    const twice = new Network({ engine }).addLayer('X', new SpikeSource({ shape: 1, spikes: [[0.2, 0.7]] }));
    await expect(twice.run(2)).rejects.toThrow(
      'one spike at most of neuron 0 in a step of 1 ms, got "0.2 ms and 0.7 ms"',
    );
  });
});

describe.each(engines)('a run on %s', (engine) => {
  it('gives a layer of neurons spikes beside its own', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', new LIF({ shape: 2, refrac: 0 }))
      .addConnection('X', 'Y', new Connection({ w: Float32Array.of(20, 0) }));
    const spikes = record(network, 'Y', 'spikes');
    await network.run({ X: spikesByNeuron([[0]], 5), Y: spikesByNeuron([[3], [0, 1]], 5) });
    expect(spikeTimes(spikes())).toEqual([
      [1, 3],
      [0, 1],
    ]);
    network.dispose();
  });

  it('asks a reward before each step, which may follow from the spikes so far', async () => {
    const build = () =>
      new Network({ engine, seed: 1 })
        .addLayer('X', new PoissonSource({ shape: 8, rate: 200 }))
        .addLayer('Y', new LIF({ shape: 2, thresh: -60, refrac: 1 }))
        .addConnection('X', 'Y', new Connection({ w: { uniform: [1, 4] }, rule: new MSTDP({ nu: 0.05 }) }));
    const closed = build();
    const rewards: number[] = [];
    await closed.run(60, {
      signals: {
        reward: (step) => {
          const [first, second] = closed.getVariable('Y', 'spikes');
          rewards[step] = first - second;
          return rewards[step];
        },
      },
    });
    const open = build();
    await open.run(60, { signals: { reward: rewards } });
    expect(closed.getWeights('X->Y')).toEqual(open.getWeights('X->Y'));
    expect(new Set(rewards).size).toBeGreaterThan(1);
    await expect(open.run(1, { signals: { reward: () => Number.NaN } })).rejects.toThrow(
      'a finite signal reward, got NaN',
    );
    closed.dispose();
    open.dispose();
  });
});

describe('a Poisson source', () => {
  it('spikes at its rates, in intervals that are geometric, and draws the same on every engine and any threads', async () => {
    const steps = 20_000;
    const rates = [0, 5, 20, 100];
    const found: number[][][] = [];
    for (const platform of platforms) {
      const network = new Network({ dt: 0.5, seed: 11, ...platform }).addLayer(
        'P',
        new PoissonSource({ shape: 4, rate: rates }),
      );
      const { trains } = await network.present({}, { to: 1, time: steps, learn: false, trains: 'P' });
      found.push(timesOf(trains.P[0]));
      network.dispose();
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    found[0].forEach((times, neuron) => {
      const p = (rates[neuron] * 0.5) / 1000;
      const expected = p * steps;
      // Four standard deviations of a binomial number.
      expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected * (1 - p)));
      if (neuron < 2) return;
      // √(1 − p): the coefficient of variation of geometric intervals, to four of its standard errors.
      expect(Math.abs(variation(times) - Math.sqrt(1 - p))).toBeLessThan(4 / Math.sqrt(times.length));
    });
  });

  it('takes rates over time as currents, and from other layers', async () => {
    const network = new Network({ seed: 2 }).addLayer('P', new PoissonSource({ shape: 200, rate: 0 }));
    // 1 kHz within 10 steps: a spike in each.
    const currents = Float32Array.from({ length: 30 * 200 }, (_, at) => Number(Math.floor(at / 2000) === 1));
    const spikes = record(network, 'P', 'spikes');
    await network.run({}, { currents: { P: currents } });
    expect(spikes().map((row) => row.reduce((sum, spike) => sum + spike, 0))).toEqual(
      Array.from({ length: 30 }, (_, t) => (t >= 10 && t < 20 ? 200 : 0)),
    );
    network.dispose();
  });
});

describe('a Brunel network', () => {
  it('fires asynchronously and irregularly, at its mean-field rate to 10 %', async () => {
    const network = buildBrunel({ engine: 'wasm' });
    const steps = 42_000;
    const begun = 2000;
    const { trains } = await network.present({}, { to: 1, time: steps, learn: false, trains: ['E', 'I'] });
    network.dispose();
    const late = ['E', 'I'].flatMap((name) =>
      timesOf(trains[name][0]).map((times) => times.filter((step) => step >= begun)),
    );
    const spikes = late.flat();
    const rate = spikes.length / late.length / ((steps - begun) * brunel.dt);
    const predicted = meanFieldRate();
    expect(Math.abs(rate / predicted - 1)).toBeLessThan(0.1);
    // Irregular: intervals vary as those of a Poisson process that has a refractory period do.
    const variations = late.filter((times) => times.length > 15).map(variation);
    const mean = variations.reduce((sum, each) => sum + each, 0) / variations.length;
    expect(mean).toBeGreaterThan(0.7);
    expect(mean).toBeLessThan(1.1);
    // Asynchronous: the number of spikes in 2 ms varies little more than that of independent neurons.
    const bins = new Float64Array((steps - begun) / 20);
    for (const step of spikes) bins[Math.floor((step - begun) / 20)]++;
    const level = spikes.length / bins.length;
    const variance = bins.reduce((sum, n) => sum + (n - level) ** 2, 0) / bins.length;
    expect(variance / level).toBeLessThan(3);
  });

  it('has the same bits on every engine and any threads', async () => {
    const found = [];
    for (const platform of platforms) {
      const network = buildBrunel(platform);
      const { trains, spikes } = await network.present(
        {},
        { to: 1, time: 1000, learn: false, reset: false, trains: ['E', 'I'] },
      );
      found.push({ trains, spikes, v: network.getVariable('E', 'v') });
      network.dispose();
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    expect(found[0].spikes.E[0]).toBeGreaterThan(10);
  });
});

/** Sparse excitation and stronger inhibition, and a source of its own for each neuron. Rates per ms, voltages from rest. */
const brunel = {
  dt: 0.1,
  nE: 400,
  nI: 100,
  /** Synapses onto a neuron from each population. */
  cE: 80,
  cI: 20,
  j: 0.2,
  g: 6,
  external: 1,
  jExternal: 0.8,
  thresh: 20,
  reset: 10,
  tau: 20,
  refrac: 2,
};

function buildBrunel(parameters: NetworkParameters): Network {
  const { dt, nE, nI, cE, cI, j, g, external, jExternal, thresh, reset, tau, refrac } = brunel;
  const neurons = { rest: 0, reset, thresh, tcDecay: tau, refrac };
  const network = new Network({ dt, seed: 1, ...parameters });
  for (const [name, shape] of [
    ['E', nE],
    ['I', nI],
  ] as const) {
    network
      .addLayer(`P${name}`, new PoissonSource({ shape, rate: 1000 * external }))
      .addLayer(name, new LIF({ shape, ...neurons }))
      .addConnection(`P${name}`, name, new OneToOneConnection({ w: jExternal }));
  }
  const random = new RandomStream(5, 'user');
  for (const [source, n, c, w] of [
    ['E', nE, cE, j],
    ['I', nI, cI, -g * j],
  ] as const) {
    for (const [target, size] of [
      ['E', nE],
      ['I', nI],
    ] as const) {
      const mask = new Uint8Array(size * n);
      for (let neuron = 0; neuron < size; neuron++) {
        const sources = random.shuffle(Uint16Array.from({ length: n }, (_, i) => i)).subarray(0, c);
        for (const from of sources) mask[neuron * n + from] = 1;
      }
      network.addConnection(source, target, new Connection({ w, mask, wMin: -Infinity }));
    }
  }
  return network;
}

/**
 * Solves ν = 1 / (τ_rp + τ √π ∫ e^{u²} (1 + erf u) du) from (V_r − μ) / σ to (θ − μ) / σ for ν [1/ms]: Brunel, Dynamics of sparsely
 * connected networks of excitatory and inhibitory spiking neurons (2000), eq. 21.
 */
function meanFieldRate(): number {
  const { dt, cE, cI, j, g, external, jExternal, thresh, reset, tau, refrac } = brunel;
  const response = (rate: number) => {
    const mean = tau * (j * (cE - g * cI) * rate + jExternal * external);
    // Spikes of a source are drawn once a step: their number is binomial.
    const variance =
      tau * (j ** 2 * (cE + g ** 2 * cI) * rate + jExternal ** 2 * external * (1 - external * dt));
    const deviation = Math.sqrt(variance);
    // Between two steps no threshold is crossed: as if it were higher (Siegmund 1979, 0.5826 of a step's noise).
    const shift = 0.5826 * Math.sqrt(dt / tau);
    const [low, high] = [(reset - mean) / deviation, (thresh - mean) / deviation + shift];
    const n = 4000;
    let integral = 0;
    for (let i = 0; i < n; i++) {
      const u = low + ((high - low) * (i + 0.5)) / n;
      integral += (Math.exp(u * u) * (1 + erf(u)) * (high - low)) / n;
    }
    return 1 / (refrac + tau * Math.sqrt(Math.PI) * integral);
  };
  let [low, high] = [0, 0.4];
  // The response falls with the rate, because inhibition wins.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (response(middle) > middle) low = middle;
    else high = middle;
  }
  return low;
}

/** Abramowitz & Stegun 7.1.26, error below 2e-7. */
function erf(u: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(u));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(u) * (1 - sum * Math.exp(-u * u));
}

/** Steps in which each neuron spikes. */
function timesOf({ size, steps, offsets, neurons }: SpikeTrain): number[][] {
  const times = Array.from({ length: size }, (): number[] => []);
  for (let t = 0; t < steps; t++) {
    for (let e = offsets[t]; e < offsets[t + 1]; e++) times[neurons[e]].push(t);
  }
  return times;
}

/** Coefficient of variation of the intervals between spikes. */
function variation(times: readonly number[]): number {
  const intervals = times.slice(1).map((time, i) => time - times[i]);
  const mean = intervals.reduce((sum, each) => sum + each, 0) / intervals.length;
  const variance = intervals.reduce((sum, each) => sum + (each - mean) ** 2, 0) / intervals.length;
  return Math.sqrt(variance) / mean;
}
