/** Learning rules on every engine: traces followed by hand, the STDP window, bounds, decay, masks, normalisation, holding. */
import { describe, expect, it } from 'vitest';
import { NoOp, PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralConnection,
  LocalConnection,
  type SynapseParameters,
} from '../../src/core/network/topology/index.js';
import { engines, record, spikesByNeuron, stepsFrom } from '../support/small-networks.js';

interface Driven {
  engine: string;
  nX?: number;
  nY?: number;
  synapses: SynapseParameters;
  /** Time constants of the traces of X (as a source) and Y (as a target) [ms]. */
  tau?: readonly [number, number];
}

/** X learns onto Y, whose spikes D decides: D's spike at t makes Y's at t + 1, and nothing else can. */
function buildDriven({ engine, nX = 1, nY = 1, synapses, tau = [20, 20] }: Driven): Network {
  const drive = Float32Array.from({ length: nY * nY }, (_, i) => (i % (nY + 1) === 0 ? 2e6 : 0));
  const y = { shape: nY, rest: 0, reset: 0, thresh: 1e6, refrac: 0, tcDecay: 1, tcTracePost: tau[1] };
  return new Network({ engine })
    .addLayer('X', new Input({ shape: nX, tcTrace: tau[0] }))
    .addLayer('D', new Input({ shape: nY }))
    .addLayer('Y', new LIF(y))
    .addConnection('X', 'Y', new Connection(synapses))
    .addConnection('D', 'Y', new Connection({ w: drive }));
}

/** Runs with the given spikes of X and Y; Y can spike from step 1 on. */
async function runDriven(network: Network, x: number[][], y: number[][], steps: number, learn = true) {
  const drive = y.map((times) => times.map((t) => t - 1));
  await network.run({ X: spikesByNeuron(x, steps), D: spikesByNeuron(drive, steps) }, { learn });
}

/** A trace that halves in every step. */
const halving = 1 / Math.LN2;

describe.each(engines)('engine %s', (engine) => {
  it('PostPre: a literal trace of two sources and two targets', async () => {
    const network = buildDriven({
      engine,
      nX: 2,
      nY: 2,
      tau: [halving, halving],
      synapses: { w: 0.5, rule: new PostPre({ nu: [0.25, 0.5] }) },
    });
    const weights = record(network, 'X->Y', 'w');
    await runDriven(network, [[0, 3], [2]], [[1, 3], [2]], 5);
    // Traces after the spikes of a step:  x₀ 1 ½ ¼ 1 ½;  x₁ 0 0 1 ½ ¼;  y₀ 0 1 ½ 1 ½;  y₁ 0 0 1 ½ ¼.
    // Rows [y₀x₀, y₀x₁, y₁x₀, y₁x₁]; first a source's spike takes ¼ · y, then a target's adds ½ · x.
    expect(weights()).toEqual([
      [0.5, 0.5, 0.5, 0.5],
      // y₀ spikes: + ½ · ½ from x₀, nothing from x₁.
      [0.75, 0.5, 0.5, 0.5],
      // x₁ spikes: − ¼ · ½ on y₀, − ¼ · 1 on y₁; y₁ spikes: + ½ · ¼ from x₀, + ½ · 1 from x₁.
      [0.75, 0.375, 0.625, 0.75],
      // x₀ spikes: − ¼ · 1 on y₀, − ¼ · ½ on y₁; y₀ spikes: + ½ · 1 from x₀, + ½ · ½ from x₁.
      [1, 0.625, 0.5, 0.75],
      [1, 0.625, 0.5, 0.75],
    ]);
    network.dispose();
  });

  it('PostPre: the STDP window is ν₊ exp(−Δt / τ₊) after a source, −ν₋ exp(−Δt / τ₋) before one', async () => {
    const [nuPre, nuPost, tauPre, tauPost] = [0.013, 0.029, 17, 31];
    for (let lag = -40; lag <= 40; lag += 5) {
      const network = buildDriven({
        engine,
        tau: [tauPre, tauPost],
        synapses: { w: 0.5, rule: new PostPre({ nu: [nuPre, nuPost] }) },
      });
      // The target spikes `lag` steps after the source.
      await runDriven(network, [[50]], [[50 + lag]], 100);
      const change = network.getWeights('X->Y').data[0] - 0.5;
      const after = nuPost * Math.exp(-lag / tauPre);
      const before = -nuPre * Math.exp(lag / tauPost);
      const expected = lag > 0 ? after : lag < 0 ? before : nuPost - nuPre;
      expect(Math.abs(change - expected), `lag ${lag}`).toBeLessThan(1e-6);
      network.dispose();
    }
  });

  it('PostPre: pairs with the latest spike only, and adds up over pairs', async () => {
    const network = buildDriven({
      engine,
      tau: [10, 10],
      synapses: { w: 0, rule: new PostPre({ nu: [0, 1] }) },
    });
    await runDriven(network, [[1, 4, 5]], [[7, 9]], 12);
    const expected = Math.exp(-2 / 10) + Math.exp(-4 / 10);
    expect(network.getWeights('X->Y').data[0]).toBeCloseTo(expected, 6);
    network.dispose();
  });

  it('PostPre: a target learns from every position of a map, in published order', async () => {
    const shape = [4, 2, 2];
    const neurons = { rest: 0, reset: 0, thresh: 1e6, refrac: 0, tcDecay: 1 };
    const diagonal = Float32Array.from({ length: 256 }, (_, i) => (i % 17 === 0 ? 2e6 : 0));
    const network = new Network({ engine })
      .addLayer('D', new Input({ shape }))
      .addLayer('E', new Input({ shape: 1 }))
      .addLayer('Y', new LIF({ shape, ...neurons, tcTracePre: 10 }))
      .addLayer('Z', new LIF({ shape: 1, ...neurons }))
      .addConnection('D', 'Y', new Connection({ w: diagonal }))
      .addConnection('E', 'Z', new Connection({ w: 2e6 }))
      .addConnection('Y', 'Z', new Connection({ w: 0, rule: new PostPre({ nu: [0, 1] }) }));
    // Neuron i spikes at step i + 1, Z at step 20.
    const D = spikesByNeuron(
      Array.from({ length: 16 }, (_, i) => [i]),
      22,
    );
    await network.run({ D, E: spikesByNeuron([[19]], 22) });
    const weights = network.getWeights('Y->Z').data;
    weights.forEach((w, i) => expect(w).toBeCloseTo(Math.exp(-(19 - i) / 10), 6));
    network.dispose();
  });

  it('PostPre: bounds are kept at every step', async () => {
    const synapses = { w: 0.4, rule: new PostPre({ nu: [0.2, 0.3] }), wMin: 0.25, wMax: 0.75 };
    const network = buildDriven({ engine, nX: 2, synapses });
    const weights = record(network, 'X->Y', 'w');
    // x₀ comes before y again and again, x₁ after it.
    await runDriven(network, [stepsFrom(0, 20), stepsFrom(3, 20)], [[1]], 20);
    await runDriven(network, [[0], []], [stepsFrom(1, 20)], 20);
    const rows = weights();
    // Both spike in step 1: − 0.2, which is below the bound, and + 0.3; then only x₀.
    expect(rows[1][0]).toBeCloseTo(0.5, 6);
    expect(rows[2][0]).toBeCloseTo(0.5 - 0.2 * Math.exp(-1 / 20), 6);
    expect(rows[2][1]).toBe(Math.fround(0.4));
    expect(rows[19]).toEqual([0.25, 0.25]);
    expect(rows.at(-1)).toEqual([0.75, 0.75]);
    expect(rows.flat().every((w) => w >= 0.25 && w <= 0.75)).toBe(true);
    network.dispose();
  });

  it('PostPre: a weight that was set out of bounds is clamped by the next step that learns, after its change', async () => {
    const rule = new PostPre({ nu: [0.5, 0.5] });
    const network = buildDriven({ engine, nX: 3, synapses: { w: 0, rule, wMin: 0, wMax: 1 } });
    network.setWeights('X->Y', Float32Array.of(1.25, 1.25, -3));
    await runDriven(network, [[], [], []], [[1]], 2, false);
    expect([...network.getWeights('X->Y').data]).toEqual([1.25, 1.25, -3]);
    // y's trace of one step ago takes 0.5 · exp(−1/20) from x₀.
    await runDriven(network, [[0], [], []], [[]], 1);
    expect([...network.getWeights('X->Y').data]).toEqual([
      Math.fround(1.25 - Math.fround(0.5 * Math.fround(Math.exp(-1 / 20)))),
      1,
      0,
    ]);
    network.dispose();
  });

  it('PostPre: weight decay takes its amount from every weight in every step that learns', async () => {
    const rule = new PostPre({ nu: [0, 0], weightDecay: 0.0625 });
    const network = buildDriven({ engine, nX: 3, nY: 2, synapses: { w: 0.5, rule, wMin: 0.125 } });
    const weights = record(network, 'X->Y', 'w');
    await runDriven(network, [[0], [], []], [[2], []], 4);
    await runDriven(network, [[0], [], []], [[2], []], 3, false);
    await runDriven(network, [[0], [], []], [[2], []], 4);
    const perStep = [0.4375, 0.375, 0.3125, 0.25, 0.25, 0.25, 0.25, 0.1875, 0.125, 0.125, 0.125];
    expect(weights()).toEqual(perStep.map((w) => [w, w, w, w, w, w]));
    network.dispose();
  });

  it('learns nothing where learning is off, where the rule is NoOp, and where a connection is held', async () => {
    for (const [rule, learn, plastic] of [
      [new PostPre({ nu: [0.1, 0.2] }), false, true],
      [new NoOp(), true, true],
      [new PostPre({ nu: [0.1, 0.2], weightDecay: 0.1 }), true, false],
    ] as const) {
      const synapses = { w: 1.5, rule, wMax: 1, norm: 3, normalizeInitially: false };
      const network = buildDriven({ engine, nX: 2, synapses });
      network.setPlastic('X->Y', plastic);
      await runDriven(network, [[0, 3], [2]], [[1, 4]], 8, learn);
      expect([...network.getWeights('X->Y').data]).toEqual([1.5, 1.5]);
      network.dispose();
    }
  });

  it('setPlastic: a held connection is not normalised, and learns on when it is freed', async () => {
    const synapses = { w: 0.5, rule: new PostPre({ nu: [0, 0.25] }), norm: 3, normalizeInitially: false };
    const network = buildDriven({ engine, nX: 2, tau: [halving, 20], synapses });
    network.setPlastic('X->Y', false);
    await runDriven(network, [[0], []], [[1]], 3);
    network.normalize();
    expect([...network.getWeights('X->Y').data]).toEqual([0.5, 0.5]);
    network.setPlastic('X->Y', true);
    await runDriven(network, [[0], []], [[1]], 3);
    expect([...network.getWeights('X->Y').data]).toEqual([0.625, 0.5]);
    network.normalize();
    const sum = network.getWeights('X->Y').data.reduce((total, w) => total + w, 0);
    expect(sum).toBeCloseTo(3, 6);
    network.dispose();
  });

  describe('competition that learns', () => {
    /** Two positions of three filters; D decides their spikes. */
    function build(synapses: SynapseParameters): Network {
      const drive = Float32Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 2e6 : 0));
      const y = { shape: [3, 2, 1], rest: 0, reset: 0, thresh: 1e6, refrac: 0, tcDecay: 1 };
      return new Network({ engine })
        .addLayer('D', new Input({ shape: [3, 2, 1] }))
        .addLayer('Y', new LIF({ ...y, tcTracePre: halving, tcTracePost: halving }))
        .addConnection('D', 'Y', new Connection({ w: drive }))
        .addConnection('Y', 'Y', new LateralConnection(synapses));
    }

    it('changes weights between different filters of one position only', async () => {
      const network = build({ w: -1, rule: new PostPre({ nu: [-0.5, -1] }), wMax: 0 });
      const { shape, data } = network.getWeights('Y->Y');
      expect(shape).toEqual([2, 3, 3]);
      const at = (source: number, target: number) => source * 3 + target;
      const expected = Float32Array.from(data);
      // From the beginning none acts on itself.
      expect([...expected]).toEqual([0, -1, -1, -1, 0, -1, -1, -1, 0, 0, -1, -1, -1, 0, -1, -1, -1, 0]);
      // Position 0: filter 0 at step 1, filter 1 at step 2, both at step 4.  Published order: filter · 2 + position.
      const drive = [[0, 3], [], [1, 3], [], [], []];
      await network.run({ D: spikesByNeuron(drive, 5) });
      // Step 2: 0 → 1 by − 1 · ½ (the target spikes after the source); 1 → 0 by + ½ · ½ (the source after the target).
      // Step 4, the source first: 0 → 1 by + ½ · 1 − 1 · 1, 1 → 0 alike; both to 2 and from 2: no trace there, none here.
      expected[at(0, 1)] = -1 - 0.5 + 0.5 - 1;
      expected[at(1, 0)] = Math.min(0, -1 + 0.25) + 0.5 - 1;
      expect([...network.getWeights('Y->Y').data]).toEqual([...expected]);
      network.dispose();
    });

    it.each([{ wMax: -0.125 }, { wMin: 0.125, wMax: 2 }])(
      'keeps neurons from acting on themselves with bounds that exclude 0: %o',
      async (bounds) => {
        const rule = new PostPre({ nu: [0.1, 0.1], weightDecay: 0.01 });
        for (const each of [rule, new PostPre({ nu: [0.1, 0.1] })]) {
          const network = build({ w: -1, rule: each, ...bounds });
          const weights = record(network, 'Y->Y', 'w');
          await network.run({ D: spikesByNeuron([[0, 3], [1], [1, 3], [], [2], []], 6) });
          for (const row of weights()) {
            row.forEach((w, i) => {
              const isSelf = Math.floor(i / 3) % 3 === i % 3;
              expect(isSelf ? w === 0 : w >= (bounds.wMin ?? -9) && w <= bounds.wMax).toBe(true);
            });
          }
          network.dispose();
        }
      },
    );
  });

  describe('normalisation', () => {
    const rule = new PostPre({ nu: [0, 0.25] });
    const sums = (network: Network, nX: number) => {
      const { data } = network.getWeights('X->Y');
      return Array.from({ length: data.length / nX }, (_, j) =>
        data.subarray(j * nX, (j + 1) * nX).reduce((sum, w) => sum + w, 0),
      );
    };

    it('initial weights sum to the norm, in proportion to what was given', () => {
      const w = Float32Array.of(0.1, 0.3, 0.6, 0.2, 0.2, 0.4);
      const network = buildDriven({ engine, nX: 3, nY: 2, synapses: { w, norm: 2, rule } });
      const { data } = network.getWeights('X->Y');
      [0.2, 0.6, 1.2, 0.5, 0.5, 1].forEach((expected, i) => expect(data[i]).toBeCloseTo(expected, 6));
      network.dispose();
    });

    it('scales all columns after the first image of weights that were not normalised', async () => {
      const synapses = { w: 0.25, norm: 2, rule, normalizeInitially: false };
      const network = buildDriven({ engine, nX: 2, nY: 3, tau: [halving, 20], synapses });
      await runDriven(network, [[0], []], [[1], [], []], 2);
      network.normalize();
      const { data } = network.getWeights('X->Y');
      [1.2, 0.8, 1, 1, 1, 1].forEach((expected, i) => expect(data[i]).toBeCloseTo(expected, 6));
      network.dispose();
    });

    it('then scales only columns whose target has spiked: the others keep their bits', async () => {
      const network = buildDriven({ engine, nX: 3, nY: 3, synapses: { w: 0.5, norm: 2, rule } });
      // Weights that are said to be normalised, though a rounding error away from it.
      const given = Float32Array.from({ length: 9 }, (_, i) => 2 / 3 + (i % 3) * 1e-4);
      network.setWeights('X->Y', given, { normalized: true });
      network.resetState();
      await runDriven(network, [[0], [], []], [[], [1], []], 3);
      network.normalize();
      const { data } = network.getWeights('X->Y');
      expect([...data.subarray(0, 3), ...data.subarray(6)]).toEqual([
        ...given.subarray(0, 3),
        ...given.subarray(6),
      ]);
      expect(sums(network, 3)[1]).toBeCloseTo(2, 6);
      network.dispose();
    });

    it('also scales columns that clamping has met: what normalisation pushed over a bound is mended', async () => {
      const network = buildDriven({ engine, nX: 3, nY: 2, synapses: { w: 0.5, norm: 2, rule, wMax: 1 } });
      network.setWeights('X->Y', Float32Array.of(1.5, 0.25, 0.25, 1, 0.5, 0.5), { normalized: true });
      network.resetState();
      await runDriven(network, [[], [], []], [[], []], 2);
      expect([...network.getWeights('X->Y').data]).toEqual([1, 0.25, 0.25, 1, 0.5, 0.5]);
      network.normalize();
      const { data } = network.getWeights('X->Y');
      [4 / 3, 1 / 3, 1 / 3].forEach((expected, i) => expect(data[i]).toBeCloseTo(expected, 6));
      expect([...data.subarray(3)]).toEqual([1, 0.5, 0.5]);
      network.dispose();
    });

    it('scales all columns where weights decay, and where an image was learned and never normalised', async () => {
      const decaying = new PostPre({ nu: [0, 0.25], weightDecay: 0.01 });
      const first = buildDriven({ engine, nX: 3, nY: 2, synapses: { w: 0.5, norm: 2, rule: decaying } });
      await runDriven(first, [[], [], []], [[], []], 5);
      first.normalize();
      for (const sum of sums(first, 3)) expect(sum).toBeCloseTo(2, 6);
      first.dispose();

      const second = buildDriven({ engine, nX: 3, nY: 2, synapses: { w: 0.5, norm: 2, rule } });
      await runDriven(second, [[0], [], []], [[1], []], 3);
      expect(sums(second, 3)[0]).toBeGreaterThan(2.1);
      second.resetState();
      await runDriven(second, [[], [], []], [[], [1]], 3);
      second.normalize();
      for (const sum of sums(second, 3)) expect(sum).toBeCloseTo(2, 6);
      second.dispose();
    });

    it('takes the sum of magnitudes: signs stay, and weights that cancel do not explode', () => {
      const w = Float32Array.of(-1, -3, 2, -2);
      const network = buildDriven({ engine, nX: 2, nY: 2, synapses: { w, norm: 2, rule } });
      expect([...network.getWeights('X->Y').data]).toEqual([-0.5, -1.5, 1, -1]);
      network.dispose();
    });

    it('leaves a column of zeros as it is', () => {
      const w = Float32Array.of(0, 0, 1, 3);
      const network = buildDriven({ engine, nX: 2, nY: 2, synapses: { w, norm: 2, rule } });
      expect([...network.getWeights('X->Y').data]).toEqual([0, 0, 0.5, 1.5]);
      network.dispose();
    });

    it('sums per neuron where weights are a neuron’s own, per filter where they are shared', () => {
      for (const [topology, columns] of [
        [new LocalConnection({ kernelSize: 2, stride: 2, norm: 1.5 }), 3 * 4],
        [new Conv2dConnection({ kernelSize: 2, stride: 2, norm: 1.5 }), 3],
        [new Connection({ norm: 1.5 }), 3 * 4],
      ] as const) {
        const network = new Network({ engine, seed: 5 })
          .addLayer('X', new Input({ shape: [4, 4] }))
          .addLayer('Y', new LIF({ shape: [3, 2, 2] }))
          .addConnection('X', 'Y', topology);
        const { data } = network.getWeights('X->Y');
        const size = data.length / columns;
        for (let column = 0; column < columns; column++) {
          const sum = data.subarray(column * size, (column + 1) * size).reduce((total, w) => total + w, 0);
          expect(sum).toBeCloseTo(1.5, 5);
        }
        network.dispose();
      }
    });
  });
});

describe('parameters', () => {
  it.each([
    [
      'one amplitude',
      () => new PostPre({ nu: [1] as unknown as [number, number] }),
      'PostPre: expected nu = [nuPre, nuPost], two finite numbers, or lists of one for every weight, got [1]',
    ],
    [
      'an infinite amplitude',
      () => new PostPre({ nu: [0, Infinity] }),
      'PostPre: expected nu = [nuPre, nuPost]',
    ],
    [
      'decay that is no number',
      () => new PostPre({ nu: [0, 0], weightDecay: Number.NaN }),
      'PostPre: expected a finite weightDecay, got NaN',
    ],
    [
      'bounds the wrong way round',
      () => new Connection({ wMin: 1, wMax: 0 }),
      'Connection: expected wMin ≤ wMax = 0, got 1',
    ],
    [
      'a bound that is no number',
      () => new Connection({ wMin: Number.NaN }),
      'Connection: expected wMin to be a number, got NaN',
    ],
    ['a norm of 0', () => new Connection({ norm: 0 }), 'Connection: expected a finite norm > 0, got 0'],
    [
      'an infinite norm',
      () => new Connection({ norm: Infinity }),
      'Connection: expected a finite norm > 0, got Infinity',
    ],
  ])('refuse %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
