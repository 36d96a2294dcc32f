/** What neurons draw: its distribution, what it depends on and what not, the same bits on every engine, and draws as data. */
import { describe, expect, it } from 'vitest';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import type { PoissonStimulus } from '../../src/core/encoding/stimulus.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { NoisyLIF } from '../../src/core/models/noisy-lif.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import type { ShapeLike } from '../../src/core/network/shape.js';
import { LocalConnection } from '../../src/core/network/topology/index.js';
import { normalOfWord } from '../../src/core/random/normal.js';
import { engines } from '../support/small-networks.js';

const Noisy = defineNeuron({
  name: 'Noisy',
  state: { v: 0, u: 0, w: 0 },
  step: 'v = uniform(); u = normal()',
  spike: 'v + 0.02 * input > 0.7',
  reset: 'w = uniform()',
});

const variables = ['v', 'u', 'w', 'spikes'];

function build(parameters: NetworkParameters, shape: ShapeLike = [6, 2, 3]): Network {
  return new Network({ seed: 5, ...parameters }).addLayer('Y', new Noisy({ shape }));
}

const read = (network: Network) => variables.map((name) => Array.from(network.getVariable('Y', name)));

/** All that is drawn in some steps, an array for each. */
async function collect(network: Network, steps: number) {
  const found = [];
  for (let t = 0; t < steps; t++) {
    await network.run({}, { time: 1 });
    found.push(read(network));
  }
  return found;
}

/** Φ, the normal distribution: its series, or its continued fraction where that converges better. */
function distribution(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 0) return tail(-z, density);
  let [sum, term] = [z, z];
  for (let n = 3; term > 1e-18; n += 2) sum += term *= (z * z) / n;
  return 0.5 + sum * density;
}

/** 1 − Φ(z) for z ≥ 0. */
function tail(z: number, density: number): number {
  if (z < 2) return 1 - distribution(z);
  let fraction = z;
  for (let n = 200; n > 0; n--) fraction = z + n / fraction;
  return density / fraction;
}

describe('normalOfWord', () => {
  it('inverts the normal distribution, relative error below 3e-7', () => {
    for (let i = 0; i <= 3000; i++) {
      // As many words near 0 as anywhere; the upper half mirrors the lower one.
      const word = Math.floor(2 ** (i * (31 / 3000))) - 1;
      const z = normalOfWord(word);
      // Newton's step to the exact quantile.
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      const exact = z - (distribution(z) - (word + 0.5) / 2 ** 32) / density;
      expect([word, Math.abs(z - exact) / Math.abs(exact) < 3e-7]).toEqual([word, true]);
      expect(normalOfWord(2 ** 32 - 1 - word)).toBe(-z);
    }
  });
});

describe.each(engines)('uniform() and normal() on %s', (engine) => {
  it('have their mean, variance, third and fourth moment', async () => {
    const network = build({ engine }, 10_000);
    await network.run({}, { time: 3 });
    const moments = (values: Float32Array, center: number) =>
      [1, 2, 3, 4].map((power) => values.reduce((sum, x) => sum + (x - center) ** power, 0) / values.length);
    const [v, u] = [network.getVariable('Y', 'v'), network.getVariable('Y', 'u')];
    expect(Math.min(...v)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...v)).toBeLessThan(1);
    // Four standard errors of each.
    moments(v, 0.5).forEach((found, i) => {
      const [expected, error] = [
        [0, 0.289],
        [1 / 12, 0.0745],
        [0, 0.0472],
        [1 / 80, 0.0167],
      ][i];
      expect(Math.abs(found - expected)).toBeLessThan((4 * error) / 100);
    });
    moments(u, 0).forEach((found, i) => {
      const [expected, error] = [
        [0, 1],
        [1, Math.SQRT2],
        [0, Math.sqrt(15)],
        [3, Math.sqrt(96)],
      ][i];
      expect(Math.abs(found - expected)).toBeLessThan((4 * error) / 100);
    });
    network.dispose();
  });

  it('draw anew for every call, neuron, step, layer, seed and run, and the same in a network made again', async () => {
    const network = new Network({ engine, seed: 5 })
      .addLayer('Y', new Noisy({ shape: 8 }))
      .addLayer('Z', new Noisy({ shape: 8 }));
    const draws: number[] = [];
    const keep = async () => {
      await network.run({}, { time: 1 });
      for (const layer of ['Y', 'Z']) draws.push(...network.getVariable(layer, 'v'));
    };
    await keep();
    await keep();
    network.resetState();
    await keep();
    expect(new Set(draws).size).toBe(draws.length);
    const again = build({ engine }, 8);
    const [[first]] = await collect(again, 1);
    expect(first).toEqual(draws.slice(0, 8));
    const other = build({ engine, seed: 6 }, 8);
    const [[seeded]] = await collect(other, 1);
    expect(draws).not.toContain(seeded[0]);
    for (const each of [network, again, other]) each.dispose();
    const Twice = defineNeuron({
      name: 'Twice',
      state: { v: 0 },
      step: 'v = uniform() - uniform()',
      spike: 'v > 2',
    });
    const twice = new Network({ engine }).addLayer('Y', new Twice({ shape: 50 }));
    await twice.run({}, { time: 1 });
    expect(Math.max(...twice.getVariable('Y', 'v'))).toBeGreaterThan(0.3);
    twice.dispose();
  });

  it('count the same in every image of a number, whatever is shown before, beside or after it', async () => {
    const show = async (items: readonly number[], learn: boolean, threads = 1) => {
      const network = new Network({ engine, threads, seed: 9 })
        .addLayer('X', new Input({ shape: [4, 4] }))
        .addLayer('Y', new Noisy({ shape: [5, 2, 2] }))
        .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2 }));
      const poisson: PoissonStimulus = {
        images: new Uint8Array(16 * items.length).fill(200),
        nPixels: 16,
        intensity: 100,
        dt: 1,
        seed: 1,
        purpose: 'user',
        items: Uint32Array.from(items),
      };
      const spikes = () => spikeTrainFromEvents([], [], 9, 16);
      const images: number[][] = [];
      // Without light, so that both ways to hand over spikes have the same ones.
      poisson.images.fill(0);
      await network.simulation.present(
        { layer: 0, count: items.length, steps: 9, spikes, poisson },
        {
          learn,
          count: 1,
          onCounts: (counts) => {
            for (let at = 0; at < counts.length; at += 20) images.push([...counts.subarray(at, at + 20)]);
          },
        },
      );
      network.dispose();
      return images;
    };
    const alone = await show([7], false);
    const many = Array.from({ length: 40 }, (_, i) => i);
    const together = await show(many, false);
    expect(together[7]).toEqual(alone[0]);
    expect(together[7]).not.toEqual(together[8]);
    expect(await show(many, true)).toEqual(together);
    expect(await show(many, false, 2)).toEqual(together);
    expect(await show(many.toReversed(), false)).toEqual(together.toReversed());
  });

  it('take data instead, in published order', async () => {
    const shape = [2, 1, 3];
    const network = build({ engine }, shape);
    const values = Float32Array.from({ length: 2 * 6 * 3 }, (_, i) => i / 64);
    await network.run({}, { time: 2, draws: { Y: values } });
    const last = (call: number) => Array.from({ length: 6 }, (_, neuron) => values[(6 + neuron) * 3 + call]);
    expect([...network.getVariable('Y', 'v')]).toEqual(last(0));
    expect([...network.getVariable('Y', 'u')]).toEqual(last(1));
    // The next step draws again, as its number says.
    const other = build({ engine }, shape);
    await other.run({}, { time: 3 });
    await network.run({}, { time: 1 });
    expect(network.getVariable('Y', 'v')).toEqual(other.getVariable('Y', 'v'));
    network.dispose();
    other.dispose();
  });

  it('refuse data that does not fit', async () => {
    const network = build({ engine }, 3).addLayer('Z', new LIF({ shape: 3 }));
    const run = (draws: Record<string, Float32Array>) => network.run({}, { time: 2, draws });
    await expect(run({ Y: new Float32Array(17) })).rejects.toThrow(
      'Network.run draws of Y: expected 2 × 3 × 3 = 18 numbers (steps × neurons × calls), got 17',
    );
    await expect(run({ Z: new Float32Array(6) })).rejects.toThrow(
      'Network.run draws of Z: expected a layer whose neurons draw, got "LIF"',
    );
    await expect(run({ W: new Float32Array(6) })).rejects.toThrow('Network: unknown layer "W"');
    await expect(run({ Y: [1] as never })).rejects.toThrow('Network.run: expected draws');
    network.dispose();
  });
});

it('wasm has the bits of reference, in layers of one position and several', async () => {
  for (const shape of [[6, 2, 3], [1, 5, 1], 4, 1023] as const) {
    const found = await Promise.all(
      engines.map(async (engine) => {
        const network = build({ engine }, shape);
        await network.run({}, { time: 2 });
        network.resetState();
        const drawn = await collect(network, 4);
        network.dispose();
        return drawn;
      }),
    );
    expect(found[1]).toEqual(found[0]);
  }
});

it('engines agree on what a run after a presentation draws', async () => {
  const found = await Promise.all(
    engines.map(async (engine) => {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new Noisy({ shape: 5 }));
      const spikes = () => spikeTrainFromEvents([], [], 3, 1);
      await network.simulation.present({ layer: 0, count: 2, steps: 3, spikes }, { learn: true, count: 1 });
      const drawn = await collect(network, 2);
      network.dispose();
      return drawn;
    }),
  );
  expect(found[1]).toEqual(found[0]);
});

describe('definitions refuse draws', () => {
  const sound = { name: 'Own', state: { v: 0 }, step: 'v = uniform()', spike: 'v > 0.5' };
  it.each([
    [
      'as initial values',
      { state: { v: 'normal()' } },
      'Own.state.v (1:1): expected normal() in step, spike, reset or end of a neuron',
    ],
    [
      'as refractory periods',
      { refractory: { period: '5 * uniform()' } },
      'Own.refractory.period (1:5): expected uniform()',
    ],
    ['of parameters', { step: 'v = normal(0, 1)' }, 'Own.step (1:5): expected normal of 0 values'],
    ['of another name', { step: 'v = random()' }, 'Own.step (1:5): unknown function "random"'],
  ])('%s', (_, change, message) => {
    expect(() => defineNeuron({ ...sound, ...change })).toThrow(message);
  });
});

it.each(engines)(
  'the noise of NoisyLIF has its variance in every step, and so has v below threshold, on %s',
  async (engine) => {
    const [dt, tcNoise, tcDecay, deviation] = [0.5, 4, 10, 3];
    const size = 20_000;
    const network = new Network({ engine, dt, seed: 2 }).addLayer(
      'Y',
      new NoisyLIF({ shape: size, tcNoise, tcDecay, deviation, thresh: 1000 }),
    );
    const [f, d] = [Math.exp(-dt / tcNoise), Math.exp(-dt / tcDecay)];
    const variance = (values: Float32Array, mean: number) =>
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    const allowed = 4 * Math.sqrt(2 / size);
    for (let t = 1; t <= 200; t++) {
      await network.run({}, { time: 1 });
      const expected = deviation ** 2 * (1 - f ** (2 * t));
      if (t > 40) continue;
      expect(Math.abs(variance(network.getVariable('Y', 'noise'), 0) / expected - 1)).toBeLessThan(allowed);
    }
    // v is that noise through a filter: v′ = d v + (1 − d) x.
    const expected = (((1 - d) ** 2 * deviation ** 2) / (1 - d ** 2)) * ((1 + d * f) / (1 - d * f));
    expect(Math.abs(variance(network.getVariable('Y', 'v'), -65) / expected - 1)).toBeLessThan(allowed);
    network.dispose();
  },
);

describe.each(engines)('select: one-of-layer on %s', (engine) => {
  /** Spikes at random; every spike resets u. */
  const definition = {
    name: 'Rival',
    parameters: { odds: 0.4 },
    state: { v: 0, u: 1, before: 0 },
    step: 'before = spiked; u += 1',
    spike: 'uniform() + 0.01 * input < odds',
    reset: 'u = 0',
    select: 'one-of-layer',
  } as const;
  const Rival = defineNeuron(definition);
  const layer = (shape: ShapeLike, options: object = {}) =>
    new Network({ engine, seed: 4 }).addLayer('Y', new Rival({ shape, ...options }));

  it('one of the neurons that may spike does, all of them are reset, and the next step knows the one', async () => {
    const [one, all] = [layer([3, 2, 2]), layer([3, 2, 2], { select: 'all' })];
    let last: number[] = Array.from({ length: 12 }, () => 0);
    for (let t = 0; t < 60; t++) {
      await one.run({}, { time: 1 });
      await all.run({}, { time: 1 });
      const [spikes, candidates] = [one, all].map((network) =>
        Array.from(network.getVariable('Y', 'spikes')),
      );
      const chosen = spikes.flatMap((spike, neuron) => (spike ? [neuron] : []));
      expect(chosen).toHaveLength(candidates.includes(1) ? 1 : 0);
      for (const neuron of chosen) expect(candidates[neuron]).toBe(1);
      expect(one.getVariable('Y', 'u')).toEqual(all.getVariable('Y', 'u'));
      expect([...one.getVariable('Y', 'before')]).toEqual(last);
      last = spikes;
    }
    one.dispose();
    all.dispose();
  });

  it('is fair: of ten that always may, each is drawn as often', async () => {
    const network = layer(10, { odds: 2 });
    const counts = new Float64Array(10);
    const steps = 4000;
    for (let t = 0; t < steps; t++) {
      await network.run({}, { time: 1 });
      network.getVariable('Y', 'spikes').forEach((spike, neuron) => (counts[neuron] += spike));
    }
    const chiSquare = counts.reduce((sum, found) => sum + (found - steps / 10) ** 2 / (steps / 10), 0);
    // 99.9 % of χ² with nine degrees of freedom lie below.
    expect(chiSquare).toBeLessThan(27.88);
    network.dispose();
  });

  it('takes choices as data, in published order', async () => {
    const network = layer([2, 1, 3], { odds: 2 });
    for (const neuron of [4, 1, -1, 5, 0]) {
      await network.run({}, { time: 1, choices: { Y: [neuron] } });
      expect([...network.getVariable('Y', 'spikes')].indexOf(1)).toBe(neuron);
    }
    await network.run({}, { time: 1 });
    expect([...network.getVariable('Y', 'spikes')].filter((spike) => spike === 1)).toHaveLength(1);
    network.dispose();
  });

  it('refuses choices that do not fit', async () => {
    const network = layer(3, { odds: -1 }).addLayer('Z', new Rival({ shape: 3, select: 'all' }));
    const run = (choices: Record<string, number[]>) => network.run({}, { time: 2, choices });
    await expect(run({ Z: [0, 0] })).rejects.toThrow(
      'Network.run choices of Z: expected a layer of which one neuron at most spikes in a step, got "Rival"',
    );
    await expect(run({ Y: [0] })).rejects.toThrow(
      'Network.run choices of Y: expected 2 neurons, one a step, got 1',
    );
    await expect(run({ Y: [0, 3] })).rejects.toThrow(
      'Network.run choices of Y: expected neurons from 0 to 2, or −1, got 3',
    );
    await expect(run({ Y: [-1, 2] })).rejects.toThrow(
      'Network.run choices of Y: expected a neuron that may spike in step 1, got 2',
    );
    network.dispose();
  });

  it('shows the same with any number of threads, while it learns and frozen', async () => {
    const show = async (threads: number, learn: boolean) => {
      const network = new Network({ engine, threads, seed: 9 })
        .addLayer('X', new Input({ shape: [4, 4] }))
        .addLayer('Y', new Rival({ shape: [5, 2, 2] }))
        .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2 }));
      const counts: number[] = [];
      const spikes = () => spikeTrainFromEvents([], [], 9, 16);
      await network.simulation.present(
        { layer: 0, count: 40, steps: 9, spikes },
        { learn, count: 1, onCounts: (found) => counts.push(...found) },
      );
      network.dispose();
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40 * 9);
      return counts;
    };
    const once = await show(1, false);
    expect(await show(2, false)).toEqual(once);
    expect(await show(1, true)).toEqual(once);
  });

  it('has names and values that are its own', () => {
    expect(() => new Rival({ shape: 1, select: 'one' })).toThrow(
      'Rival: unknown select "one". Known: one-of-layer, all.',
    );
    expect(() => new Noisy({ shape: 1, select: 'all' })).toThrow('Noisy: unknown option "select"');
    expect(() => defineNeuron({ ...definition, select: 'none' as never })).toThrow(
      'defineNeuron: unknown select "none"',
    );
    expect(() => defineNeuron({ ...definition, parameters: { odds: 1, select: 2 } })).toThrow(
      'Rival.parameters.select: select is an option of layers; choose another name',
    );
  });
});

describe.each(engines)('parameters as distributions on %s', (engine) => {
  const Still = defineNeuron({
    name: 'Still',
    parameters: { current: [0, 'nA'], height: [0, 'mV'] },
    state: { v: 'height', i: ['current', 'pA'] },
    step: 'v = height; i = current',
    spike: 'v > 1000',
  });
  const show = async (network: Network, layer = 'Y') => {
    await network.run({}, { time: 1 });
    return ['v', 'i'].map((name) => network.getVariable(layer, name));
  };
  const build = (seed: number, shape: ShapeLike) =>
    new Network({ engine, seed })
      .addLayer('Y', new Still({ shape, height: { normal: [-60, 2] }, current: { uniform: [1, 3] } }))
      .addLayer('Z', new Still({ shape, height: { normal: [-60, 2] }, current: 2 }));

  it('have their mean and deviation, in the unit of the definition', async () => {
    const size = 20_000;
    const network = build(1, size);
    const [heights, currents] = await show(network);
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / size;
    const deviation = (values: Float32Array) => {
      const centre = mean(values);
      return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / size);
    };
    // Four standard errors.
    expect(Math.abs(mean(heights) + 60)).toBeLessThan((4 * 2) / Math.sqrt(size));
    expect(Math.abs(deviation(heights) / 2 - 1)).toBeLessThan(4 / Math.sqrt(2 * size));
    expect(Math.abs(mean(currents) - 2000)).toBeLessThan((4 * 2000) / Math.sqrt(12 * size));
    expect(Math.min(...currents)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...currents)).toBeLessThanOrEqual(3000);
    network.dispose();
  });

  it('are those of seed, layer, parameter and published index, also as initial values', async () => {
    const [flat, deep, other] = [build(1, 12), build(1, [3, 2, 2]), build(2, 12)];
    const [heights] = await show(flat);
    expect((await show(deep))[0]).toEqual(heights);
    expect((await show(other))[0]).not.toEqual(heights);
    expect((await show(flat, 'Z'))[0]).not.toEqual(heights);
    const again = build(1, 12);
    expect(again.getVariable('Y', 'v')).toEqual(heights);
    for (const each of [flat, deep, other, again]) each.dispose();
  });

  it.each([
    [
      { height: { uniform: [1, 0] } },
      'Still: expected height to be { uniform: [low, high] } with low ≤ high',
    ],
    [{ height: { normal: [1, -1] } }, 'or { normal: [mean, deviation] } with deviation ≥ 0'],
    [{ height: { normal: [1] } }, 'Still: expected height to be { uniform'],
    [{ height: { uniform: [0, Infinity] } }, 'Still: expected height to be { uniform'],
    [{ height: { gamma: [0, 1] } }, 'Still: expected height to be { uniform'],
    [{ height: { normal: [0, 1], uniform: [0, 1] } }, 'Still: expected height to be { uniform'],
    [{ height: {} }, 'Still: expected height to be { uniform'],
  ])('refuse %o', (options, message) => {
    expect(() => new Still({ shape: 2, ...options })).toThrow(message);
  });
});

it('parameters that are drawn are the same on both engines', async () => {
  const found = engines.map((engine) => {
    const network = new Network({ engine, seed: 3 }).addLayer(
      'Y',
      new NoisyLIF({ shape: [5, 2, 2], rest: { normal: [-60, 3] } }),
    );
    const values = network.getVariable('Y', 'v');
    network.dispose();
    return values;
  });
  expect(found[1]).toEqual(found[0]);
  expect(new Set(found[0]).size).toBe(20);
});
