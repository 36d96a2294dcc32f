/**
 * How fast the layers are: milliseconds per image of whole networks, spikes · neurons per second of the h-dynamics, and the
 * share of the machine's SIMD peak. Untrained networks on random images: what is computed does not depend on the weights.
 * `npx tsx bench/layers.ts [--threads 1,2] [--cases nnmf-cifar10,…] [--repetitions 5] [--out FILE.json]`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ImageSet } from '../src/datasets/index.js';
import { makeTensor, NNMF2d, SbS, setLayerThreads } from '../src/layers/index.js';
import { nnmfInputs, NnmfTraining } from '../src/kinds/nnmf/index.js';
import { parseSbsConfig, SbsTraining } from '../src/kinds/sbs/index.js';
import { RandomStream } from '../src/core/random/stream.js';
import { version } from '../src/version.js';
import { drawTable } from '../src/text-table.js';
import { measureSimdPeak } from './simd-peak.js';

interface Work {
  readonly images: number;
  readonly run: () => unknown;
  /** Floating-point operations of one run, where they are counted. */
  readonly operations?: number;
  /** Spikes times neurons of one run. */
  readonly spikesTimesNeurons?: number;
}

interface BenchLine {
  readonly name: string;
  readonly threads: number;
  /** Of all repetitions: the median, and the least, which a busy machine disturbs least. */
  readonly msPerImage: number;
  readonly bestMsPerImage: number;
  /** Of the best repetition. */
  readonly gigaflops?: number;
  readonly spikesTimesNeuronsPerSecond?: number;
  readonly shareOfSimdPeak?: number;
}

const batch = 50;
const watch = { now: () => performance.now() };

function randomImages(count: number, channels: number, size: number): ImageSet {
  const stream = new RandomStream(1, 'user');
  const images = Uint8Array.from({ length: count * channels * size * size }, () => stream.nextBelow(256));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return { name: 'random', count, channels, height: size, width: size, images, labels };
}

function nnmfWork(data: 'cifar10' | 'mnist'): { forward: Work; train: Work } {
  const { channels, size } = nnmfInputs[data];
  const training = new NnmfTraining({ inputChannels: channels, inputSize: size });
  const { network } = training.built;
  const set = randomImages(batch, channels, size);
  const x = makeTensor(
    [batch, channels, size, size],
    Float32Array.from(set.images, (byte) => byte / 255),
  );
  let operations = 0;
  network.layers.reduce((map, layer) => {
    const out = layer.forward(map);
    if (layer instanceof NNMF2d) {
      // Reconstruction and update: a multiplication and an addition each, for every weight of an input that is not zero.
      let used = 0;
      for (const value of map.data) if (value !== 0) used += 1;
      operations += 4 * layer.iterations * layer.outChannels * used;
    }
    return out;
  }, x);
  const none = { ...set, count: 0 };
  return {
    forward: { images: batch, operations, run: () => network.forward(x) },
    train: { images: batch, run: () => training.runEpoch(set, none, watch) },
  };
}

function sbsWork(): { forward: Work; train: Work } {
  const file = fileURLToPath(new URL('sbs-mnist-entropy.json5', import.meta.url));
  const config = { ...parseSbsConfig(readFileSync(file, 'utf8'), file), batch_size: batch };
  const set = randomImages(batch, 1, 28);
  const training = new SbsTraining(config, set);
  const neurons = [...training.built.sbsLayers.values()].reduce(
    (sum, { outputSize: [rows, columns], numberOfNeurons }) => sum + rows * columns * numberOfNeurons,
    0,
  );
  const spikesTimesNeurons = batch * neurons * config.number_of_spikes;
  return {
    forward: {
      images: batch,
      spikesTimesNeurons,
      operations: 4 * spikesTimesNeurons,
      run: () => training.test(set),
    },
    train: { images: batch, run: () => training.runStep(watch) },
  };
}

/** The first layer of that network: spikes are drawn, and h follows them. */
function layerWork(): Work {
  const numberOfSpikes = 1600;
  const size = 24;
  const layer = new SbS({
    numberOfInputNeurons: 1,
    numberOfNeurons: 32,
    inputSize: size,
    forwardKernelSize: 5,
    numberOfSpikes,
    epsilonT: Float64Array.from({ length: numberOfSpikes }, (_, t) => 1 / Math.sqrt(t + 1)),
    epsilonXyIntitial: 1,
  });
  const positions = layer.outputSize[0] * layer.outputSize[1];
  const images = 10;
  const x = makeTensor(
    [images, 1, size, size],
    Float32Array.from(randomImages(images, 1, size).images, (byte) => (byte + 1) / 256),
  );
  const spikesTimesNeurons = images * positions * numberOfSpikes * 32;
  return { images, spikesTimesNeurons, operations: 4 * spikesTimesNeurons, run: () => layer.forward(x) };
}

/** Made when it is their turn: a network takes memory. */
const cases: Readonly<Record<string, () => Readonly<Record<string, Work>>>> = {
  'nnmf-cifar10': () => {
    const { forward, train } = nnmfWork('cifar10');
    return { 'NNMF, CIFAR-10, forward': forward, 'NNMF, CIFAR-10, training step': train };
  },
  'nnmf-mnist': () => {
    const { forward, train } = nnmfWork('mnist');
    return { 'NNMF, MNIST, forward': forward, 'NNMF, MNIST, training step': train };
  },
  sbs: () => {
    const { forward, train } = sbsWork();
    return { 'SbS, MNIST, 1600 spikes, forward': forward, 'SbS, MNIST, 1600 spikes, training step': train };
  },
  'sbs-layer': () => ({ 'SbS layer, 32 neurons, 1600 spikes': layerWork() }),
};

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1,2' },
    cases: { type: 'string', default: Object.keys(cases).join(',') },
    repetitions: { type: 'string', default: '5' },
    out: { type: 'string' },
  },
});
const repetitions = Number(values.repetitions);
const peak = await measureSimdPeak();
const lines: BenchLine[] = [];
for (const name of values.cases.split(',')) {
  const works = Object.entries(cases[name]());
  for (const threads of values.threads.split(',').map(Number)) {
    setLayerThreads(threads);
    for (const [what, work] of works) lines.push(await measure(what, work, threads));
  }
}
const document = {
  version,
  date: new Date().toISOString(),
  processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  node: process.version,
  simdPeakGigaflopsPerThread: peak,
  repetitions,
  lines,
};
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(document, null, 2)}\n`);
console.log(formatLines(lines));
console.log(
  `SIMD peak of one thread: ${peak.toFixed(1)} GFLOP/s (multiplications and additions of 4 × float32)`,
);
process.exit(0);

async function measure(name: string, work: Work, threads: number): Promise<BenchLine> {
  await work.run();
  // Threads come up when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const begin = performance.now();
    await work.run();
    times.push(performance.now() - begin);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const best = sorted[0];
  const gigaflops = work.operations && work.operations / best / 1e6;
  return {
    name,
    threads,
    msPerImage: sorted[Math.floor(sorted.length / 2)] / work.images,
    bestMsPerImage: best / work.images,
    gigaflops,
    spikesTimesNeuronsPerSecond: work.spikesTimesNeurons && (1000 * work.spikesTimesNeurons) / best,
    shareOfSimdPeak: gigaflops && gigaflops / (peak * threads),
  };
}

function formatLines(all: readonly BenchLine[]): string {
  return drawTable({
    head: ['what', 'threads', 'ms per image', 'best', 'GFLOP/s', 'spikes · neurons / s', 'of SIMD peak'],
    aligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    separated: false,
    rows: all.map((line) => [
      line.name,
      String(line.threads),
      line.msPerImage.toPrecision(3),
      line.bestMsPerImage.toPrecision(3),
      line.gigaflops?.toFixed(1) ?? '',
      line.spikesTimesNeuronsPerSecond?.toExponential(2) ?? '',
      line.shareOfSimdPeak === undefined ? '' : `${(100 * line.shareOfSimdPeak).toFixed(0)} %`,
    ]),
  });
}
