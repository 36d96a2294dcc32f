/** Derivatives of defined neurons: Euler's method as written out, the exact method against closed forms, every engine to the bit, errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { solveLinear } from '../../src/core/definitions/matrix-exponential.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import { Network } from '../../src/core/network/network.js';
import { engines, record } from '../support/small-networks.js';

const pair: NeuronDefinition = {
  name: 'Pair',
  parameters: { tau: [10, 'ms'], tauU: [25, 'ms'], a: 0.7, c: -1.3, thresh: 0.6, refrac: [1.5, 'ms'] },
  state: { v: 0, u: 0.2 },
  step: 'u += 0.1 * input',
  derivatives: { v: '(-v + a * u + input) / tau', u: '(c * v - u) / tauU' },
  spike: 'v > thresh',
  reset: 'v = 0; u += 0.3',
  refractory: { period: 'refrac', holds: ['v'] },
};

/** v and u of every step, in random inputs, on an engine. */
async function simulate(
  definition: NeuronDefinition,
  engine: string,
  { seed, dt = 0.5, threads = 1 }: { seed: number; dt?: number; threads?: number },
) {
  const Neuron = defineNeuron(definition);
  const n = 9;
  const tau = Array.from({ length: n }, (_, i) => 4 + i * 1.7);
  const network = new Network({ engine, dt, threads }).addLayer('Y', new Neuron({ shape: [3, 1, 3], tau }));
  const variables = ['v', 'u', 'spikes'].map((name) => record(network, 'Y', name));
  const steps = 40;
  await network.run(
    {},
    { currents: { Y: Float32Array.from({ length: n * steps }, (_, at) => 3 * Math.sin(seed + at * at)) } },
  );
  network.dispose();
  return variables.map((read) => read());
}

describe('derivatives', () => {
  it("Euler's method: the same bits as v += dt · slope with all slopes of the values before, on every engine", async () => {
    const written: NeuronDefinition = {
      ...pair,
      derivatives: undefined,
      step: `
        u += 0.1 * input
        slopeV = (-v + a * u + input) / tau
        slopeU = (c * v - u) / tauU
        v += dt * slopeV
        u += dt * slopeU
      `,
    };
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const expected = await simulate(written, 'reference', { seed });
        spikes += expected[2].flat().reduce((sum, spike) => sum + spike, 0);
        for (const engine of engines) {
          expect(await simulate(pair, engine, { seed })).toEqual(expected);
          expect(await simulate({ ...pair, method: 'euler' }, engine, { seed })).toEqual(expected);
        }
      }),
      { numRuns: 20 },
    );
    expect(spikes).toBeGreaterThan(5);
  });

  it('the exact method has the same bits on reference and wasm, with one thread and two', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.boolean(), async (seed, isHeld) => {
        const holds = isHeld ? (['v'] as const) : 'input';
        const definition = { ...pair, method: 'exact', refractory: { period: 'refrac', holds } } as const;
        const expected = await simulate(definition, 'reference', { seed });
        expect(await simulate(definition, 'wasm', { seed })).toEqual(expected);
        expect(await simulate(definition, 'wasm', { seed, threads: 2 })).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("the exact method is what Euler's becomes as dt shrinks: within 2e-3", async () => {
    // The input is constant within a step of 0.5 ms, so Euler takes 512 small steps in each, with the same input; reset does not come.
    const still: NeuronDefinition = { ...pair, spike: 'v > 1e9', reset: undefined };
    const fine = { ...still, step: undefined };
    const exact = { ...fine, method: 'exact' } as const;
    const Neurons = [exact, fine].map((definition) => defineNeuron(definition));
    const [coarse, small] = await Promise.all(
      Neurons.map(async (Neuron, index) => {
        const parts = index === 0 ? 1 : 512;
        const network = new Network({ engine: 'reference', dt: 0.5 / parts }).addLayer(
          'Y',
          new Neuron({ shape: 1 }),
        );
        const rows: number[][] = [];
        for (let t = 0; t < 20; t++) {
          await network.run({}, { time: parts, currents: { Y: [2 * Math.sin(t)] } });
          rows.push(['v', 'u'].map((name) => network.getVariable('Y', name)[0]));
        }
        return rows;
      }),
    );
    coarse.forEach((row, t) => {
      row.forEach((value, i) => expect(Math.abs(value - small[t][i])).toBeLessThan(2e-3));
    });
  });
});

describe.each(engines)('the exact method on %s', (engine) => {
  const run = async (definition: Partial<NeuronDefinition>, dt: number, steps: number, options = {}) => {
    const Neuron = defineNeuron({
      name: 'Exact',
      state: { v: 1, u: 0 },
      spike: 'v > 1e30',
      method: 'exact',
      ...definition,
    });
    const network = new Network({ engine, dt }).addLayer('Y', new Neuron({ shape: 1 }));
    const variables = Object.keys(Neuron.definition.state).map((name) => record(network, 'Y', name));
    await network.run({}, { time: steps, ...options });
    network.dispose();
    return variables.map((read) => read().map(([value]) => value));
  };

  it('a decay: exp(−t / tau), relative error < 2e-6 after 50 steps of tau / 2', async () => {
    const [v] = await run({ state: { v: 1 }, derivatives: { v: '-v / 20' } }, 10, 50);
    v.forEach((value, t) =>
      expect(Math.abs(value / Math.exp(-(t + 1) / 2) - 1)).toBeLessThan(2e-6 + t * 1e-7),
    );
  });

  it('an undamped oscillator: cos(t) and −sin(t) to 2e-6 after ten periods, at 7 steps a period', async () => {
    const dt = (2 * Math.PI) / 7;
    const [v, u] = await run({ derivatives: { v: 'u', u: '-v' } }, dt, 70);
    v.forEach((value, t) => {
      expect(Math.abs(value - Math.cos((t + 1) * dt))).toBeLessThan(2e-5);
      expect(Math.abs(u[t] + Math.sin((t + 1) * dt))).toBeLessThan(2e-5);
    });
  });

  it('a system without an inverse: v′ = u, u′ = input is v = t² / 2 of a constant input, to the bit', async () => {
    const [v, u] = await run({ state: { v: 0, u: 0 }, derivatives: { v: 'u', u: 'input' } }, 0.5, 8, {
      currents: { Y: [1] },
    });
    expect(u).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]);
    expect(v).toEqual(u.map((t) => (t * t) / 2));
  });

  it('a held variable drives the others with the value at which it stands', async () => {
    // v = 3 spikes at once and stands for 4 steps; u′ = v − u goes to 3.
    const [v, u] = await run(
      {
        state: { v: 3, u: 0 },
        derivatives: { v: '-v / 1', u: 'v - u' },
        spike: 'v > 1 && u < 1.89',
        reset: 'v = 3',
        refractory: { period: '4', holds: ['v'] },
      },
      1,
      5,
    );
    const first = u[0];
    expect(v).toEqual([3, 3, 3, 3, 3]);
    for (let t = 1; t < 5; t++) expect(Math.abs(u[t] - (3 + (first - 3) * Math.exp(-t)))).toBeLessThan(1e-6);
  });
});

describe('solveLinear', () => {
  it('is the scalar solution to 1e-14, however stiff', () => {
    for (const rate of [-1e-9, -0.3, -1, -40, 2]) {
      const { E, F } = solveLinear(Float64Array.of(rate), 1, 0.7);
      expect(Math.abs(E[0] / Math.exp(rate * 0.7) - 1)).toBeLessThan(2e-13);
      expect(Math.abs(F[0] / (Math.expm1(rate * 0.7) / rate) - 1)).toBeLessThan(2e-13);
    }
  });

  it('two steps are one of twice the length: 1e-12', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 9, maxLength: 9 }),
        (rates) => {
          const half = solveLinear(Float64Array.from(rates), 3, 0.5).E;
          const { E } = solveLinear(Float64Array.from(rates), 3, 1);
          const magnitude = Math.max(1, ...E.map(Math.abs));
          for (let at = 0; at < 9; at++) {
            const [row, column] = [Math.floor(at / 3), at % 3];
            const square = [0, 1, 2].reduce((sum, k) => sum + half[row * 3 + k] * half[k * 3 + column], 0);
            expect(Math.abs(square - E[at]) / magnitude).toBeLessThan(1e-12);
          }
        },
      ),
    );
  });
});

describe('errors', () => {
  const exact: NeuronDefinition = {
    name: 'Own',
    parameters: { tau: [10, 'ms'], rest: [-65, 'mV'] },
    state: { v: 'rest', u: 0 },
    inputs: { input: 'mV' },
    step: 'drive = 2 * input; half = v / 2',
    derivatives: { v: '(rest - v + drive) / tau' },
    method: 'exact',
    spike: 'v > rest + 10',
  };

  it('linear equations of every form are taken', () => {
    for (const v of [
      '(rest - v) / tau',
      '-(v - rest) * (1 / tau) + input / tau',
      '(1 / tau) * -v',
      'learning ? -v / tau : (rest - v) / tau',
      'u * rest / tau - (v - v) / tau + exp(-1) * v / tau',
      '(u > 0 ? rest : drive) / tau - v / tau',
    ]) {
      expect(() => defineNeuron({ ...exact, derivatives: { v } })).not.toThrow();
    }
  });

  it.each<[string, Partial<NeuronDefinition>, string]>([
    [
      'a square',
      { derivatives: { v: '(rest - v) / tau + v * v / rest / tau' } },
      'Own.derivatives.v (1:20): expected an equation linear in v, because the method is exact',
    ],
    [
      'an exponential',
      { derivatives: { v: 'rest * exp(v / rest) / tau' } },
      'Own.derivatives.v (1:8): expected an equation linear in v',
    ],
    [
      'a division',
      { derivatives: { v: 'rest * rest / v / tau' } },
      '(1:1): expected an equation linear in v',
    ],
    [
      'a comparison',
      { derivatives: { v: '(v > rest) * rest / tau' } },
      '(1:2): expected an equation linear in v',
    ],
    [
      'a choice by state',
      { derivatives: { v: 'v > rest ? -v / tau : rest / tau' } },
      '(1:1): expected a condition that is the same for all neurons and known before the run',
    ],
    [
      'a coefficient that changes',
      { derivatives: { v: '-v * u / tau' } },
      '(1:1): expected a coefficient of v that parameters and dt decide',
    ],
    [
      'the product of two variables',
      { derivatives: { v: '-v * u / tau', u: '-u / tau' } },
      'Own.derivatives.v (1:1): expected an equation linear in v, u',
    ],
    [
      'a name of the step that depends on them',
      { derivatives: { v: '(rest - half) / tau' } },
      'Own.derivatives.v (1:9): expected no name that depends on v: write out half',
    ],
    ['another unit', { derivatives: { v: 'rest - v' } }, 'Own.derivatives.v (1:1): v = joins mV and mV*ms'],
    ['no state', { derivatives: { w: '1' } }, 'Own.derivatives: unknown state variable "w". Did you mean'],
    [
      'a name that there is not',
      { derivatives: { v: '(rst - v) / tau' } },
      'Own.derivatives.v (1:2): unknown name "rst"',
    ],
    ['another method', { method: 'rk4' as never }, 'defineNeuron: unknown method "rk4"'],
    [
      'a method of nothing',
      { derivatives: undefined },
      'Own: expected derivatives for a method, got "exact"',
    ],
    ['neither', { step: undefined, derivatives: undefined }, 'Own: expected step or derivatives'],
    ['an assignment', { derivatives: { v: 'v = 1' } }, 'Own.derivatives.v (1:1): expected numbers, names'],
  ])('defineNeuron refuses %s', (_, change, message) => {
    expect(() => defineNeuron({ ...exact, ...change })).toThrow(message);
  });
});
