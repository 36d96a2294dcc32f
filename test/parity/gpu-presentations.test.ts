/** Whole presentations on the GPU kernels: batches, several training images a call and minibatches are what the reference engine does. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { poisson } from '../../src/core/encoding/index.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { gpuEngines } from '../support/gpu.js';
import { largestDifference } from './original-case.js';

const steps = 60;

const kinds = {
  'locally connected': { side: 2, trained: false },
  'locally connected, trained competition': { side: 2, trained: true },
  convolutional: { side: 2, trained: false },
  'fully connected': { side: 1, trained: false },
} as const;

type Kind = keyof typeof kinds;

/** A small network that spikes and learns quickly. */
function build(
  kind: Kind,
  engine: string,
  { gpuBatch, nFilters = 6 }: { gpuBatch?: number; nFilters?: number } = {},
) {
  const { side, trained } = kinds[kind];
  const synapses = { rule: new PostPre({ nu: [1e-3, 5e-2] }), wMin: 0, wMax: 1 };
  const xy = {
    'locally connected': () => new LocalConnection({ ...synapses, norm: 9, kernelSize: 5, stride: 3 }),
    'locally connected, trained competition': () =>
      new LocalConnection({ ...synapses, norm: 9, kernelSize: 5, stride: 3 }),
    convolutional: () => new Conv2dConnection({ ...synapses, norm: 9, kernelSize: 5, stride: 3 }),
    'fully connected': () => new Connection({ ...synapses, norm: 20 }),
  }[kind]();
  const yy = trained
    ? new LateralConnection({
        w: { uniform: [-30, 0] },
        rule: new PostPre({ nu: [-0.5, -1.5], weightDecay: 0.001 }),
        wMax: 0,
      })
    : new LateralCompetition({ weight: -40 });
  return new Network({ engine, seed: 3, gpuBatch })
    .addLayer('X', new Input({ shape: [8, 8] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [nFilters, side, side], refrac: 2, thetaPlus: 0.3 }))
    .addConnection('X', 'Y', xy)
    .addConnection('Y', 'Y', yy);
}

const images = Array.from({ length: 7 }, (_, image) =>
  poisson(
    Uint8Array.from({ length: 64 }, (_, pixel) => (pixel * (image + 3) * 37) % 256),
    { time: steps, intensity: 200, seed: 5, item: image },
  ),
);

async function show(
  network: Network,
  count: number,
  options: { learn: boolean; batchSize?: number },
  shown = images,
) {
  const counts: number[] = [];
  const done = await network.simulation.present(
    { layer: 0, count, steps, spikes: (index) => shown[index] },
    { ...options, count: 1, onCounts: (batch) => counts.push(...batch) },
  );
  expect(done).toBe(count);
  return counts;
}

function stateOf(network: Network, kind: Kind) {
  return {
    theta: network.getVariable('Y', 'theta'),
    xy: network.getWeights('X->Y').data,
    yy: kinds[kind].trained ? network.getWeights('Y->Y').data : new Float32Array(),
  };
}

const names = Object.keys(kinds) as Kind[];

describe.each(gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const))(
  'engine %s',
  (_, { engine, isThere }) => {
    describe.skipIf(!isThere)('whole presentations', () => {
      it.each(names)(
        '%s: training and evaluation in batches are those of the reference engine, one by one',
        async (kind) => {
          const reference = build(kind, 'reference');
          const network = build(kind, engine);
          expect(await show(network, 4, { learn: true })).toEqual(await show(reference, 4, { learn: true }));
          const learned = stateOf(network, kind);
          const expected = stateOf(reference, kind);
          expect(Array.from(learned.theta)).toEqual(Array.from(expected.theta));
          expect(largestDifference(learned.xy, expected.xy)).toBeLessThan(1e-6);
          expect(largestDifference(learned.yy, expected.yy)).toBeLessThan(1e-5);

          const counts = await show(reference, 7, { learn: false });
          expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
          expect(await show(network, 7, { learn: false })).toEqual(counts);
          network.dispose();
        },
        120_000,
      );

      it.each(names)(
        '%s: minibatches of three, the last one smaller, are those of the reference engine',
        async (kind) => {
          const reference = build(kind, 'reference');
          const network = build(kind, engine);
          const options = { learn: true, batchSize: 3 };
          const counts = await show(reference, 7, options);
          expect(await show(network, 7, options)).toEqual(counts);
          const learned = stateOf(network, kind);
          const expected = stateOf(reference, kind);
          expect(Array.from(learned.theta)).toEqual(Array.from(expected.theta));
          expect(largestDifference(learned.xy, expected.xy)).toBeLessThan(1e-6);
          expect(largestDifference(learned.yy, expected.yy)).toBeLessThan(1e-5);
          network.dispose();
        },
        120_000,
      );

      it('long trainings, several images a call, are those of the reference engine', async () => {
        const kind = 'locally connected';
        const reference = build(kind, 'reference');
        const network = build(kind, engine);
        const many = Array.from({ length: 45 }, (_, i) => images[i % images.length]);
        expect(await show(network, 45, { learn: true }, many)).toEqual(
          await show(reference, 45, { learn: true }, many),
        );
        expect(largestDifference(stateOf(network, kind).xy, stateOf(reference, kind).xy)).toBeLessThan(1e-5);
        network.dispose();
      }, 240_000);

      it('batches of one, two and all images give the same counts', async () => {
        const all = await show(build('locally connected', engine), 7, { learn: false });
        for (const gpuBatch of [1, 2]) {
          const network = build('locally connected', engine, { gpuBatch });
          expect(await show(network, 7, { learn: false })).toEqual(all);
          network.dispose();
        }
      }, 120_000);
    });
  },
);
