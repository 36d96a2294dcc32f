/** Where float32 keeps what changes slowly to 1 %, and that it does not beyond: the page docs/limits.md says so. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, decayPerStep, IF, Input } from '../../src/core/network/nodes/index.js';
import { effectiveDecay } from '../../src/core/network/slow-decay.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { engines, spikesByNeuron } from '../support/small-networks.js';
import { float32Limits } from './float32-limits.js';

const { fround } = Math;
const longestDecay = float32Limits['stepwise decay: time constant, in steps'];
const noDecay = float32Limits['stepwise decay: time constant from which nothing decays, in steps'];
const mostTheta = float32Limits['theta over `thetaPlus`'];
const leastVoltage = float32Limits['smallest change of a membrane potential in a step, in mV'];
const leastWeight = float32Limits['smallest change of a weight in an update'];

/** Values spread over [from, to), as float32. */
const spread = (from: number, to: number) =>
  Float32Array.from({ length: 1000 }, (_, i) => from + (to - from) * ((i * 0.618034) % 1));

/** The largest relative deviation of the changes from `expected`. */
const deviation = (before: Float32Array, after: Float32Array, expected: number) =>
  before.reduce((most, value, i) => Math.max(most, Math.abs((after[i] - value) / expected - 1)), 0);

describe('a stepwise decay', () => {
  afterEach(() => vi.restoreAllMocks());

  it('acts as its time constant says up to the limit, and not one step further', () => {
    const wrong = [];
    for (let steps = 1; steps <= longestDecay; steps++) if (effectiveDecay(1, steps)) wrong.push(steps);
    expect(wrong).toEqual([]);
    expect(effectiveDecay(1, longestDecay + 1)).not.toBeNull();
    expect(effectiveDecay(0.5, longestDecay / 2)).toBeNull();
  });

  it('stands still from the second limit on', () => {
    expect(decayPerStep(1, noDecay)).toBe(1);
    expect(decayPerStep(1, 0.99 * noDecay)).toBeLessThan(1);
  });

  it('is noted beyond the limit for membranes, theta and traces', () => {
    vi.spyOn(process, 'emitWarning').mockReturnValue();
    const notes = (timeConstant: number) => {
      const trace = { tcTracePre: timeConstant, tcTracePost: timeConstant };
      const y = new AdaptiveLIF({ shape: 1, tcDecay: timeConstant, tcThetaDecay: timeConstant, ...trace });
      const { length } = new Network().addLayer('Y', y).summary().split('note:');
      return length - 1;
    };
    expect([notes(longestDecay), notes(2 * longestDecay)]).toEqual([0, 4]);
  });
});

describe.each(engines)('float32 on engine %s', (engine) => {
  /** One spike of every input, at step 0; what it does shows in step 1. */
  const run = async (network: Network, nInputs: number) => {
    const times = Array.from({ length: nInputs }, () => [0]);
    await network.run({ X: spikesByNeuron(times, 2) });
  };

  it('adds thetaPlus up to the limit', async () => {
    const grow = async (largest: number) => {
      const theta = spread(largest / 4, largest);
      const thetaPlus = fround(0.001);
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new AdaptiveLIF({ shape: theta.length, thetaPlus, tcThetaDecay: Infinity }))
        .addConnection('X', 'Y', new Connection({ w: 1e6 }));
      network.setVariable('Y', 'theta', theta);
      await run(network, 1);
      const grown = network.getVariable('Y', 'theta');
      network.dispose();
      return deviation(theta, grown, thetaPlus);
    };
    expect(await grow(mostTheta * 0.001)).toBeLessThan(0.01);
    expect(await grow(4 * mostTheta * 0.001)).toBeGreaterThan(0.01);
  });

  it('moves a membrane by the least change, and rounds smaller ones', async () => {
    const move = async (change: number) => {
      const v = spread(-127, -65);
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new IF({ shape: v.length, rest: -128, thresh: 0 }))
        .addConnection('X', 'Y', new Connection({ w: change }));
      network.setVariable('Y', 'v', v);
      await run(network, 1);
      const moved = network.getVariable('Y', 'v');
      network.dispose();
      return deviation(v, moved, fround(change));
    };
    const spacing = 2 ** -17;
    expect(leastVoltage / spacing).toBeCloseTo(50, 0);
    expect(await move(50.5 * spacing)).toBeLessThan(0.01);
    expect(await move(40.5 * spacing)).toBeGreaterThan(0.01);
  });

  it('changes a weight by the least change, and rounds smaller ones', async () => {
    const learn = async (change: number) => {
      const w = spread(0.5, 0.99);
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: w.length, tcTrace: Infinity }))
        .addLayer('Y', new IF({ shape: 1, thresh: 0.25 }))
        .addConnection('X', 'Y', new Connection({ w: 0, rule: new PostPre({ nu: [0, change] }), wMax: 1 }));
      network.setWeights('X->Y', w);
      await run(network, w.length);
      const learned = network.getWeights('X->Y').data;
      network.dispose();
      return deviation(w, learned, fround(change));
    };
    const spacing = 2 ** -24;
    expect(leastWeight / spacing).toBeCloseTo(50, 0);
    expect(await learn(50.5 * spacing)).toBeLessThan(0.01);
    expect(await learn(40.5 * spacing)).toBeGreaterThan(0.01);
  });
});
