/** Learning rules as equations against runs of BindsNET: weights, traces and state of synapses after every step. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, type LayerDescription } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { Hebbian, RewardPrediction } from '../../src/core/rules/index.js';
import {
  expectValues,
  magnitude,
  readParameters,
  type RuleMeta,
  rules,
  transpose,
} from '../support/bindsnet-rules.js';
import { readTolerance } from '../support/bindsnet-tolerance.js';
import { readArray, readFloats, readSpikes } from '../support/case-arrays.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

function makeTarget({ rule, n_target, parameters }: RuleMeta): LayerDescription {
  const { target } = rules[rule];
  if (target) return target.make(n_target, parameters.target as Readonly<Record<string, number>>);
  // Spikes where it is given this much, whatever the weights add.
  const tcTracePost = Number(parameters.tc_trace_target);
  return new McCullochPitts({ shape: n_target, thresh: 1e6, tcTracePost });
}

function build(folder: string, meta: RuleMeta, engine: string): Network {
  const { dt, n_source, n_target, rule, parameters } = meta;
  const bound = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);
  return new Network({ engine, dt })
    .addLayer('X', new Input({ shape: n_source, tcTrace: Number(parameters.tc_trace_source) }))
    .addLayer('Y', makeTarget(meta))
    .addConnection(
      'X',
      'Y',
      new Connection({
        w: transpose(readFloats(folder, 'w_initial'), n_source, n_target),
        rule: rules[rule].make(readParameters(folder, meta)),
        wMin: bound(parameters.wmin, Number.NEGATIVE_INFINITY),
        wMax: bound(parameters.wmax, Number.POSITIVE_INFINITY),
        norm: typeof parameters.norm === 'number' ? parameters.norm : undefined,
        normalizeInitially: false,
      }),
    );
}

describeCases(bindsnetCases('rules'), ({ folder }) => {
  it.each(engines)('has every spike, and weights, traces and state within the tolerance, on %s', (engine) => {
    const meta = readMeta(folder) as RuleMeta;
    const { n_source, n_target, steps, rule } = meta;
    const network = build(folder, meta, engine);
    const sources = readSpikes(folder, 'source_spikes', n_source);
    const targets = readSpikes(folder, 'target_spikes', n_target);
    const weights = readFloats(folder, 'w');
    const reward = meta.arrays.reward ? readFloats(folder, 'reward') : null;
    const { target, state: ofRule } = rules[rule];
    const draws = target ? readFloats(folder, 'draws') : null;
    // The other rules have every bit, also where a repetition of their runs had not.
    const tolerance = target ? readTolerance(folder) : 0;
    const state = [
      ...Object.entries(ofRule).map(([file, name]) => ['X->Y', name, readFloats(folder, file)] as const),
      ...Object.entries(target?.state ?? {}).map(
        ([file, name]) => ['Y', name, readFloats(folder, file)] as const,
      ),
    ];
    const size = n_source * n_target;
    for (let t = 0; t < steps; t++) {
      const forced = Float32Array.from(targets[t], (spike) => spike * 1e9);
      if (!target) network.setVariable('Y', 'input', forced);
      if (reward) network.setSignal('reward', reward[t]);
      network.simulation.step(
        new Map([[0, Uint32Array.from(sources[t].flatMap((spike, i) => (spike ? [i] : [])))]]),
        true,
        draws ? new Map([[1, { values: draws.slice(t * n_target, (t + 1) * n_target) }]]) : undefined,
      );
      expect(Array.from(network.getVariable('Y', 'spikes'))).toEqual(targets[t]);
      const at = transpose(weights.subarray(t * size, (t + 1) * size), n_source, n_target);
      expectValues(network.getWeights('X->Y').data, at, {
        what: `w of step ${t}`,
        tolerance,
        largest: magnitude(weights),
      });
      for (const [of, name, values] of state) {
        const own = network.getVariable(of, name);
        const expected = values.subarray(t * own.length, (t + 1) * own.length);
        const inOrder = own.length === size ? transpose(expected, n_source, n_target) : expected;
        expectValues(own, inOrder, { what: `${name} of step ${t}`, tolerance, largest: magnitude(values) });
      }
    }
    const { w_normalized: isNormalized } = meta.arrays;
    if (isNormalized) network.normalize();
    const last = isNormalized ? readFloats(folder, 'w_normalized') : weights.subarray(-size);
    const expected = transpose(last, n_source, n_target);
    network.getWeights('X->Y').data.forEach((w, i) => expect(Math.abs(w - expected[i])).toBeLessThan(1e-7));
  });
});

interface TraceMeta {
  readonly dt: number;
  readonly n: number;
  readonly steps: number;
  readonly parameters: Readonly<Record<'set' | 'add', unknown>>;
}

describeCases(bindsnetCases('traces'), ({ folder }) => {
  it.each(engines)('has every bit of traces that spikes set and raise on %s', (engine) => {
    const { dt, n, steps, parameters } = readMeta(folder) as TraceMeta;
    const spikes = readSpikes(folder, 'spikes', n);
    for (const [file, mode] of [
      ['set', 'set'],
      ['additive', 'add'],
    ] as const) {
      const given = (parameters as Readonly<Record<string, { tc_trace: number; trace_scale: number }>>)[file];
      const options = { mode, tc: given.tc_trace, scale: given.trace_scale };
      const network = new Network({ engine, dt })
        .addLayer('X', new Input({ shape: n }))
        .addLayer('Y', new McCullochPitts({ shape: 1 }))
        .addConnection('X', 'Y', new Connection({ rule: new Hebbian({ traces: { sourceTrace: options } }) }));
      const expected = readFloats(folder, `trace_${file}`);
      for (let t = 0; t < steps; t++) {
        const step = Uint32Array.from(spikes[t].flatMap((spike, i) => (spike ? [i] : [])));
        network.simulation.step(new Map([[0, step]]), false);
        expect(network.getVariable('X->Y', 'sourceTrace')).toEqual(expected.subarray(t * n, (t + 1) * n));
      }
    }
  });
});

interface RewardMeta {
  readonly parameters: { readonly ema_window: number };
}

describeCases(bindsnetCases('reward prediction'), ({ folder }) => {
  it('predicts the reward by a moving average', () => {
    const prediction = new RewardPrediction({
      window: (readMeta(folder) as RewardMeta).parameters.ema_window,
    });
    const [reward, accumulated, error, perStep, perEpisode] = [
      'reward',
      'accumulated_reward',
      'reward_prediction_error',
      'predicted_per_step',
      'predicted_per_episode',
    ].map((file) => readFloats(folder, file));
    const { data: steps } = readArray(folder, 'steps');
    reward.forEach((each, episode) => {
      expect(prediction.error(each)).toBeCloseTo(error[episode], 5);
      prediction.update(accumulated[episode], Number(steps[episode]));
      expect(prediction.perStep).toBeCloseTo(perStep[episode], 5);
      expect(prediction.perEpisode).toBeCloseTo(perEpisode[episode], 5);
    });
  });
});
