/** The kernel that encodes images inside the engine gives the spikes of `poisson`, to the bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../node/engines.js';
import { poisson, type PoissonStimulus } from '../../encoding/index.js';
import { rasterFromSpikeTrain } from '../../encoding/spike-train.js';
import { PostPre } from '../../network/learning/index.js';
import { Network } from '../../network/network.js';
import { IF, Input, LIF } from '../../network/nodes/index.js';
import { Connection, LocalConnection } from '../../network/topology/index.js';
import { purposes, type Purpose } from '../../random/stream.js';

type Stimulus = Omit<PoissonStimulus, 'nPixels'> & { nPixels: number };

function presentation(stimulus: Stimulus, steps: number, withKernel: boolean) {
  const { images, items, nPixels, ...options } = stimulus;
  return {
    layer: 0,
    count: items.length,
    steps,
    spikes: (image: number) =>
      poisson(images.subarray(image * nPixels, (image + 1) * nPixels), {
        ...options,
        time: steps,
        item: items[image],
      }),
    ...(withKernel ? { poisson: stimulus } : {}),
  };
}

/** A network whose Y repeats the spikes of X one step later, each pixel for itself. */
function buildEcho(nPixels: number, threads: number): Network {
  const w = Float32Array.from({ length: nPixels * nPixels }, (_, i) => (i % (nPixels + 1) === 0 ? 1 : 0));
  return new Network({ threads })
    .addLayer('X', new Input({ shape: nPixels }))
    .addLayer('Y', new IF({ shape: nPixels }))
    .addConnection('X', 'Y', new Connection({ w }));
}

async function countEchoes(stimulus: Stimulus, steps: number, withKernel: boolean, threads = 1) {
  const network = buildEcho(stimulus.nPixels, threads);
  const counts: number[] = [];
  // The echo of the last step would come after it: one step more shows all of the others.
  await network.simulation.present(presentation(stimulus, steps + 1, withKernel), {
    learn: false,
    count: 1,
    onCounts: (batch) => counts.push(...batch),
  });
  network.dispose();
  return counts;
}

const stimuli = fc
  .record({
    nPixels: fc.integer({ min: 1, max: 40 }),
    nImages: fc.integer({ min: 1, max: 20 }),
    intensity: fc.oneof(fc.constantFrom(0, 127.5, 1e9), fc.double({ min: 1, max: 3000, noNaN: true })),
    dt: fc.constantFrom(0.1, 0.5, 1, 2),
    seed: fc.maxSafeNat(),
    purpose: fc.constantFrom(...(Object.keys(purposes) as Purpose[])),
    steps: fc.integer({ min: 1, max: 90 }),
  })
  .chain(({ nPixels, nImages, steps, ...rest }) =>
    fc.record({
      steps: fc.constant(steps),
      stimulus: fc.record({
        nPixels: fc.constant(nPixels),
        intensity: fc.constant(rest.intensity),
        dt: fc.constant(rest.dt),
        seed: fc.constant(rest.seed),
        purpose: fc.constant(rest.purpose),
        images: fc.uint8Array({ minLength: nPixels * nImages, maxLength: nPixels * nImages }),
        items: fc
          .array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: nImages, maxLength: nImages })
          .map((items) => Uint32Array.from(items)),
      }),
    }),
  );

describe('encodeImages', () => {
  it('gives the spikes of `poisson`: equal counts of every pixel of every image', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(stimuli, async ({ stimulus, steps }) => {
        const counts = await countEchoes(stimulus, steps, true);
        expect(counts).toEqual(await countEchoes(stimulus, steps, false));
        spikes += counts.reduce((sum, count) => sum + count, 0);
      }),
      { seed: 3, numRuns: 60 },
    );
    expect(spikes).toBeGreaterThan(10_000);
  });

  it('gives each spike in its step: counts of every length of time add up to the raster', async () => {
    const [nPixels, steps] = [30, 60];
    const stimulus: Stimulus = {
      nPixels,
      images: Uint8Array.from({ length: nPixels }, (_, i) => 8 * i),
      intensity: 300,
      dt: 1,
      seed: 11,
      purpose: 'testSpikes',
      items: Uint32Array.of(5),
    };
    const raster = rasterFromSpikeTrain(presentation(stimulus, steps, false).spikes(0));
    let before = new Array<number>(nPixels).fill(0);
    for (let t = 0; t < steps; t++) {
      const counts = await countEchoes(stimulus, t + 1, true);
      expect(counts.map((count, pixel) => count - before[pixel])).toEqual([
        ...raster.subarray(t * nPixels, (t + 1) * nPixels),
      ]);
      before = counts;
    }
  });

  it('gives spikes that learning cannot tell from those of `poisson`, on one thread and on two', async () => {
    const steps = 50;
    const nPixels = 64;
    const stimulus: Stimulus = {
      nPixels,
      images: Uint8Array.from({ length: 40 * nPixels }, (_, i) => (i * 37) % 256),
      intensity: 200,
      dt: 1,
      seed: 2 ** 40 + 3,
      purpose: 'trainingSpikes',
      items: Uint32Array.from({ length: 40 }, (_, i) => i),
    };
    const learned = await Promise.all(
      [
        [false, 1],
        [true, 1],
        [true, 2],
      ].map(async ([withKernel, threads]) => {
        const network = new Network({ threads: Number(threads) })
          .addLayer('X', new Input({ shape: [8, 8] }))
          .addLayer('Y', new LIF({ shape: [3, 2, 2], tcDecay: 20 }))
          .addConnection(
            'X',
            'Y',
            new LocalConnection({
              kernelSize: 5,
              stride: 3,
              rule: new PostPre({ nu: [1e-3, 1e-2] }),
              wMin: 0,
              wMax: 1,
              norm: 10,
            }),
          );
        const done = await network.simulation.present(presentation(stimulus, steps, Boolean(withKernel)), {
          learn: true,
          count: 1,
        });
        const weights = network.getWeights('X->Y').data;
        network.dispose();
        return { done, weights };
      }),
    );
    expect(learned[1]).toEqual(learned[0]);
    expect(learned[2]).toEqual(learned[0]);
  });
});
