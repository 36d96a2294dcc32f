/** Learning rules of the shelf against closed forms: windows of pairs, triplets at all frequencies, normalisation, balance. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { poisson } from '../../src/core/encoding/index.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { type LearningRule, PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import {
  Hebbian,
  MSTDP,
  MSTDPET,
  Oja,
  TripletStdp,
  VogelsSprekeler,
  WeightDependentPostPre,
} from '../../src/core/rules/index.js';
import { engines } from '../support/small-networks.js';

const [tcPre, tcPost] = [17, 34];
const w0 = 0.5;

interface Synapse {
  /** One step: whether the sources and the target spike. */
  readonly step: (sources: readonly boolean[], target: boolean) => void;
  readonly weights: () => Float32Array;
}

/** Sources onto one target, whose spikes are given. */
function makeSynapse(engine: string, rule: LearningRule, nSources = 1, bounds = {}): Synapse {
  const network = new Network({ engine })
    .addLayer('X', new Input({ shape: nSources, tcTrace: tcPre }))
    .addLayer('Y', new McCullochPitts({ shape: 1, thresh: 1e6, tcTracePost: tcPost }))
    .addConnection('X', 'Y', new Connection({ w: w0, rule, ...bounds }));
  for (const name of ['MSTDP', 'MSTDPET']) if (rule.name === name) network.setSignal('reward', 1);
  return {
    step: (sources, target) => {
      network.setVariable('Y', 'input', Float32Array.of(target ? 1e9 : 0));
      const spikes = Uint32Array.from(sources.flatMap((spike, i) => (spike ? [i] : [])));
      network.simulation.step(new Map([[0, spikes]]), true);
    },
    weights: () => network.getWeights('X->Y').data,
  };
}

/** What one pair does: the target spikes `after` steps after the source. */
function pair(engine: string, rule: LearningRule, after: number): number {
  const synapse = makeSynapse(engine, rule, 1, { wMin: 0, wMax: 2 });
  const first = 60;
  for (let t = 0; t < 500; t++) synapse.step([t === first], t === first + after);
  return synapse.weights()[0] - w0;
}

const nu = { nuPre: 0.01, nuPost: 0.03 };
const decay = (steps: number, tc: number) => Math.exp(-steps / tc);
const before = (after: number) => decay(after, tcPre);
const behind = (after: number) => decay(-after, tcPost);
/** Sum of what is left of an eligibility of 1 over all later steps. */
const eligible = 1 / 25 / (1 - Math.exp(-1 / 25));

/** Change of the weight where the target spikes so many steps after the source, 0 included in neither. */
const windows: readonly (readonly [string, () => LearningRule, (after: number) => number])[] = [
  [
    'PostPre',
    () => new PostPre({ nu: [nu.nuPre, nu.nuPost] }),
    (after) => (after > 0 ? nu.nuPost * before(after) : -nu.nuPre * behind(after)),
  ],
  [
    'WeightDependentPostPre',
    () => new WeightDependentPostPre(nu),
    (after) => (after > 0 ? nu.nuPost * before(after) * 1.5 : -nu.nuPre * behind(after) * 0.5),
  ],
  [
    'Hebbian',
    () => new Hebbian(nu),
    (after) => (after > 0 ? nu.nuPost * before(after) : nu.nuPre * behind(after)),
  ],
  [
    'MSTDP',
    () => new MSTDP({ nu: 0.02, tcPlus: tcPre, tcMinus: tcPost }),
    (after) => 0.02 * (after > 0 ? before(after) : -behind(after)),
  ],
  [
    'MSTDPET',
    () => new MSTDPET({ nu: 0.02, tcPlus: tcPre, tcMinus: tcPost }),
    (after) => 0.02 * eligible * (after > 0 ? before(after) : -behind(after)),
  ],
  [
    'TripletStdp',
    () => new TripletStdp({ a2Plus: 0.03, a2Minus: 0.01, tcPlus: tcPre, tcMinus: tcPost }),
    (after) => (after > 0 ? 0.03 * before(after) : -0.01 * behind(after)),
  ],
  [
    'VogelsSprekeler',
    () => new VogelsSprekeler({ eta: 0.01, rate: 5, tc: tcPre }),
    (after) => 0.01 * (decay(Math.abs(after), tcPre) - 2 * 5e-3 * tcPre),
  ],
  ['Oja', () => new Oja({ nu: 0.01, tc: tcPre }), (after) => (after > 0 ? 0.01 * before(after) : 0)],
];

/** Of weights below 1: what an addition can round. */
const halfUlp = 2 ** -25;

describe.each(windows)('the window of %s', (name, rule, expected) => {
  // MSTDPET adds in every step, the others at spikes.
  const nAdditions = name === 'MSTDPET' ? 500 : 10;

  it.each(engines)('is the closed form on %s', (engine) => {
    for (const after of [-50, -20, -3, -1, 1, 3, 20, 50]) {
      const change = pair(engine, rule(), after);
      expect(Math.abs(change - expected(after)), `${after} ms`).toBeLessThan(nAdditions * halfUlp);
    }
  });
});

describe('TripletStdp', () => {
  const parameters = { a2Plus: 1e-3, a3Plus: 6e-3, a2Minus: 7e-3, a3Minus: 2e-4 };
  const [tcPlus, tcX, tcMinus, tcY] = [16.8, 101, 33.7, 125];
  const nPairs = 40;

  /** Sum over all pairs of spikes, at a distance `after` (target after source) and a period [ms]. */
  function closedForm(period: number, after: number): number {
    let change = 0;
    for (let k = 0; k < nPairs; k++) {
      const others = Array.from({ length: k }, (_, j) => (k - j) * period);
      const sum = (tc: number, offset = 0, own = false) =>
        others.reduce((total, distance) => total + decay(distance + offset, tc), own ? decay(offset, tc) : 0);
      // The partner's spikes until then: the latest one is of this pair, or of the one before.
      const [r1, o1] =
        after > 0
          ? [sum(tcPlus, after, true), sum(tcMinus, -after)]
          : [sum(tcPlus, after), sum(tcMinus, -after, true)];
      change += r1 * (parameters.a2Plus + parameters.a3Plus * sum(tcY));
      change -= o1 * (parameters.a2Minus + parameters.a3Minus * sum(tcX));
    }
    return change;
  }

  it.each(engines)('depends on the frequency of pairs as the closed form on %s', (engine) => {
    const changes = [10, 20, 40, 50].map((frequency) => {
      const period = 1000 / frequency;
      return [10, -10].map((after) => {
        const synapse = makeSynapse(engine, new TripletStdp(parameters));
        for (let t = 0; t < nPairs * period + 20; t++) {
          const isIn = (phase: number) =>
            t >= phase && (t - phase) % period === 0 && (t - phase) / period < nPairs;
          synapse.step([isIn(Math.max(0, -after))], isIn(Math.max(0, after)));
        }
        const change = synapse.weights()[0] - w0;
        expect(Math.abs(change - closedForm(period, after)), `${frequency} Hz, ${after} ms`).toBeLessThan(
          2e-6,
        );
        return change;
      });
    });
    // Sjöström et al. 2001: the same pairs depress at low and potentiate at high frequencies.
    expect(changes[0][1]).toBeLessThan(0);
    expect(changes[3][1]).toBeGreaterThan(changes[0][1]);
    expect(changes[3][0]).toBeGreaterThan(changes[0][0]);
  });
});

it.each(engines)("Oja's rule brings the squares of the weights to sum to 1 on %s", (engine) => {
  const periods = [4, 6, 9, 12];
  const synapse = makeSynapse(engine, new Oja({ nu: 2e-3, tc: 100 }), periods.length);
  let due = 0;
  for (let t = 0; t < 12_000; t++) {
    const sources = periods.map((period) => t % period === 0);
    const weights = synapse.weights();
    // The target spikes in proportion to its input.
    due += periods.reduce((sum, period, i) => sum + weights[i] / period, 0);
    const spikes = due >= 1;
    if (spikes) due -= 1;
    synapse.step(sources, spikes);
  }
  const rates = periods.map((period) => 1 / period);
  const length = Math.hypot(...rates);
  synapse.weights().forEach((w, i) => expect(Math.abs(w - rates[i] / length)).toBeLessThan(0.03));
  expect(Math.hypot(...synapse.weights())).toBeCloseTo(1, 1);
});

it('inhibitory plasticity lets the target spike at the rate of the rule', async () => {
  const Driven = defineNeuron({
    name: 'Driven',
    parameters: { drive: 1, tc: 20 },
    state: { v: 0 },
    step: 'v += dt * -v / tc + drive - input',
    spike: 'v >= 10',
    reset: 'v = 0',
  });
  const [nSources, steps] = [20, 40_000];
  for (const rate of [5, 12]) {
    const network = new Network({ engine: 'wasm' })
      .addLayer('X', new Input({ shape: nSources }))
      .addLayer('Y', new Driven({ shape: 1 }))
      .addConnection(
        'X',
        'Y',
        new Connection({ w: 0, wMin: 0, wMax: 50, rule: new VogelsSprekeler({ eta: 0.01, rate }) }),
      );
    const spikes = (item: number) =>
      poisson(new Uint8Array(nSources).fill(255), { time: steps, intensity: 20, item });
    await network.run({ X: spikes(1) });
    const learned = network.getWeights('X->Y').data;
    expect(Math.min(...learned)).toBeGreaterThan(0);
    let count = 0;
    const train = spikes(2);
    for (let t = 0; t < steps; t++) {
      network.simulation.step(
        new Map([[0, train.neurons.subarray(train.offsets[t], train.offsets[t + 1])]]),
        true,
      );
      count += network.getVariable('Y', 'spikes')[0];
    }
    expect(Math.abs(count / (steps / 1000) - rate) / rate).toBeLessThan(0.1);
    network.dispose();
  }
});
