/** Networks in double precision: closed forms to 1e-12, what has no equations is refused by name. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { LocusError } from '../../src/errors.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import type { LearningRule } from '../../src/core/network/learning/learning-rule.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AvgPool2dConnection,
  Connection,
  LateralCompetition,
} from '../../src/core/network/topology/index.js';
import { spikesByNeuron, stepsFrom } from '../support/small-networks.js';

const double = { engine: 'reference', precision: 'double' } as const;

function codeOf(work: () => unknown): readonly [code: string, message: string] {
  try {
    work();
  } catch (error) {
    if (error instanceof LocusError) return [error.code, error.message];
    throw error;
  }
  return ['', ''];
}

describe('what double precision computes', () => {
  it('LIF under a constant input: the closed form to 1e-12, where float32 is 1e-6 off', async () => {
    const [dt, tcDecay, rest, input, steps] = [0.1, 30, -65, 0.01, 500];
    const run = async (precision: 'single' | 'double') => {
      const network = new Network({ engine: 'reference', precision, dt }).addLayer(
        'Y',
        new LIF({ shape: 1, rest, tcDecay }),
      );
      for (let t = 0; t < steps; t++) {
        network.setVariable('Y', 'input', Float64Array.of(input));
        await network.run({}, { time: 1 });
      }
      return network.getVariable('Y', 'v')[0];
    };
    const decay = Math.exp(-dt / tcDecay);
    const exact = rest + (input * (1 - decay ** steps)) / (1 - decay);
    expect(Math.abs((await run('double')) - exact)).toBeLessThan(1e-12);
    expect(Math.abs((await run('single')) - exact)).toBeGreaterThan(1e-6);
  });

  it.each(['stepwise', 'exact'] as const)(
    'AdaptiveLIF, thetaDecay %s: thresholds that float32 cannot decay stepwise',
    async (thetaDecay) => {
      const [thetaPlus, tcThetaDecay, steps] = [0.05, 1e8, 100];
      const network = new Network(double).addLayer(
        'Y',
        new AdaptiveLIF({ shape: 1, thetaPlus, tcThetaDecay, thetaDecay }),
      );
      network.setVariable('Y', 'input', Float64Array.of(20));
      await network.run({}, { time: 1 + steps });
      const expected = thetaPlus * Math.exp(-steps / tcThetaDecay);
      const [theta] = network.getVariable('Y', 'theta');
      expect(Math.abs(theta / expected - 1)).toBeLessThan(1e-12);
    },
  );

  it('PostPre, decay, bounds and norm: the closed form to 1e-12', async () => {
    const [tc, nuPre, nuPost, weightDecay] = [20, 1e-3, 1e-2, 1e-5];
    const network = new Network(double)
      .addLayer('X', new Input({ shape: 2, tcTrace: tc }))
      .addLayer('Y', new IF({ shape: 1, thresh: 1, tcTracePost: tc }))
      .addConnection(
        'X',
        'Y',
        new Connection({
          w: 0.1,
          norm: 0.3,
          wMax: 1 / 3,
          rule: new PostPre({ nu: [nuPre, nuPost], weightDecay }),
        }),
      );
    const [first] = network.getWeights('X->Y').data;
    expect(first).toBe(0.1 * (0.3 / 0.2));
    // The source spikes in step 0, the target in step 3, the source again in step 5.
    const spikes = spikesByNeuron([[0, 5], []], 6);
    for (let t = 0; t < 6; t++) {
      network.setVariable('Y', 'input', Float32Array.of(t === 3 ? 2 : 0));
      await network.run({ X: spikesByNeuron([spikes.steps > t && [0, 5].includes(t) ? [0] : [], []], 1) });
    }
    const [learned, other] = network.getWeights('X->Y').data;
    const gain = nuPost * Math.exp(-3 / tc) - nuPre * Math.exp(-2 / tc);
    expect(Math.abs(learned - (0.15 + gain - 6 * weightDecay))).toBeLessThan(1e-12);
    expect(Math.abs(other - (0.15 - 6 * weightDecay))).toBeLessThan(1e-12);
    network.normalize();
    const [a, b] = network.getWeights('X->Y').data;
    expect(Math.abs(a + b - 0.3)).toBeLessThan(1e-15);
  });

  it('competition and average pooling: sums of what float64 holds', async () => {
    const network = new Network(double)
      .addLayer('X', new Input({ shape: [2, 3, 3] }))
      .addLayer('Y', new IF({ shape: [2, 1, 1], thresh: 0.05, reset: 0 }))
      .addConnection('X', 'Y', new AvgPool2dConnection({ channels: 2, kernelSize: 3 }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.7 }));
    const pixels = Array.from({ length: 18 }, (_, i) => (i === 0 ? [0] : []));
    await network.run({ X: spikesByNeuron(pixels, 2) });
    expect([...network.getVariable('Y', 'spikes')]).toEqual([1, 0]);
    expect([...network.getVariable('Y', 'input')]).toEqual([0, -0.7]);
    await network.run({
      X: spikesByNeuron(
        pixels.map(() => [0]),
        1,
      ),
    });
    expect(Math.abs(network.getVariable('Y', 'input')[0] - 1)).toBeLessThan(1e-15);
  });

  it('exp and log are those of float64', async () => {
    const Model = defineNeuron({
      name: 'Model',
      state: { v: 0.3 },
      step: 'v = log(exp(v) + 1) + sqrt(v)',
      spike: 'v > 1e9',
    });
    const network = new Network(double).addLayer('Y', new Model({ shape: 1 }));
    await network.run({}, { time: 1 });
    const v = Math.log(Math.exp(0.3) + 1) + Math.sqrt(0.3);
    expect([...network.getVariable('Y', 'v')]).toEqual([v]);
  });

  it('its arrays and monitors hold float64', async () => {
    const monitor = new Monitor({ variables: ['v'], indices: [1], precision: 'double' });
    const network = new Network(double).addLayer('Y', new LIF({ shape: 2 })).addMonitor('Y', monitor);
    network.setVariable('Y', 'input', Float64Array.of(0, 0.1));
    await network.run({}, { time: 1 });
    expect(network.getVariable('Y', 'v')).toBeInstanceOf(Float64Array);
    expect([...monitor.get('v').data]).toEqual([-65 + 0.1]);
  });

  it('presents images, with the spikes that float32 has', async () => {
    const count = async (precision: 'single' | 'double') => {
      const network = new Network({ engine: 'reference', precision, seed: 3 })
        .addLayer('X', new Input({ shape: 20 }))
        .addLayer('Y', new AdaptiveLIF({ shape: 5 }))
        .addConnection('X', 'Y', new Connection({ norm: 30, rule: new PostPre({ nu: [1e-4, 1e-2] }) }));
      const counts: number[] = [];
      const trains = stepsFrom(0, 20).map((i) => stepsFrom(0, 50).filter((t) => (t * 7 + i * 3) % 11 < 3));
      await network.simulation.present(
        { layer: 0, count: 3, steps: 50, spikes: () => spikesByNeuron(trains, 50) },
        { learn: true, count: 1, onCounts: (each) => counts.push(...each) },
      );
      return { counts, weights: network.getWeights('X->Y').data };
    };
    const [single, twice] = [await count('single'), await count('double')];
    expect(twice.counts).toEqual(single.counts);
    expect(Math.max(...twice.counts)).toBeGreaterThan(2);
    const furthest = Math.max(...Array.from(twice.weights, (w, i) => Math.abs(w - single.weights[i])));
    expect(furthest).toBeLessThan(1e-5);
    expect(furthest).toBeGreaterThan(1e-9);
  });

  it('warns of no decay that float32 would lose', () => {
    const slow = new AdaptiveLIF({ shape: 1, tcThetaDecay: 1e8 });
    expect(new Network(double).addLayer('Y', slow).summary()).not.toContain('note');
    expect(new Network().addLayer('Y', slow).summary()).toContain('note');
  });
});

describe('what it refuses', () => {
  it.each(['wasm', 'gpu', 'gpu-webasm'])('engine %s', (engine) => {
    const network = new Network({ engine, precision: 'double' }).addLayer('Y', new LIF({ shape: 1 }));
    expect(codeOf(() => network.simulation)).toEqual([
      'ENGINE_UNAVAILABLE',
      `engine ${engine}: computes in single precision; precision "double" runs on the engine "reference"`,
    ]);
  });

  it('models and rules that are code', () => {
    const layer = new LIF({ shape: 1 });
    const model = { ...layer.model, name: 'Own' };
    const network = new Network(double).addLayer('Y', {
      model,
      shape: layer.shape,
      tcTracePre: 20,
      tcTracePost: 20,
      constants: (dt: number) => layer.constants(dt),
    });
    expect(codeOf(() => network.compile())).toEqual([
      'ENGINE_UNAVAILABLE',
      'Network layer Y: precision "double" runs equations, and neuron model "Own" has none',
    ]);
    const rule: LearningRule = { name: 'Own', kernel: 'own', constants: {}, update: () => {} };
    const learning = new Network(double)
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', layer)
      .addConnection('X', 'Y', new Connection({ rule }));
    expect(codeOf(() => learning.compile())).toEqual([
      'ENGINE_UNAVAILABLE',
      'Network connection X->Y: precision "double" runs equations, and learning rule "Own" has none',
    ]);
  });

  it('minibatches, and monitors in another precision', async () => {
    const network = new Network(double)
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', new LIF({ shape: 1 }))
      .addConnection('X', 'Y', new Connection({ rule: new PostPre({ nu: [0, 0] }) }));
    const images = { layer: 0, count: 2, steps: 1, spikes: () => spikesByNeuron([[]], 1) };
    await expect(network.simulation.present(images, { learn: true, count: 1, batchSize: 2 })).rejects.toThrow(
      'engine reference: minibatches are computed in single precision, not in precision "double"',
    );
    const monitor = new Monitor({ variables: ['v'] });
    expect(codeOf(() => network.addMonitor('Y', monitor as never))).toEqual([
      'INVALID_ARGUMENT',
      expect.stringContaining('a monitor of precision "double"'),
    ]);
  });
});
