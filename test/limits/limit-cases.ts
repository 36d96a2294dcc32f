/** The limits of docs/limits.md that end in an error: the constant that sets each, a call at the limit, and one beyond it. */
import { constants } from 'node:buffer';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { Network } from '../../src/core/network/network.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { mostFanOutRows } from '../../src/core/network/topology/fan-out.js';
import { mostNeurons } from '../../src/core/network/shape.js';
import { mostSteps as mostTrainSteps } from '../../src/core/encoding/spike-train.js';
import { mostDelaySteps } from '../../src/core/network/delays.js';
import { mostCountedSteps, mostSteps } from '../../src/core/network/steps.js';
import { bytesPerImage, chooseBatch, exact } from '../../src/core/engine/gpu/choose-batch.js';
import { mostSteps as mostGpuSteps, planNetwork } from '../../src/core/engine/gpu/plan-network.js';
import { type GpuRuntime, webasmDevice } from '../../src/core/engine/gpu/runtime.js';
import { largestItem } from '../../src/core/random/stream.js';
import { mostMemoryBytes, WasmMemory } from '../../src/core/wasm/wasm-memory.js';
import { decodePicture, mostPixels } from '../../src/datasets/decode-picture.js';
import { largestSize } from '../../src/datasets/load-image.js';
import { numberClasses } from '../../src/datasets/number-classes.js';
import { choosePoints, mostGridPoints } from '../../src/experiments/grid.js';
import { mostBins } from '../../src/figures/competition-distribution-figure.js';
import { largestScale } from '../../src/figures/display/picture-options.js';
import { longestHeader, maxDimensions as maxNpyDimensions } from '../../src/formats/npy.js';
import * as locus from '../../src/index.js';
import { mostShownPixels } from '../../src/kinds/snn/check-count.js';
import { largestFile, largestJson, readFileOf } from '../../src/kinds/snn/original/original-files.js';
import { mostSbsPositions } from '../../src/layers/sbs.js';
import { mostElements } from '../../src/layers/tensor.js';
import { mostPerSide } from '../../src/layers/window.js';
import { mostThreads } from '../../src/options.js';
import { mostClasses } from '../../src/readout/class-numbers.js';
import { mostFolds } from '../../src/readout/train-linear-classifier.js';
import { explainErrors } from '../../src/store/store-error.js';
import { openSqlite } from '../../src/store/sqlite.js';
import { encodeArray, maxDimensions } from '../../src/store/array-blob.js';
import { checkName, maxNameLength } from '../../src/store/network-record.js';
import { LiveServer } from '../../src/watch/live/live-server.js';
import { makeFolder } from '../support/make-folder.js';
import { writeIdxFolder } from '../support/idx-files.js';

export interface LimitCase {
  readonly value: number;
  /** Left out where it would take gigabytes or minutes. */
  readonly within?: () => unknown;
  readonly beyond: () => unknown;
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
/** Timers count milliseconds in 32 bits. */
const longestTimeout = 2 ** 31 - 1;

const y = (options: object = {}) => new locus.AdaptiveLIF({ shape: 4, ...options });
const network = (neurons = y()) =>
  new Network()
    .addLayer('X', new locus.Input({ shape: 4 }))
    .addLayer('Y', neurons)
    .addConnection('X', 'Y', new Connection());
const delayed = (delay: number) => network().addConnection('Y', 'Y', new Connection({ delay }));
const plan = (refrac: number) => planNetwork(network(y({ refrac })).compile());

const silent = (steps: number) => locus.spikeTrainFromEvents([], [], steps, 4);

/** Shows the network an image without spikes. */
async function present(steps: number, engine = 'wasm'): Promise<void> {
  const simulation = locus.getEngine(engine).prepare(network().compile(), {});
  try {
    const image = { layer: 0, count: 1, steps, spikes: () => silent(steps) };
    await simulation.present(image, { learn: false, count: 1 });
  } finally {
    simulation.dispose();
  }
}

const gpu: GpuRuntime = { backend: 'webasm', library: {} as GpuRuntime['library'], device: webasmDevice };
const gpuSteps = 250;
const mostImages = Math.floor(exact / (bytesPerImage(plan(5), gpuSteps).largest / 4));

const sbs = (options: object) =>
  new locus.SbS({
    numberOfInputNeurons: 1,
    numberOfNeurons: 1,
    inputSize: 1,
    forwardKernelSize: 1,
    numberOfSpikes: 1,
    epsilonT: [1],
    ...options,
  });

const store = (busyTimeout: number) =>
  locus.openStore(join(makeFolder(), 'networks.db'), { busyTimeout }).close();

const relu = locus.makeReluNetwork(locus.parseArchitecture('4-2'));

async function countConverted(duration: number): Promise<void> {
  const set = { name: 'black', count: 1, height: 1, width: 1, channels: 4 };
  const images = { ...set, images: new Uint8Array(4), labels: Uint8Array.of(0) };
  await locus
    .convert(relu, { normalization: 'none', inputShape: [4, 1, 1] })
    .countSpikes(images, 'output', { input: 'constant', duration });
}

const tally = (nClasses: number) =>
  new locus.SpikeTally({ nImages: 1, times: Float64Array.of(1), layers: ['output'], nClasses });

/** A picture of so many black pixels, of few bytes. */
async function decodeBlack(width: number, height: number): Promise<void> {
  const empty = { create: { width, height, channels: 3, background: '#000' } } as const;
  await decodePicture(await sharp(empty).png({ palette: true, colours: 2 }).toBuffer(), 'picture');
}

async function loadImageOf(size: number): Promise<void> {
  await locus.loadImage('test/fixtures/pictures/white-on-transparent.png', size);
}

async function loadLargeFile(bytes: number): Promise<void> {
  const dataDir = makeFolder();
  writeIdxFolder(dataDir);
  truncateSync(join(dataDir, 'train-images-idx3-ubyte'), bytes);
  await locus.loadSplit('mnist', 'train', { dataDir });
}

function readOriginal(bytes: number, limit?: number): void {
  const folder = makeFolder();
  writeFileSync(join(folder, 'file'), '');
  truncateSync(join(folder, 'file'), bytes);
  readFileOf(folder, 'file', limit);
}

/** A .npy file with so long a header. */
function readHeader(length: number): void {
  const file = Buffer.alloc(12 + length + 4, ' ');
  file.write('\x93NUMPY\x02\x00', 'latin1');
  file.writeUInt32LE(length, 8);
  file.write("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 12);
  file.write('\n', 12 + length - 1);
  locus.readNpy(file, 'file.npy');
}

function saveBlob(bytes: number): void {
  const path = join(makeFolder(), 'networks.db');
  const database = openSqlite(path);
  try {
    explainErrors(path, () => database.prepare(`SELECT length(zeroblob(${bytes}))`).get());
  } finally {
    database.close();
  }
}

const writeHtml = (scale: number) => new locus.Figure([], {}).write(join(makeFolder(), 'a.html'), { scale });

const download = (stallTimeout: number) =>
  locus.downloadDataset('mnist', { stallTimeout, dataDir: makeFolder(), mirrors: ['http://127.0.0.1:9/'] });

const classify = (nFolds: number) =>
  locus.trainLinearClassifier(
    locus.packSpikeCounts(Uint16Array.of(1, 0, 0, 1), { nFilters: 2, nPositions: 1 }),
    Uint8Array.of(0, 1),
    { nFolds, nClasses: 2 },
  );

const axes = (nSeeds: number, nRates: number) => ({
  axes: {
    nFilters: Array.from({ length: nSeeds }, (_, i) => 1 + i),
    nuPost: Array.from({ length: nRates }, (_, i) => i / 1e4),
  },
  seed: 0,
});

/** Limits by the first column of the page. */
export const limitCases: Readonly<Record<string, LimitCase>> = {
  'neurons of a layer': {
    value: mostNeurons,
    within: () => new locus.IF({ shape: mostNeurons }),
    beyond: () => new locus.IF({ shape: [2, mostNeurons / 2 + 1] }),
  },
  'sources, rows and channels of `buildFanOut`': {
    value: mostFanOutRows,
    within: () => locus.buildFanOut(1, mostFanOutRows, 1, []),
    beyond: () => locus.buildFanOut(1, mostFanOutRows + 1, 1, []),
  },
  'numbers among parameters': {
    value: largestFloat,
    within: () => y({ thresh: largestFloat }),
    beyond: () => y({ thresh: 2 * largestFloat }),
  },
  'steps of an encoded image (`time`)': {
    value: mostTrainSteps,
    within: () => locus.constant([0], { time: mostTrainSteps }),
    beyond: () => locus.constant([0], { time: mostTrainSteps + 1 }),
  },
  'steps of a delay': {
    value: mostDelaySteps,
    within: () => delayed(mostDelaySteps).compile(),
    beyond: () => delayed(mostDelaySteps + 1).compile(),
  },
  'steps of a refractory period': {
    value: mostSteps,
    within: () => network(y({ refrac: mostSteps })).compile(),
    beyond: () => network(y({ refrac: mostSteps + 1 })).compile(),
  },
  'steps of an image of the table (`timeMax / dt`)': {
    value: mostCountedSteps,
    within: () => new locus.LC_SNN({ timeMax: mostCountedSteps }),
    beyond: () => new locus.LC_SNN({ timeMax: mostCountedSteps + 1 }),
  },
  'steps between two spike counts (`countEvery`)': {
    value: mostCountedSteps,
    within: () => present(mostCountedSteps),
    beyond: () => present(mostCountedSteps + 1),
  },
  'steps of a counted run of a converted network': {
    value: mostCountedSteps,
    within: () => countConverted(mostCountedSteps),
    beyond: () => countConverted(mostCountedSteps + 1),
  },
  'steps at a time': {
    value: mostGpuSteps,
    beyond: () => present(mostGpuSteps + 1, 'gpu-webasm'),
  },
  'steps of a refractory period on a GPU': {
    value: mostGpuSteps,
    within: () => plan(mostGpuSteps),
    beyond: () => plan(mostGpuSteps + 1),
  },
  'spikes and rows of a GPU batch': {
    value: exact,
    within: () => chooseBatch(plan(5), gpu, gpuSteps, mostImages),
    beyond: () => chooseBatch(plan(5), gpu, gpuSteps, mostImages + 1),
  },
  'threads of an engine': {
    value: mostThreads,
    within: () => new Network({ threads: mostThreads }),
    beyond: () => new Network({ threads: mostThreads + 1 }),
  },
  'memory of the engine wasm, in bytes': {
    value: mostMemoryBytes,
    beyond: () => new WasmMemory().allocate(mostMemoryBytes),
  },
  seeds: {
    value: Number.MAX_SAFE_INTEGER,
    within: () => new locus.RandomStream(Number.MAX_SAFE_INTEGER, 'user').nextUint32(),
    beyond: () => new locus.RandomStream(Number.MAX_SAFE_INTEGER + 1, 'user'),
  },
  'numbers of items and elements of a random stream': {
    value: largestItem,
    within: () => new locus.RandomStream(0, 'user', largestItem, largestItem).nextUint32(),
    beyond: () => new locus.RandomStream(0, 'user', largestItem + 1),
  },
  'classes of a data set': {
    value: mostClasses,
    within: () => numberClasses([Int32Array.from({ length: mostClasses }, (_, i) => i)], 'labels'),
    beyond: () => numberClasses([Int32Array.from({ length: mostClasses + 1 }, (_, i) => i)], 'labels'),
  },
  'classes of a readout or a converted network': {
    value: mostClasses,
    within: () => tally(mostClasses),
    beyond: () => tally(mostClasses + 1),
  },
  'bytes of a data file': { value: 2 ** 31 - 1, beyond: () => loadLargeFile(2 ** 31) },
  'pixels of all images that `calibrate` or `calculateAccuracy` shows to a network of the table': {
    value: mostShownPixels,
    beyond: () => new locus.LC_SNN({ dataset: 'mnist-10k' }).calibrate({ images: 5_368_710 }),
  },
  'pixels of a picture': { value: mostPixels, beyond: () => decodeBlack(2 ** 14, 2 ** 13 + 1) },
  'side of an image for a network (`loadImage`)': {
    value: largestSize,
    within: () => loadImageOf(largestSize),
    beyond: () => loadImageOf(largestSize + 1),
  },
  'pause of a download (`stallTimeout`), in ms': {
    value: longestTimeout,
    beyond: () => download(longestTimeout + 1),
  },
  'dimensions of a .npy file': {
    value: maxNpyDimensions,
    within: () => locus.writeNpy({ shape: Array(maxNpyDimensions).fill(1), data: Uint8Array.of(1) }),
    beyond: () => locus.writeNpy({ shape: Array(maxNpyDimensions + 1).fill(1), data: Uint8Array.of(1) }),
  },
  'bytes of the header of a .npy file': {
    value: longestHeader,
    within: () => readHeader(longestHeader),
    beyond: () => readHeader(longestHeader + 1),
  },
  'bytes of parameters.json of an imported network': {
    value: largestJson,
    within: () => readOriginal(largestJson, largestJson),
    beyond: () => readOriginal(largestJson + 1, largestJson),
  },
  'bytes of another file of an imported network': {
    value: largestFile,
    beyond: () => readOriginal(largestFile + 1),
  },
  'characters of a name': {
    value: maxNameLength,
    within: () => checkName('n'.repeat(maxNameLength), 'name'),
    beyond: () => checkName('n'.repeat(maxNameLength + 1), 'name'),
  },
  'dimensions of a stored array': {
    value: maxDimensions,
    within: () => encodeArray({ shape: Array(maxDimensions).fill(1), data: Uint8Array.of(1) }, 'array'),
    beyond: () => encodeArray({ shape: Array(maxDimensions + 1).fill(1), data: Uint8Array.of(1) }, 'array'),
  },
  'bytes of a stored array, compressed': {
    value: constants.MAX_STRING_LENGTH,
    within: () => saveBlob(constants.MAX_STRING_LENGTH),
    beyond: () => saveBlob(constants.MAX_STRING_LENGTH + 1),
  },
  'wait for another process (`busyTimeout`), in ms': {
    value: longestTimeout,
    within: () => store(longestTimeout),
    beyond: () => store(longestTimeout + 1),
  },
  'elements of a tensor': { value: mostElements, beyond: () => locus.makeZeros([mostElements + 1]) },
  'sides of a window (`kernelSize`, `stride`, …)': {
    value: mostPerSide,
    within: () => new locus.AvgPool2d({ kernelSize: mostPerSide }),
    beyond: () => new locus.AvgPool2d({ kernelSize: mostPerSide + 1 }),
  },
  'positions of a Spike-by-Spike layer': {
    value: mostSbsPositions,
    within: () => sbs({ inputSize: Math.sqrt(mostSbsPositions) }),
    beyond: () => sbs({ inputSize: Math.sqrt(mostSbsPositions) + 1 }),
  },
  'number of a Spike-by-Spike layer (`item`)': {
    value: 2 ** 32 / mostSbsPositions - 1,
    within: () => sbs({ item: 2 ** 32 / mostSbsPositions - 1 }),
    beyond: () => sbs({ item: 2 ** 32 / mostSbsPositions }),
  },
  'parts of a cross-validation (`nFolds`)': {
    value: mostFolds,
    beyond: () => classify(mostFolds + 1),
  },
  'bins of a histogram of competition': {
    value: mostBins,
    within: () => locus.competitionDistribution(Float32Array.of(0, -1, -2, 0), 2, mostBins),
    beyond: () => locus.competitionDistribution(Float32Array.of(0, -1, -2, 0), 2, mostBins + 1),
  },
  'combinations of a grid': {
    value: mostGridPoints,
    within: () => choosePoints(axes(2 ** 10, 2 ** 10)),
    beyond: () => choosePoints(axes(2 ** 10, 2 ** 10 + 1)),
  },
  'pixels per CSS pixel of a PNG (`scale`)': {
    value: largestScale,
    within: () => writeHtml(largestScale),
    beyond: () => writeHtml(largestScale + 1),
  },
  'port of the live page': { value: 65_535, beyond: () => LiveServer.start({ port: 65_536 }) },
};
