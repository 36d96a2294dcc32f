/** Neuron models against closed forms, on every engine: decay, firing times, refractory period, adaptation, exact sums. */
import { describe, expect, it } from 'vitest';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input, type LeakyParameters, LIF } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { engines, record, spikesByNeuron, spikeTimes, stepsFrom } from '../support/small-networks.js';

type Neurons = LIF | IF | AdaptiveLIF;

/** X with one neuron onto the given neurons, by one weight. */
function drive(engine: string, neurons: Neurons, w: number, dt = 1): Network {
  return new Network({ engine, dt })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('Y', neurons)
    .addConnection('X', 'Y', new Connection({ w }));
}

const always = (steps: number) => ({ X: spikesByNeuron([stepsFrom(0, steps)], steps) });
const never = (steps: number) => ({ X: spikesByNeuron([[]], steps) });

/** Number of constant inputs until a membrane at rest reaches the threshold: w (1 − dⁿ) / (1 − d) ≥ height. */
function inputsToThreshold(w: number, height: number, d: number): number {
  return Math.ceil(Math.log(1 - (height * (1 - d)) / w) / Math.log(d));
}

describe.each(engines)('engine %s', (engine) => {
  it('LIF: a membrane decays as rest + (v₀ − rest) · exp(−t / τ), relative error < 1e-6', async () => {
    const steps = 100;
    for (const [dt, tcDecay] of [
      [1, 20],
      [0.5, 20],
      [1, 100],
    ]) {
      const network = drive(engine, new LIF({ shape: 2, tcDecay }), 0, dt);
      const voltages = record(network, 'Y', 'v');
      network.setVariable('Y', 'v', Float32Array.of(-53, -80));
      await network.run(never(steps));
      const worst = voltages().map((row, i) =>
        row.map((v, neuron) => {
          const exact = -65 + ([-53, -80][neuron] + 65) * Math.exp(-((i + 1) * dt) / tcDecay);
          return Math.abs(v / exact - 1);
        }),
      );
      expect(Math.max(...worst.flat())).toBeLessThan(1e-6);
      network.dispose();
    }
  });

  it('LIF: constant input charges it as rest + w (1 − dⁿ) / (1 − d), and fires it every R + n steps', async () => {
    const steps = 300;
    for (const [w, tcDecay, refrac, dt] of [
      [1.5, 20, 5, 1],
      [0.9, 40, 0, 1],
      [3, 10, 2, 0.5],
    ]) {
      const d = Math.exp(-dt / tcDecay);
      const n = inputsToThreshold(w, 13, d);
      const pause = refrac / dt;
      const network = drive(engine, new LIF({ shape: 1, tcDecay, refrac }), w, dt);
      const voltages = record(network, 'Y', 'v');
      const spikes = record(network, 'Y', 'spikes');
      await network.run(always(steps));
      // The first input arrives one step after the first spike of X.
      const expected = stepsFrom(0, steps).filter((t) => t >= n && (t - n) % (n + pause) === 0);
      expect(n).toBeGreaterThan(4);
      expect(expected.length).toBeGreaterThan(5);
      expect(spikeTimes(spikes())).toEqual([expected]);
      voltages()
        .slice(0, n)
        .forEach(([v], t) => {
          expect(v / (-65 + (w * (1 - d ** t)) / (1 - d))).toBeCloseTo(1, 6);
        });
      network.dispose();
    }
  });

  it('LIF: input that stays below the threshold never fires it', async () => {
    // The membrane tends to w / (1 − d) above rest: just below 13 mV, then just above.
    const d = Math.exp(-1 / 20);
    for (const [height, fires] of [
      [12.99, false],
      [13.01, true],
    ] as const) {
      const network = drive(engine, new LIF({ shape: 1, tcDecay: 20 }), height * (1 - d));
      const spikes = record(network, 'Y', 'spikes');
      await network.run(always(400));
      expect(spikeTimes(spikes())[0].length > 0).toBe(fires);
      network.dispose();
    }
  });

  it('refractory: for exactly refrac / dt steps after a spike no input counts, and the counter counts them down', async () => {
    for (const [refrac, dt, pause] of [
      [0, 1, 0],
      [2, 1, 2],
      [5, 1, 5],
      [2, 0.5, 4],
      [2.5, 1, 3],
      // Not powers of two: a float32 countdown in milliseconds would take a step more or less.
      [5, 0.1, 50],
      [5, 0.2, 25],
      [5, 0.3, 17],
      [3, 0.3, 10],
      [0.7, 0.05, 14],
      [0.29, 0.01, 29],
    ]) {
      const network = drive(engine, new LIF({ shape: 1, refrac }), 20, dt);
      const spikes = record(network, 'Y', 'spikes');
      const counters = record(network, 'Y', 'refracCount');
      const voltages = record(network, 'Y', 'v');
      await network.run(always(3 * pause + 24));
      // Every input is enough, so it fires as soon as it may.
      expect(spikeTimes(spikes())).toEqual([
        stepsFrom(1, 3 * pause + 24).filter((t) => (t - 1) % (pause + 1) === 0),
      ]);
      const waits = counters()
        .flat()
        .slice(1, 2 + pause);
      expect(waits).toEqual(Array.from({ length: pause + 1 }, (_, i) => pause - i));
      expect(voltages().every(([v]) => v === -65)).toBe(true);
      network.dispose();
    }
  });

  it('AdaptiveLIF: theta is Σ thetaPlus · exp(−(t − tₖ) / τ) over its spikes, relative error < 1e-5', async () => {
    const steps = 200;
    const [thetaPlus, tcThetaDecay] = [0.8, 60];
    const network = drive(engine, new AdaptiveLIF({ shape: 1, thetaPlus, tcThetaDecay }), 3);
    const [spikes, thetas] = [record(network, 'Y', 'spikes'), record(network, 'Y', 'theta')];
    await network.run(always(steps));
    const [times] = spikeTimes(spikes());
    expect(times.length).toBeGreaterThan(10);
    thetas().forEach(([theta], t) => {
      const exact = times
        .filter((spike) => spike <= t)
        .reduce((sum, spike) => sum + thetaPlus * Math.exp(-(t - spike) / tcThetaDecay), 0);
      expect(Math.abs(theta - exact)).toBeLessThanOrEqual(1e-5 * exact);
    });
    // Adaptation spaces the spikes: the threshold they must reach has grown.
    expect(times[2] - times[1]).toBeLessThan(times[times.length - 1] - times[times.length - 2]);
    network.dispose();
  });

  it('AdaptiveLIF: fires where the membrane reaches thresh + theta, and not where theta keeps it below', async () => {
    const network = drive(engine, new AdaptiveLIF({ shape: 3, thetaPlus: 0 }), 13.5);
    const spikes = record(network, 'Y', 'spikes');
    network.setVariable('Y', 'theta', Float32Array.of(0, 0.5, 0.6));
    await network.run({ X: spikesByNeuron([[0]], 3) }, { learn: false });
    expect(spikeTimes(spikes())).toEqual([[1], [1], []]);
    network.dispose();
  });

  it('AdaptiveLIF: without learning theta neither grows nor decays; it survives a reset, the rest does not', async () => {
    const network = drive(engine, new AdaptiveLIF({ shape: 2, tcThetaDecay: 5 }), 20);
    network.setVariable('Y', 'theta', Float32Array.of(0.25, 3));
    await network.run(always(30), { learn: false });
    expect([...network.getVariable('Y', 'theta')]).toEqual([0.25, 3]);
    await network.run(always(30));
    const theta = network.getVariable('Y', 'theta');
    expect(theta[0]).not.toBe(0.25);
    network.resetState();
    expect(network.getVariable('Y', 'theta')).toEqual(theta);
    for (const [variable, value] of [
      ['v', -65],
      ['refracCount', 0],
      ['input', 0],
      ['spikes', 0],
      ['tracePre', 0],
      ['tracePost', 0],
    ] as const) {
      expect([...network.getVariable('Y', variable)]).toEqual([value, value]);
    }
    expect([...network.getVariable('X', 'spikes'), ...network.getVariable('X', 'tracePre')]).toEqual([0, 0]);
    network.dispose();
  });

  it.each([
    ['a reset above the threshold', { reset: -40 }],
    ['a reset by subtraction that leaves it above the threshold', { resetBy: 'subtract' }],
  ] as const)('refractory: %s fires no neuron within its refractory period', async (_, extra) => {
    const network = drive(engine, new LIF({ shape: 1, refrac: 4, tcDecay: 1e4, ...extra }), 60);
    const spikes = record(network, 'Y', 'spikes');
    await network.run(always(30));
    expect(spikeTimes(spikes())).toEqual([stepsFrom(1, 30).filter((t) => (t - 1) % 5 === 0)]);
    network.dispose();
  });

  it('refuses a refractory period of more steps than float32 counts', () => {
    expect(() => drive(engine, new LIF({ shape: 1, refrac: 1e6 }), 1, 0.01).compile()).toThrow(
      'refrac: expected at most 16777216 steps of 0.01 ms',
    );
  });

  it.each([
    [1, 1e6],
    [0.5, 1e7],
    [1, 1e7],
    [1, 3e7],
    [1, 1e9],
    [0.1, 1e11],
  ])(
    'AdaptiveLIF: at dt %s ms, theta with thetaDecay exact loses what %s ms say, to 1 %%',
    async (dt, tau) => {
      const steps = 10_000;
      const start = [0.011, 1.5, 1.9, 29];
      const y = new AdaptiveLIF({ shape: start.length, tcThetaDecay: tau, thetaDecay: 'exact' });
      const network = drive(engine, y, 0, dt);
      network.setVariable('Y', 'theta', Float32Array.from(start));
      await network.run(never(steps));
      const [theta, carry] = ['theta', 'thetaCarry'].map((name) => network.getVariable('Y', name));
      start.forEach((value, j) => {
        const lost = Math.fround(value) - theta[j] - carry[j];
        const exact = -Math.fround(value) * Math.expm1((-steps * dt) / tau);
        expect(Math.abs(lost / exact - 1)).toBeLessThan(0.01);
      });
      network.dispose();
    },
  );

  it('AdaptiveLIF: theta with thetaDecay exact grows by thetaPlus per spike, however small', async () => {
    const y = new AdaptiveLIF({
      shape: 1,
      thetaPlus: 1e-7,
      tcThetaDecay: Infinity,
      thetaDecay: 'exact',
      refrac: 0,
    });
    const network = drive(engine, y, 50);
    network.setVariable('Y', 'theta', Float32Array.of(16));
    await network.run(always(1001));
    // A float32 of 16 has steps of 1.9e-6, in which a single growth would vanish.
    const theta = network.getVariable('Y', 'theta')[0] - 16 + network.getVariable('Y', 'thetaCarry')[0];
    expect(theta / (1000 * 1e-7)).toBeCloseTo(1, 3);
    network.dispose();
  });

  it('IF: adds up exactly, fires at the threshold, and starts again from reset', async () => {
    const steps = 33;
    const network = drive(engine, new IF({ shape: 1 }), 0.375);
    const [spikes, voltages] = [record(network, 'Y', 'spikes'), record(network, 'Y', 'v')];
    await network.run(always(steps));
    // 3 · 0.375 = 1.125 ≥ 1: every third input fires, what is over is lost.
    expect(spikeTimes(spikes())).toEqual([stepsFrom(1, steps).filter((t) => t % 3 === 0)]);
    expect(voltages().flat()).toEqual(stepsFrom(0, steps).map((t) => (t % 3) * 0.375));
    network.dispose();
  });

  it('IF: reset by subtraction loses nothing: after n inputs it has fired ⌊n w⌋ times and holds the rest', async () => {
    const steps = 200;
    const w = 0.28125;
    const network = drive(engine, new IF({ shape: 1, resetBy: 'subtract' }), w);
    const [spikes, voltages] = [record(network, 'Y', 'spikes'), record(network, 'Y', 'v')];
    await network.run(always(steps));
    const fired = spikes().flat();
    let count = 0;
    voltages().forEach(([v], n) => {
      count += fired[n];
      expect(count).toBe(Math.floor(n * w));
      expect(v).toBe(n * w - Math.floor(n * w));
    });
    network.dispose();
  });

  it('LIF: reset by subtraction lowers the voltage by thresh − reset', async () => {
    const parameters = {
      shape: 1,
      rest: 0,
      reset: -1,
      thresh: 2,
      tcDecay: Number.POSITIVE_INFINITY,
      refrac: 0,
    };
    const network = drive(engine, new LIF({ ...parameters, resetBy: 'subtract' }), 5);
    const voltages = record(network, 'Y', 'v');
    await network.run({ X: spikesByNeuron([[0]], 5) });
    // 5 − 3 = 2 is at the threshold again.
    expect(voltages().flat()).toEqual([0, 2, -1, -1, -1]);
    network.dispose();
  });

  it('traces: 1 at a spike, however soon after another, and exp(−Δt / τ) after it, relative error < 1e-5', async () => {
    const steps = 60;
    const times = [2, 5, 6, 30];
    const network = drive(engine, new IF({ shape: 1, tcTracePre: 7, tcTracePost: 13 }), 1, 0.5);
    const traces = [
      [record(network, 'X', 'tracePre'), 20, 0],
      [record(network, 'Y', 'tracePre'), 7, 1],
      [record(network, 'Y', 'tracePost'), 13, 1],
    ] as const;
    await network.run({ X: spikesByNeuron([times], steps) });
    for (const [rows, tau, delay] of traces) {
      rows().forEach(([trace], t) => {
        const last = times.map((time) => time + delay).findLast((time) => time <= t);
        const exact = last === undefined ? 0 : Math.exp((-(t - last) * 0.5) / tau);
        expect(Math.abs(trace - exact)).toBeLessThanOrEqual(1e-5 * exact);
      });
    }
    network.dispose();
  });
});

describe('parameters', () => {
  const build = (neurons: Neurons) => drive('reference', neurons, 1).compile();
  const lif = (change: Partial<LeakyParameters>) => build(new LIF({ shape: 1, ...change }));
  it.each([
    [
      'an infinite rest',
      () => lif({ rest: Number.NEGATIVE_INFINITY }),
      'LIF: expected a finite rest [mV], got -Infinity',
    ],
    [
      'a threshold that is no number',
      () => lif({ thresh: Number.NaN }),
      'LIF: expected a finite thresh [mV], got NaN',
    ],
    ['no time constant', () => lif({ tcDecay: 0 }), 'LIF: expected tcDecay > 0 ms, got 0'],
    [
      'a negative refractory period',
      () => lif({ refrac: -1 }),
      'LIF: expected a finite refrac ≥ 0 ms, got -1',
    ],
    ['a threshold at rest', () => lif({ thresh: -65 }), 'LIF: expected thresh above rest = -65 mV, got -65'],
    [
      'a negative time constant of adaptation',
      () => build(new AdaptiveLIF({ shape: 1, tcThetaDecay: -1 })),
      'AdaptiveLIF: expected tcThetaDecay > 0 ms, got -1',
    ],
    [
      'subtraction that would raise the voltage',
      () => build(new IF({ shape: 1, reset: 1, resetBy: 'subtract' })),
      'IF: expected thresh above reset, because it is reset by subtraction, got 1',
    ],
    [
      'an unknown reset',
      () => lif({ resetBy: 'substract' as 'subtract' }),
      'LIF: unknown resetBy "substract". Did you mean "subtract"? Known: zero, subtract.',
    ],
    [
      'a trace without a time constant',
      () => build(new LIF({ shape: 1, tcTracePre: 0 })),
      'LIF: expected tcTracePre > 0 ms, got 0',
    ],
    [
      'a negative trace',
      () => build(new LIF({ shape: 1, tcTracePost: -20 })),
      'LIF: expected tcTracePost > 0 ms, got -20',
    ],
    [
      'an input trace that is no number',
      () => new Input({ shape: 1, tcTrace: Number.NaN }),
      'Input: expected tcTrace > 0 ms, got NaN',
    ],
    [
      'half a neuron',
      () => new Input({ shape: 1.5 }),
      'Input: expected a shape n, [n], [height, width], [channels, height, width] or [channels, depth, height, width] of whole numbers ≥ 1, got 1.5',
    ],
    ['five sides', () => new LIF({ shape: [1, 2, 3, 4, 5] }), 'LIF: expected a shape'],
    ['an empty map', () => new LIF({ shape: [0, 4] }), 'LIF: expected a shape'],
  ])('refuse %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('AdaptiveLIF has those of the published table', () => {
    expect(new AdaptiveLIF({ shape: 1 }).parameters).toEqual({
      rest: -65,
      lowest: Number.NEGATIVE_INFINITY,
      reset: -65,
      thresh: -52,
      tcDecay: 20,
      refrac: 5,
      thetaPlus: 0.05,
      tcThetaDecay: 1e6,
      thetaDecay: 'stepwise',
      resetBy: 'zero',
    });
  });
});
