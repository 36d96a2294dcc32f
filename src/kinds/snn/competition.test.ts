/** Statistics of trained competition: histograms by hand, the balance against its equation and against a simulation. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../node/engines.js';
import { bernoulli } from '../../core/encoding/index.js';
import { PostPre } from '../../core/network/learning/index.js';
import { Network } from '../../core/network/network.js';
import { Input, LIF } from '../../core/network/nodes/index.js';
import { LateralConnection, LocalConnection } from '../../core/network/topology/index.js';
import { bestAvgSpikes, type CompetitionBalance, competitionDistribution } from './competition.js';

describe('competitionDistribution', () => {
  it('counts the weights between different filters', () => {
    // Two positions of two filters; diagonals do not count.
    const weights = Float32Array.of(0, -4, -1, 0, 0, -2, -3, 0);
    const { weights: sorted, edges, counts, mean } = competitionDistribution(weights, 2, 3);
    expect([...sorted]).toEqual([-4, -3, -2, -1]);
    expect([...edges]).toEqual([-4, -3, -2, -1]);
    expect([...counts]).toEqual([1, 1, 2]);
    expect(mean).toBe(-2.5);
  });

  it('counts every weight once, between the least and the most', () => {
    const shapes = fc.record({
      nFilters: fc.integer({ min: 1, max: 6 }),
      positions: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer(),
        ({ nFilters, positions }, bins, seed) => {
          const weights = Float32Array.from(
            { length: positions * nFilters ** 2 },
            (_, i) => -Math.abs(Math.sin(seed + i)) * 100,
          );
          const { weights: sorted, edges, counts } = competitionDistribution(weights, nFilters, bins);
          const n = positions * nFilters * (nFilters - 1);
          expect(sorted).toHaveLength(n);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
          expect(edges).toHaveLength(bins + 1);
          expect(
            [...sorted].every((w) => w >= edges[0] && w <= edges[bins] + 1e-9 * Math.abs(edges[0])),
          ).toBe(true);
        },
      ),
    );
  });

  it('takes equal weights and none', () => {
    expect(competitionDistribution(Float32Array.of(0, -1, -1, 0), 2, 4)).toMatchObject({
      counts: Uint32Array.of(2, 0, 0, 0),
      mean: -1,
    });
    expect(competitionDistribution(Float32Array.of(0), 1, 2)).toMatchObject({
      counts: Uint32Array.of(0, 0),
      mean: 0,
    });
  });

  it.each([0, 1.5])('refuses %d bins', (bins) => {
    expect(() => competitionDistribution(new Float32Array(4), 2, bins)).toThrow(
      `competitionDistribution: expected bins to be a whole number from 1 to 10000, got ${bins}`,
    );
  });
});

/** Mean change of a weight per step where source and target spike with probability r: by the series of the traces. */
function drift({ APos, ANeg, tauPos, tauNeg, dt = 1 }: CompetitionBalance, r: number): number {
  const meanTrace = (tau: number) => {
    let mean = 0;
    for (let k = 0; k < 5000; k++) mean += r * (1 - r) ** k * Math.exp((-k * dt) / tau);
    return mean;
  };
  return -APos * r * meanTrace(tauNeg) + ANeg * r * meanTrace(tauPos);
}

describe('bestAvgSpikes', () => {
  const balance = { APos: -1, ANeg: -1.2, tauPos: 10, tauNeg: 30 };

  it('is where the mean change of a weight is 0', () => {
    for (const [parameters, dt, timeMax] of [
      [balance, 1, 250],
      [{ ...balance, APos: -0.8, ANeg: -0.9, tauNeg: 25 }, 1, 100],
      [balance, 0.5, 250],
    ] as const) {
      const count = bestAvgSpikes({ ...parameters, dt, timeMax });
      const r = ((count as number) * dt) / timeMax;
      expect(r).toBeGreaterThan(0.01);
      expect(r).toBeLessThan(1);
      expect(Math.abs(drift({ ...parameters, dt }, r))).toBeLessThan(1e-9);
      expect(Math.sign(drift({ ...parameters, dt }, 0.8 * r))).toBe(
        -Math.sign(drift({ ...parameters, dt }, 1.2 * r)),
      );
    }
  });

  it('is null where potentiation and depression never balance', () => {
    expect(bestAvgSpikes({ APos: -0.0556, ANeg: -1.626, tauPos: 17.72, tauNeg: 16.48 })).toBeNull();
    expect(bestAvgSpikes({ APos: -1, ANeg: 1, tauPos: 10, tauNeg: 30 })).toBeNull();
  });

  it('is where the weights of a simulated network stay, within 5 standard errors, and move on both sides of it', async () => {
    const [nPositions, time] = [60, 3000];
    const changes = async (r: number) => {
      const network = new Network()
        .addLayer('D', new Input({ shape: [2, nPositions, 1] }))
        .addLayer(
          'Y',
          new LIF({
            shape: [2, nPositions, 1],
            refrac: 0,
            thresh: 1e6,
            tcDecay: 1,
            tcTracePre: 10,
            tcTracePost: 30,
          }),
        )
        .addConnection('D', 'Y', new LocalConnection({ kernelSize: 1, w: ownFilterOnly(nPositions) }))
        .addConnection('Y', 'Y', new LateralConnection({ w: 0, rule: new PostPre({ nu: [-1, -1.2] }) }));
      const D = bernoulli(new Array<number>(2 * nPositions).fill(1), { time, maxProbability: r, seed: 8 });
      await network.run({ D });
      const weights = network.getWeights('Y->Y').data.filter((_, i) => i % 4 === 1 || i % 4 === 2);
      network.dispose();
      const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
      const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / (weights.length - 1);
      // Both directions of a pair share their spikes: half as many independent ones.
      return { mean, error: Math.sqrt(variance / nPositions) };
    };
    const r = (bestAvgSpikes(balance) as number) / 250;
    const [below, at, above] = await Promise.all([0.6 * r, r, 1.4 * r].map((rate) => changes(rate)));
    expect(Math.abs(at.mean)).toBeLessThan(5 * at.error);
    expect(Math.abs(below.mean)).toBeGreaterThan(8 * below.error);
    expect(Math.abs(above.mean)).toBeGreaterThan(8 * above.error);
    expect(Math.sign(below.mean)).toBe(-Math.sign(above.mean));
  });

  it.each(['tauPos', 'tauNeg', 'timeMax', 'dt'])('refuses %s of 0', (name) => {
    expect(() => bestAvgSpikes({ ...balance, [name]: 0 })).toThrow(
      `bestAvgSpikes: expected a finite ${name} > 0 ms, got 0`,
    );
  });
});

/** Weights [filter, row, column, source channel, 1, 1] by which each channel fires the filter of its own number. */
function ownFilterOnly(nPositions: number): Float32Array {
  return Float32Array.from({ length: 2 * nPositions * 2 }, (_, i) =>
    Math.floor(i / (2 * nPositions)) === i % 2 ? 2e7 : 0,
  );
}
