/** What a minibatch is, by hand: averaged plasticity, shared thresholds; one image is a minibatch of one. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { poisson } from '../../src/core/encoding/index.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';

const { fround } = Math;

function build(engine = 'reference'): Network {
  return new Network({ engine })
    .addLayer('X', new Input({ shape: 2 }))
    .addLayer(
      'Y',
      new AdaptiveLIF({ shape: 1, thetaPlus: 0.25, tcThetaDecay: Number.POSITIVE_INFINITY, refrac: 0 }),
    )
    .addConnection(
      'X',
      'Y',
      new Connection({ w: Float32Array.of(20, 0), rule: new PostPre({ nu: [0.5, 1] }) }),
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

  it('is refused by the engine that learns from one image at a time, and where its size is none', async () => {
    const trains = [train([1, 0])];
    await expect(present(build('wasm'), trains, 2)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('batchSize 1') as string,
    });
    await expect(present(build(), trains, 0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
