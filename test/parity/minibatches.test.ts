/** Minibatches against runs of BindsNET in which several samples learn at once: weights and thresholds after every step, every spike. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { NoOp, PostPre, type LearningRule } from '../../src/core/network/learning/index.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import { Connection, LateralCompetition } from '../../src/core/network/topology/index.js';
import {
  expectValues,
  magnitude,
  readParameters,
  type RuleMeta,
  rules,
  transpose,
} from '../support/bindsnet-rules.js';
import { readTolerance } from '../support/bindsnet-tolerance.js';
import { readArray, readFloats } from '../support/case-arrays.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

interface BatchMeta extends Omit<RuleMeta, 'rule'> {
  readonly rule?: string;
  readonly batch?: number;
}

const cases = bindsnetCases('minibatches');
const ofRules = cases.filter(({ folder }) => (readMeta(folder) as BatchMeta).rule !== undefined);
const ofNetworks = cases.filter(({ folder }) => (readMeta(folder) as BatchMeta).rule === undefined);

/** Spikes [sample][step][neuron], 0 or 1. */
function readSamples(folder: string, file: string, n: number): number[][][] {
  const { shape, data } = readArray(folder, file);
  const [steps, samples, bytes] = shape;
  return Array.from({ length: samples }, (_, sample) =>
    Array.from({ length: steps }, (__, t) =>
      Array.from(
        { length: n },
        (___, j) => (Number(data[(t * samples + sample) * bytes + (j >> 3)]) >> (7 - (j & 7))) & 1,
      ),
    ),
  );
}

/** Between two presentations, each from the start, that show what a step leaves [steps]: the reference engine is slow. */
const strides: Readonly<Record<string, number>> = { reference: 8, wasm: 1 };

/** The lengths of presentations that show what steps leave, the last one with all of them. */
const listTimes = (steps: number, engine: string) =>
  Array.from({ length: steps }, (_, t) => t + 1).filter((time) => (steps - time) % strides[engine] === 0);

const bound = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** Sources and, behind them, neurons that make a target spike within the step, whatever the weights add. */
function buildRule(folder: string, meta: BatchMeta, engine: string): Network {
  const { dt, n_source, n_target, parameters } = meta;
  const rule = rules[meta.rule as string];
  const nInputs = n_source + n_target;
  const initial = transpose(readFloats(folder, 'w_initial'), n_source, n_target);
  const isSource = (at: number) => at % nInputs < n_source;
  const perWeight = (make: (target: number, source: number) => number) =>
    Float32Array.from({ length: n_target * nInputs }, (_, at) =>
      make(Math.floor(at / nInputs), at % nInputs),
    );
  const forcing = perWeight((target, source) => (source === n_source + target ? 1e9 : 0));
  return new Network({ engine, dt, propagation: 'same-step' })
    .addLayer('X', new Input({ shape: nInputs, tcTrace: Number(parameters.tc_trace_source) }))
    .addLayer(
      'Y',
      new McCullochPitts({ shape: n_target, thresh: 1e6, tcTracePost: Number(parameters.tc_trace_target) }),
    )
    .addConnection('X', 'Y', new Connection({ w: forcing, rule: new NoOp() }))
    .addConnection(
      'X',
      'Y',
      new Connection({
        w: perWeight((target, source) => (source < n_source ? initial[target * n_source + source] : 0)),
        mask: Uint8Array.from({ length: n_target * nInputs }, (_, at) => Number(isSource(at))),
        rule: rule.make(readParameters(folder, { ...meta, rule: meta.rule as string })),
        wMin: bound(parameters.wmin, Number.NEGATIVE_INFINITY),
        wMax: bound(parameters.wmax, Number.POSITIVE_INFINITY),
      }),
      'learns',
    );
}

describeCases(ofRules, ({ folder }) => {
  it.each(engines)('has every spike, and weights within the tolerance after steps, on %s', async (engine) => {
    const meta = readMeta(folder) as BatchMeta;
    const { n_source, n_target, steps } = meta;
    const nInputs = n_source + n_target;
    const sources = readSamples(folder, 'source_spikes', n_source);
    const targets = readSamples(folder, 'target_spikes', n_target);
    const weights = readFloats(folder, 'w');
    const reward = meta.arrays.reward ? readFloats(folder, 'reward') : null;
    const size = n_source * n_target;
    const network = buildRule(folder, meta, engine);
    const initial = network.getWeights('learns').data.slice();
    for (const time of listTimes(steps, engine)) {
      network.setWeights('learns', initial);
      const counts: number[] = [];
      await network.simulation.present(
        {
          layer: 0,
          count: sources.length,
          steps: time,
          spikes: (sample) =>
            spikeTrainFromRaster(
              sources[sample].slice(0, time).flatMap((spikes, t) => spikes.concat(targets[sample][t])),
              time,
              nInputs,
            ),
          ...(reward ? { signals: () => ({ reward }) } : {}),
        },
        {
          learn: true,
          count: 1,
          countEvery: 1,
          batchSize: sources.length,
          onCounts: (found) => counts.push(...found),
        },
      );
      expect(counts).toEqual(targets.flatMap((sample) => sample.slice(0, time).flat()));
      const found = network.getWeights('learns').data;
      expectValues(
        found.filter((_, at) => at % nInputs < n_source),
        transpose(weights.subarray((time - 1) * size, time * size), n_source, n_target),
        { what: `w of step ${time}`, tolerance: readTolerance(folder), largest: magnitude(weights) },
      );
    }
    network.dispose();
  });
});

/** One layer of neurons with adaptive thresholds that inhibit each other. */
function buildNetwork(folder: string, meta: BatchMeta, engine: string, norm: number | undefined): Network {
  const { dt, n_source, n_target, parameters } = meta;
  const {
    rest,
    reset,
    thresh,
    refrac,
    tc_decay,
    theta_plus,
    tc_theta_decay,
    tc_trace,
    wmin,
    wmax,
    inhibition,
  } = parameters as Readonly<Record<string, number>>;
  const { nu, reduction } = parameters as unknown as ConstructorParameters<typeof PostPre>[0];
  const rule: LearningRule = new PostPre({ nu, reduction });
  return new Network({ engine, dt })
    .addLayer('X', new Input({ shape: n_source, tcTrace: tc_trace }))
    .addLayer(
      'Y',
      new AdaptiveLIF({
        shape: n_target,
        rest,
        reset,
        thresh,
        refrac,
        tcDecay: tc_decay,
        thetaPlus: theta_plus,
        tcThetaDecay: tc_theta_decay,
        tcTracePost: tc_trace,
      }),
    )
    .addConnection(
      'X',
      'Y',
      new Connection({
        w: transpose(readFloats(folder, 'w_initial'), n_source, n_target),
        rule,
        wMin: wmin,
        wMax: wmax,
        norm,
        normalizeInitially: false,
      }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: inhibition }));
}

/** Weights [source, target] whose magnitudes onto each target sum to the norm. */
function normalize(weights: Float32Array, nTarget: number, norm: number): Float64Array {
  const sums = new Float64Array(nTarget);
  weights.forEach((w, at) => {
    sums[at % nTarget] += Math.abs(w);
  });
  return Float64Array.from(weights, (w, at) => (w * norm) / sums[at % nTarget]);
}

describeCases(ofNetworks, ({ folder }) => {
  it.each(engines)(
    'has every spike, and thresholds and weights within the tolerance, on %s',
    async (engine) => {
      const meta = readMeta(folder) as BatchMeta;
      const { n_source, n_target, steps, parameters } = meta;
      const sources = readSamples(folder, 'source_spikes', n_source);
      const targets = readSamples(folder, 'target_spikes', n_target);
      const theta = readFloats(folder, 'theta');
      const tolerance = readTolerance(folder);
      const present = async (time: number, norm?: number) => {
        const network = buildNetwork(folder, meta, engine, norm);
        const counts: number[] = [];
        const spikes = (sample: number) =>
          spikeTrainFromRaster(sources[sample].slice(0, time).flat(), time, n_source);
        await network.simulation.present(
          { layer: 0, count: sources.length, steps: time, spikes },
          {
            learn: true,
            count: 1,
            countEvery: 1,
            batchSize: sources.length,
            onCounts: (found) => counts.push(...found),
          },
        );
        const found = {
          counts,
          theta: network.getVariable('Y', 'theta'),
          w: network.getWeights('X->Y').data,
        };
        network.dispose();
        return found;
      };
      for (const time of listTimes(steps, engine)) {
        const found = await present(time);
        expect(found.counts).toEqual(targets.flatMap((sample) => sample.slice(0, time).flat()));
        const expected = theta.subarray((time - 1) * n_target, time * n_target);
        expectValues(found.theta, expected, {
          what: `theta of step ${time}`,
          tolerance,
          largest: magnitude(theta),
        });
      }
      const before = readFloats(folder, 'w_before_norm');
      const { w } = await present(steps);
      const largest = magnitude(before);
      expectValues(w, transpose(before, n_source, n_target), {
        what: 'w before the norm',
        tolerance,
        largest,
      });
      const norm = Number(parameters.norm);
      const exact = normalize(before, n_target, norm);
      const theirs = readFloats(folder, 'w_after');
      // As near to their weights as these are to the norm that float64 makes of the weights before.
      const error = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0);
      const ours = (await present(steps, norm)).w;
      transpose(theirs, n_source, n_target).forEach((value, i) => {
        expect(Math.abs(ours[i] - value)).toBeLessThanOrEqual(tolerance * magnitude(theirs) + error);
      });
    },
  );
});
