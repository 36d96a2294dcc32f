/**
 * `Network.run` against a presentation of the same images: `npx tsx bench/network-run.ts`. Milliseconds of processor time per image of 250 steps on
 * MNIST, one thread; ratios are medians of rounds in one run.
 */
import '../src/node/engines.js';
import { poisson } from '../src/core/encoding/poisson.js';
import { PostPre } from '../src/core/network/learning/index.js';
import { Monitor } from '../src/core/network/monitors.js';
import { Network } from '../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../src/core/network/nodes/index.js';
import { Connection, LateralCompetition } from '../src/core/network/topology/index.js';
import { loadSplit } from '../src/datasets/dataset.js';

const steps = 250;
const images = 40;
const rounds = 15;
/** Until then V8 has compiled the kernels for speed. */
const warmUps = 8;
const train = await loadSplit('mnist', 'train');
const nPixels = train.images.length / train.labels.length;
const encode = (item: number) =>
  poisson(train.images.subarray(item * nPixels, (item + 1) * nPixels), {
    time: steps,
    dt: 1,
    intensity: 128,
    seed: 1,
    purpose: 'trainingSpikes',
    item,
  });
const trains = Array.from({ length: images }, (_, item) => encode(item));

/** The network that images are shown to, with 400 neurons. */
function build(): Network {
  return new Network({ seed: 1 })
    .addLayer('X', new Input({ shape: [28, 28] }))
    .addLayer('Y', new AdaptiveLIF({ shape: 400, refrac: 5, thetaPlus: 0.05, tcThetaDecay: 1e6 }))
    .addConnection(
      'X',
      'Y',
      new Connection({ norm: 0.15 * nPixels, wMin: 0, wMax: 1, rule: new PostPre({ nu: [1e-4, 1e-2] }) }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -50 }));
}

/** Milliseconds of processor time per image. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1000 / images;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const learn of [false, true]) {
  const presented = build();
  const run = build();
  const monitor = new Monitor({ variables: ['spikes'] });
  run.addMonitor('Y', monitor);
  const found: [number, number][] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const presentation = { layer: 0, count: images, steps, spikes: (image: number) => trains[image] };
    const one = await time(() => presented.simulation.present(presentation, { learn, count: 1 }));
    const other = await time(async () => {
      for (const spikes of trains) {
        run.resetState();
        await run.run({ X: spikes }, { learn });
        if (learn) run.normalize();
      }
    });
    monitor.reset();
    if (round >= 0) found.push([one, other]);
  }
  const [one, other] = [0, 1].map((which) => median(found.map((pair) => pair[which])));
  const ratio = median(found.map(([before, after]) => after / before));
  console.log(
    `${learn ? 'training' : 'evaluation'}: present ${one.toFixed(3)} ms per image, run with a spike monitor ${other.toFixed(3)} ms, ratio ${ratio.toFixed(2)}`,
  );
}
