/** What a minibatch is, by hand: averaged plasticity, shared thresholds; one image is a minibatch of one; what images cannot share. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import { poisson } from '../../src/core/encoding/index.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import {
  type LearningRule,
  NoOp,
  PostPre,
  type PostPreParameters,
  type SynapseStep,
} from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, type LayerDescription, LIF } from '../../src/core/network/nodes/index.js';
import { leakyModel } from '../../src/core/network/nodes/leaky.js';
import type { NeuronModel } from '../../src/core/network/nodes/neuron-model.js';
import type { Presentation } from '../../src/core/network/simulation.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { Signals } from '../../src/core/network/rule-inputs.js';
import { SRM0 } from '../../src/core/models/index.js';
import { listShelf } from '../../src/core/shelf.js';
import { StochasticRelease } from '../../src/core/synapses/index.js';
import { randomSpikes } from '../support/random-network.js';

const { fround } = Math;

function build(engine = 'reference', rule: Partial<PostPreParameters> = {}): Network {
  return new Network({ engine })
    .addLayer('X', new Input({ shape: 2 }))
    .addLayer(
      'Y',
      new AdaptiveLIF({ shape: 1, thetaPlus: 0.25, tcThetaDecay: Number.POSITIVE_INFINITY, refrac: 0 }),
    )
    .addConnection(
      'X',
      'Y',
      new Connection({ w: Float32Array.of(20, 0), rule: new PostPre({ nu: [0.5, 1], ...rule }) }),
    );
}

/** Steps × 2 inputs. */
const train = (raster: number[]) => spikeTrainFromRaster(raster, raster.length / 2, 2);

async function present(network: Network, trains: ReturnType<typeof train>[], batchSize?: number) {
  const counts: number[] = [];
  await network.simulation.present(
    { layer: 0, count: trains.length, steps: trains[0].steps, spikes: (index) => trains[index] },
    { learn: true, count: 1, batchSize, onCounts: (batch) => counts.push(...batch) },
  );
  return counts;
}

describe('a minibatch', () => {
  it('averages plasticity over its images, and thresholds grow by the number of images that spike', async () => {
    const network = build();
    // Three images; in the first two the first input makes the neuron spike at step 1, with the second input in one of them.
    const trains = [train([1, 0, 0, 1]), train([1, 0, 0, 0]), train([0, 0, 0, 0])];
    expect(await present(network, trains, 3)).toEqual([1, 1, 0]);
    expect(network.getVariable('Y', 'theta')[0]).toBe(0.5);
    const share = fround(1 / 3);
    const decay = fround(Math.exp(-1 / 20));
    // At step 1 both neurons' first input has a trace one step old; the second input spikes with the target in one image.
    const first = fround(20 + fround(fround(decay + decay) * share));
    const lowered = fround(0 - fround(0.5 * share));
    const second = fround(lowered + share);
    expect(Array.from(network.getWeights('X->Y').data)).toEqual([first, second]);
  });

  it('of one image is what learning image by image is', async () => {
    const trains = Array.from({ length: 4 }, (_, item) =>
      poisson(Uint8Array.of(255, 120), { time: 40, intensity: 300, item }),
    );
    const [one, byDefault] = [build(), build()];
    expect(await present(one, trains, 1)).toEqual(await present(byDefault, trains));
    expect(one.getWeights('X->Y')).toEqual(byDefault.getWeights('X->Y'));
  });

  it('leaves each image a state of its own: images of a minibatch do not depend on their order', async () => {
    const trains = Array.from({ length: 4 }, (_, item) =>
      poisson(Uint8Array.of(200, 90), { time: 40, intensity: 300, item }),
    );
    const counts = await present(build(), trains, 4);
    expect(await present(build(), trains.toReversed(), 4)).toEqual(counts.toReversed());
  });

  it('of neurons defined as the equations of LIF is what it is of LIF', async () => {
    const parameters = { shape: 3, thresh: -60, tcDecay: 30, refrac: 2 };
    const Defined = defineNeuron({
      name: 'Defined',
      parameters: { rest: -65, thresh: 0, tcDecay: 1, refrac: 0 },
      state: { v: 'rest' },
      step: 'v = exp(-dt / tcDecay) * (v - rest) + rest; v += input',
      spike: 'v >= thresh',
      reset: 'v = rest',
      refractory: { period: 'refrac' },
    });
    const trains = Array.from({ length: 5 }, (_, item) =>
      poisson(Uint8Array.of(255, 120), { time: 40, intensity: 300, item }),
    );
    const found = [];
    for (const neurons of [new LIF(parameters), new Defined(parameters)]) {
      const network = new Network({ engine: 'reference' })
        .addLayer('X', new Input({ shape: 2 }))
        .addLayer('Y', neurons)
        .addConnection(
          'X',
          'Y',
          new Connection({ w: { uniform: [2, 6] }, rule: new PostPre({ nu: [0.05, 0.1] }) }),
        );
      found.push({ counts: await present(network, trains, 3), w: network.getWeights('X->Y').data });
    }
    expect(found[0].counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(30);
    expect(found[1]).toEqual(found[0]);
  });

  it.each([
    ['mean', 1],
    ['sum', 3],
  ] as const)('is the %s of what images add, on every engine', async (reduction, factor) => {
    for (const engine of ['reference', 'wasm', 'gpu-webasm']) {
      const network = build(engine, { nu: [0, 1], reduction });
      await present(network, [train([1, 0, 0, 0]), train([1, 0, 0, 0]), train([1, 0, 0, 0])], 3);
      const decay = fround(Math.exp(-1 / 20));
      const expected = fround(20 + fround(fround(fround(decay + decay) + decay) * fround(factor / 3)));
      expect([engine, network.getWeights('X->Y').data[0]]).toEqual([engine, expected]);
      network.dispose();
    }
  });

  it('has a size', async () => {
    for (const engine of ['reference', 'wasm']) {
      await expect(present(build(engine), [train([1, 0])], 0)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
  });
});

/** Adaptive thresholds by hand: they decay once, and grow by thetaPlus for each image that spikes. */
class AdaptiveByHand extends AdaptiveLIF {
  override readonly model: NeuronModel = {
    ...leakyModel('ByHand'),
    stepTogether: (steps) => {
      const [{ state, constants }] = steps;
      const { theta } = state;
      for (let j = 0; j < theta.length; j++) theta[j] *= constants.thetaDecay;
      for (const step of steps) this.model.step({ ...step, learn: false });
      for (let j = 0; j < theta.length; j++) {
        const nSpiked = steps.reduce((sum, { spikes }) => sum + spikes[j], 0);
        if (nSpiked > 0) theta[j] += fround(constants.thetaPlus * nSpiked);
      }
    },
  };
}

/** Pair STDP by hand: means over images, synapse by synapse, for spikes of the source and then of the target. */
class PairByHand implements LearningRule {
  readonly name = 'PairByHand';
  readonly kernel = 'by-hand';
  readonly constants = {};
  readonly changesOnlySpikingTargets = true;
  update(step: SynapseStep): void {
    this.updateTogether([step]);
  }
  updateTogether(steps: readonly SynapseStep[]): void {
    const [{ fanOut, weights }] = steps;
    const { start, row, target, rowLength } = fanOut;
    const share = fround(1 / steps.length);
    const visit = (change: (i: number, j: number) => (step: SynapseStep) => number) => {
      for (let i = 0; i + 1 < start.length; i++) {
        for (let e = start[i]; e < start[i + 1]; e++) {
          for (let k = 0; k < rowLength; k++) {
            const sum = steps.reduce((before, step) => fround(before + change(i, target[e] + k)(step)), 0);
            weights[row[e] * rowLength + k] += fround(sum * share);
          }
        }
      }
    };
    visit((i, j) => (step) => (step.sourceSpikes[i] ? -fround(fround(0.02) * step.targetTrace[j]) : 0));
    visit((i, j) => (step) => (step.targetSpikes[j] ? fround(fround(0.05) * step.sourceTrace[i]) : 0));
  }
}

describe.each([
  [
    'weights of every position',
    () => new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, wMin: 0, wMax: 2 }),
    [5, 2, 2],
  ],
  ['weights of every pair', () => new Connection({ wMin: 0, wMax: 1, norm: 4 }), [6, 1, 1]],
  ['shared weights', () => new Conv2dConnection({ kernelSize: 2, wMin: 0, wMax: 2, norm: 3 }), [3, 3, 3]],
] as const)('a minibatch on %s', (_, connect, shape) => {
  it('derived from equations has the bits of code by hand', async () => {
    const run = async (engine: string, Neurons: typeof AdaptiveLIF, rule: LearningRule) => {
      const network = new Network({ engine, dt: 0.5, seed: 3 })
        .addLayer('X', new Input({ shape: [4, 4] }))
        .addLayer(
          'Y',
          new Neurons({ shape, thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 }),
        )
        .addConnection('X', 'Y', Object.assign(connect(), { rule }))
        .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));
      const trains = Array.from({ length: 8 }, (__, image) => randomSpikes(image, 0.4, 30, 16));
      const counts = await present(network, trains, 3);
      const found = { counts, w: network.getWeights('X->Y').data, theta: network.getVariable('Y', 'theta') };
      network.dispose();
      return found;
    };
    const byHand = await run('reference', AdaptiveByHand, new PairByHand());
    expect(byHand.counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    for (const engine of ['reference', 'wasm']) {
      expect(await run(engine, AdaptiveLIF, new PostPre({ nu: [0.02, 0.05] }))).toEqual(byHand);
    }
  });
});

describe.each(['reference', 'wasm'])('on %s', (engine) => {
  const learn = (neurons: LayerDescription, rule: LearningRule, batchSize = 2) => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', neurons)
      .addConnection('X', 'Y', new Connection({ w: 1, rule }));
    return present(network, [train([1, 0, 0, 1]), train([1, 1, 0, 0])], batchSize);
  };
  const plain: NeuronDefinition = {
    name: 'Own',
    state: { v: 0, theta: 1 },
    persistent: ['theta'],
    step: 'v += input',
    spike: 'v > theta',
  };
  const shares = 'in a minibatch (batchSize > 1), what all of its images can make together of';

  it.each<[string, Partial<NeuronDefinition>]>([
    ['Own.step (2:1)', { step: 'v += input\ntheta = v' }],
    ['Own.step (1:1)', { step: 'theta = theta * input; v += input' }],
    ['Own.reset (1:8)', { reset: 'v = 0; theta *= 1.1' }],
    ['Own.end (1:1)', { end: 'theta = max(theta, v)' }],
    [
      'Own.refractory.holds',
      { step: 'v += input; theta *= 0.9', refractory: { period: '2', holds: ['theta'] } },
    ],
  ])('images learn apart where they cannot share a threshold: %s', async (place, change) => {
    const Defined = defineNeuron({ ...plain, ...change });
    const given = () => learn(new Defined({ shape: 1 }), new PostPre({ nu: [0.1, 0.1] }));
    await expect(given()).rejects.toThrow(`${place}: expected, ${shares} theta`);
    await learn(new Defined({ shape: 1 }), new PostPre({ nu: [0.1, 0.1] }), 1);
  });

  it.each<[string, string, Partial<RuleDefinition>]>([
    ['w', 'Own.onTarget (1:1)', { onTarget: 'w *= 0.9' }],
    ['w', 'Own.onTarget (1:10)', { onTarget: 'd = 0.1; w = d * x' }],
    ['w', 'Own.end (1:1)', { end: 'w = clip(w + x, 0, 1)' }],
    ['w', 'Own.onStep (2:3)', { onStep: 'w += x\n  w = x - w' }],
    ['g', 'Own.onSource (1:1)', { onSource: 'g = x', synapse: { g: 0 }, persistent: ['g'] }],
  ])('images learn apart where they cannot share %s: %s', async (variable, place, definition) => {
    const rule = () => {
      const Defined = defineRule({ name: 'Own', traces: { x: { of: 'source' } }, ...definition });
      return new Defined();
    };
    const neurons = () => new AdaptiveLIF({ shape: 1 });
    await expect(learn(neurons(), rule())).rejects.toThrow(`${place}: expected, ${shares} ${variable}`);
    await learn(neurons(), rule(), 1);
  });

  it('presentations take signals of every image', async () => {
    const Rewarded = defineRule({
      name: 'Rewarded',
      signals: ['reward'],
      onSource: 'w += reward',
    });
    const show = async (signals?: Presentation['signals'], set?: number) => {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new LIF({ shape: 1 }))
        .addConnection('X', 'Y', new Connection({ w: 0, rule: new Rewarded({ reduction: 'sum' }) }));
      if (set !== undefined) network.setSignal('reward', set);
      const spikes = () => spikeTrainFromRaster([1, 1], 2, 1);
      await network.simulation.present(
        { layer: 0, count: 2, steps: 2, spikes, signals },
        { learn: true, count: 1, batchSize: 2 },
      );
      return network.getWeights('X->Y').data[0];
    };
    expect(await show((image) => ({ reward: image === 0 ? 1 : [2, 8] }))).toBe(12);
    expect(await show((image): Record<string, number> => (image === 0 ? { reward: 1 } : {}), 32)).toBe(66);
    expect(await show(undefined, 32)).toBe(128);
    await expect(show()).rejects.toThrow('signal reward: expected a value before the network learns');
    await expect(show(() => ({ praise: 1 }))).rejects.toThrow(
      'signals of image 0: unknown signal "praise". Known: reward.',
    );
    await expect(show(() => ({ reward: [1] }))).rejects.toThrow(
      'signals of image 0: expected signal reward of at least 2 steps, got 1',
    );
    await expect(show(() => ({ reward: Number.NaN }))).rejects.toThrow(
      'signals of image 0: expected a finite reward, got NaN',
    );
  });
});

describe('the shelf', () => {
  /** Spikes, weights and thresholds on an engine. */
  const run = async (engine: string, neurons: LayerDescription, rule: LearningRule) => {
    const network = new Network({ engine, seed: 5 })
      .addLayer('X', new Input({ shape: 16 }))
      .addLayer('Y', neurons)
      .addConnection('X', 'Y', new Connection({ w: { uniform: [0, 8] }, wMin: 0, wMax: 9, rule }));
    const { names } = new Signals(network.compile());
    for (const name of names) network.setSignal(name, 0.01);
    const trains = Array.from({ length: 4 }, (_, image) => randomSpikes(image, 0.5, 40, 16));
    const counts = await present(network, trains, 4);
    const { model } = neurons;
    const found = {
      counts,
      w: network.getWeights('X->Y').data,
      state: model.persistent.map((name) => network.getVariable('Y', name)),
    };
    network.dispose();
    return found;
  };

  const learning = listShelf().filter((entry) => entry.kind !== 'synapse');
  it.each(learning.map((entry) => [entry.definition.name, entry] as const))(
    '%s learns in minibatches: the same bits on reference and wasm',
    async (name, entry) => {
      const learn = (engine: string) => {
        const isSilent = entry.kind === 'neuron' && entry.definition.emit !== undefined;
        const pair = isSilent ? new NoOp() : new PostPre({ nu: [0.01, 0.02] });
        if (entry.kind === 'neuron')
          return run(engine, new (defineNeuron(entry.definition))({ shape: 4 }), pair);
        const neurons = name === 'Rmax' ? new SRM0({ shape: 4 }) : new AdaptiveLIF({ shape: 4 });
        return run(engine, neurons, new (defineRule(entry.definition))());
      };
      expect(await learn('wasm')).toEqual(await learn('reference'));
    },
  );
});

it.each(['reference', 'wasm'])('synapse models are refused by name on %s', async (engine) => {
  const synapse = new StochasticRelease();
  const network = new Network({ engine })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', new LIF({ shape: 4 }))
    .addConnection('X', 'Y', new Connection({ synapse }));
  await expect(
    present(network, [randomSpikes(0, 0.5, 5, 16), randomSpikes(1, 0.5, 5, 16)], 2),
  ).rejects.toThrow(`engine ${engine}: no kernel for synapse model in minibatches "StochasticRelease"`);
  network.dispose();
});

it('rules take no other reduction than the mean and the sum, and no parameter of that name', () => {
  expect(() => new PostPre({ nu: [0, 1], reduction: 'median' as never })).toThrow(
    'PostPre: unknown reduction "median".',
  );
  expect(() => defineRule({ name: 'Own', parameters: { reduction: 1 }, onStep: 'w += 1' })).toThrow(
    'Own.parameters.reduction: reduction is an option of every rule; choose another name',
  );
});

it('models and rules that are written for one image are refused by name', async () => {
  const network = (neurons: LayerDescription, rule: LearningRule) =>
    new Network({ engine: 'reference' })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', neurons)
      .addConnection('X', 'Y', new Connection({ w: 1, rule }));
  const { equations: _, ...layer } = new LIF({ shape: 1 });
  const alone = { ...layer, constants: (dt: number) => new LIF({ shape: 1 }).constants(dt) };
  const trains = [train([1, 0]), train([0, 1])];
  await expect(present(network(alone, new PostPre({ nu: [0, 1] })), trains, 2)).rejects.toThrow(
    'engine reference: no kernel for neuron model in minibatches "LIF"',
  );
  const rule: LearningRule = { name: 'Alone', kernel: 'alone', constants: {}, update: () => undefined };
  await expect(present(network(new LIF({ shape: 1 }), rule), trains, 2)).rejects.toThrow(
    'engine reference: no kernel for learning rule in minibatches "Alone"',
  );
});
