/**
 * Learning rules as equations against pair STDP written by hand, on MNIST, one thread.
 * `npx tsx bench/rules.ts`. Milliseconds of processor time per training image of 250 steps; ratios are medians of pairs in one run.
 */
import '../src/node/engines.js';
import { defineRule } from '../src/core/definitions/define-rule.js';
import { loadSplit } from '../src/datasets/dataset.js';
import { type LearningRule, PostPre } from '../src/core/network/learning/index.js';
import { Network } from '../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../src/core/network/nodes/index.js';
import { Connection, LateralCompetition, LocalConnection } from '../src/core/network/topology/index.js';
import { MSTDPET, WeightDependentPostPre } from '../src/core/rules/index.js';

const steps = 250;
const images = 40;
const pairs = 21;
/** Rounds before: until then V8 has compiled the kernels for speed. */
const warmUps = 8;
const side = 28;
const crop = 20;
const train = await loadSplit('mnist', 'train');
const neurons = { refrac: 5, thetaPlus: 0.05, tcThetaDecay: 1e6 };
const nu = { nuPre: 1e-4, nuPost: 1e-2 };

/** 100 filters on receptive fields of 12 × 12 pixels, as in the table. */
function locallyConnected(rule: LearningRule): Network {
  const xy = { kernelSize: 12, stride: 4, norm: 0.32 * 144, wMin: 0, wMax: 1, rule };
  return new Network({ seed: 1 })
    .addLayer('X', new Input({ shape: [crop, crop] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [100, 3, 3], ...neurons }))
    .addConnection('X', 'Y', new LocalConnection(xy))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -50 }));
}

/** 784 pixels onto 100 neurons. */
function fullyConnected(rule: LearningRule): Network {
  return new Network({ seed: 1 })
    .addLayer('X', new Input({ shape: [side, side] }))
    .addLayer('Y', new AdaptiveLIF({ shape: 100, ...neurons }))
    .addConnection('X', 'Y', new Connection({ norm: 0.15 * 784, wMin: 0, wMax: 1, rule }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -50 }));
}

/** The middle of the first images. */
function cut(width: number): Uint8Array {
  const first = (side - width) / 2;
  const pixels = new Uint8Array(images * width * width);
  for (let at = 0; at < pixels.length; at++) {
    const [image, pixel] = [Math.floor(at / width ** 2), at % width ** 2];
    const [y, x] = [first + Math.floor(pixel / width), first + (pixel % width)];
    pixels[at] = train.images[image * side * side + y * side + x];
  }
  return pixels;
}

/** Milliseconds of processor time per image. */
async function time(network: Network, width: number): Promise<number> {
  const items = Uint32Array.from({ length: images }, (_, i) => i);
  const poisson = {
    images: cut(width),
    nPixels: width * width,
    intensity: 128,
    dt: 1,
    seed: 1,
    purpose: 'trainingSpikes' as const,
    items,
  };
  const presentation = {
    layer: 0,
    count: images,
    steps,
    poisson,
    spikes: (): never => {
      throw new Error('the kernel encodes');
    },
  };
  const before = process.cpuUsage();
  await network.simulation.present(presentation, { learn: true, count: 1 });
  return process.cpuUsage(before).user / 1000 / images;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function compare(
  title: string,
  build: (rule: LearningRule) => Network,
  width: number,
  rules: Readonly<Record<string, LearningRule>>,
): Promise<void> {
  const networks = Object.entries(rules).map(([name, rule]) => ({
    name,
    network: build(rule),
    found: [] as number[],
  }));
  for (const { name, network } of networks) {
    if (name === 'MSTDPET') network.setSignal('reward', 0.5);
    if (name === 'in every step') network.setSignal('factor', 1);
  }
  for (let pair = -warmUps; pair < pairs; pair++) {
    for (const { network, found } of networks) {
      const milliseconds = await time(network, width);
      if (pair >= 0) found.push(milliseconds);
    }
  }
  const [written] = networks;
  for (const { name, found, network } of networks) {
    const ratio = median(found.map((milliseconds, i) => milliseconds / written.found[i]));
    console.log(`${title}, ${name}: ${median(found).toFixed(3)} ms per image, ratio ${ratio.toFixed(2)}`);
    network.dispose();
  }
}

/** Eligibility that decays between spikes. The factor, which is 1, keeps the engine from repeating the decay at the next visit. */
function decaying(initial: number, factor?: string): LearningRule {
  const Rule = defineRule({
    name: 'Decaying',
    parameters: { nu: 1e-4, tc: [25, 'ms'] },
    traces: { y: { of: 'target' } },
    synapse: { e: initial },
    signals: factor ? [factor] : [],
    onStep: `e *= exp(-dt / tc) * ${factor ?? 1}`,
    onSource: 'e += y',
    onTarget: 'w += nu * e',
  });
  return new Rule();
}

const rules = {
  'PostPre by hand': new PostPre({ nu: [nu.nuPre, nu.nuPost] }),
  'PostPre as equations': new PostPre({ nu: [nu.nuPre, nu.nuPost], traces: {} }),
  WeightDependentPostPre: new WeightDependentPostPre(nu),
};
await compare('LC 100', locallyConnected, crop, rules);
await compare('784 × 100', fullyConnected, side, { ...rules, MSTDPET: new MSTDPET({ nu: 1e-4 }) });
// The first of each is what the other is compared with.
for (const initial of [0, 1]) {
  await compare(`784 × 100, e from ${initial}`, fullyConnected, side, {
    'in every step': decaying(initial, 'factor'),
    'at spikes': decaying(initial),
  });
}
