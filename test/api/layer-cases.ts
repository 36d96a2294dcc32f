/** Layers, losses, optimisers, trainings of deep networks and conversions with all of their options. */
import * as locus from '../../src/index.js';
import { parseSbsConfig } from '../../src/kinds/sbs/index.js';
import { flags, formerImages, functions, names, type OptionCase, signed, texts } from './option-case.js';

/** Four images of 6 × 6 pixels, of two classes. */
const set: locus.ImageSet = {
  name: 'example/train',
  count: 4,
  height: 6,
  width: 6,
  channels: 1,
  images: Uint8Array.from({ length: 144 }, (_, i) => (37 * i) % 256),
  labels: Uint8Array.of(0, 1, 0, 1),
};
const initial = { seed: 0, item: 1 };
const window = { kernelSize: 2, stride: 1, padding: 0, dilation: 1 };
const parameters = () => new locus.Linear(2, 2).parameters();
const signal = new AbortController().signal;
const watching = { onProgress: () => 0, signal };
const watch = { ...watching, now: () => 0 };
const watched = { onProgress: functions, now: functions };

const nnmf = {
  iterations: 2,
  epsilon: 0.1,
  initMin: 0,
  initMax: 1,
  beta: 0.5,
  positiveFunctionType: 1,
  localLearning: false,
  localLearningKl: false,
};
const looseNnmf = {
  epsilon: ['null'],
  initMin: signed,
  beta: signed,
  localLearning: flags,
  localLearningKl: flags,
} as const;
const nnmfNetwork = {
  ...nnmf,
  seed: 1,
  inputChannels: 1,
  inputSize: 6,
  channels: [2, 2, 2, 2],
  kernelSize: 1,
  mlpEquivalent: false,
};
const looseNnmfNetwork = { ...looseNnmf, mlpEquivalent: flags };
const smallNnmf = { inputChannels: 1, inputSize: 6, kernelSize: 1, channels: [2, 2, 2, 2] } as const;

const relu = { dropout: 0.5, inputDropout: 0.1, seed: 1 };
const architecture = locus.parseArchitecture('6x6-4-2');
const reluNetwork = locus.makeReluNetwork(architecture);
const converted = locus.convert(reluNetwork, { normalization: 'model', inputShape: [1, 6, 6] });
const run = {
  input: 'constant',
  maxRate: 100,
  duration: 5,
  dt: 1,
  seed: 0,
  engine: 'reference',
  threads: 1,
  ...watching,
};
/** Whether there is an engine of a name, its network sees; before, the text has to fit. */
const looseRun = { onProgress: functions };

const config = parseSbsConfig(
  JSON.stringify({
    network_structure: {
      number_of_output_neurons: 2,
      forward_neuron_numbers: [[2, 2]],
      is_pooling_layer: [false],
      forward_kernel_size: [[2, 2]],
    },
    number_of_spikes: 2,
    batch_size: 4,
  }),
  'example',
);
const sbs = () => new locus.SbsTraining(config, set);

export const layerCases: Readonly<Record<string, OptionCase>> = {
  Conv2d: {
    call: (options) => new locus.Conv2d(1, 2, options),
    valid: { ...window, ...initial, bias: false },
    allowed: { bias: flags },
  },
  Linear: {
    call: (options) => new locus.Linear(2, 2, options),
    valid: { ...initial, bias: false },
    allowed: { bias: flags },
  },
  NNMF2d: {
    call: (options) => new locus.NNMF2d(2, 2, options),
    valid: { ...nnmf, ...initial },
    allowed: looseNnmf,
  },
  SbS: {
    call: (options) => new locus.SbS(options),
    valid: {
      ...initial,
      numberOfInputNeurons: 2,
      numberOfNeurons: 2,
      inputSize: 2,
      forwardKernelSize: 1,
      numberOfSpikes: 2,
      epsilonT: [1, 1],
      epsilonXyIntitial: 0.1,
      epsilon0: 1,
      weightNoiseAmplitude: 0.01,
      isPoolingLayer: false,
      strides: 1,
      dilation: 1,
      padding: 0,
      alphaNumberOfIterations: 0,
    },
    allowed: { isPoolingLayer: flags },
  },
  Unfold: { call: (options) => new locus.Unfold(options), valid: window },
  Fold: { call: (options) => new locus.Fold(options), valid: { ...window, outputSize: 4 } },
  AvgPool2d: {
    call: (options) => new locus.AvgPool2d(options),
    valid: { kernelSize: 2, stride: 2, padding: 0 },
  },
  BatchNorm2d: {
    call: (options) => new locus.BatchNorm2d(2, options),
    valid: { eps: 1e-5, momentum: 0.1, affine: true, trackRunningStats: true },
    allowed: { affine: flags, trackRunningStats: flags },
  },
  Dropout: { call: (options) => new locus.Dropout(0.5, options), valid: initial },
  Adam: {
    call: (options) => new locus.Adam(parameters(), options),
    valid: { rate: 0.1, betas: [0.9, 0.99], eps: 0 },
  },
  SGD: { call: (options) => new locus.SGD(parameters(), options), valid: { rate: 0.1, momentum: 0.5 } },
  ReduceLROnPlateau: {
    call: (options) => new locus.ReduceLROnPlateau(new locus.Adam(parameters()), options),
    valid: { factor: 0.1, patience: 3, threshold: 0.01, eps: 0 },
  },
  mixtureLoss: {
    call: (options) => locus.mixtureLoss(locus.makeTensor([1, 2], Float32Array.of(0, 1)), [1], options),
    valid: { mse: 0.5, kl: 1 },
  },
  randomCrops: {
    call: (options) => locus.randomCrops(set, [0], 4, options, { seed: 0, epoch: 0 }),
    valid: locus.colourJitter as unknown as Record<string, unknown>,
  },
  'randomCrops draw': {
    call: (options) => locus.randomCrops(set, [0], 4, locus.noJitter, options),
    valid: { seed: 0, epoch: 1 },
  },
  makeNnmfNetwork: {
    call: (options) => locus.makeNnmfNetwork(options),
    valid: nnmfNetwork,
    allowed: looseNnmfNetwork,
  },
  NnmfTraining: {
    call: (options) => new locus.NnmfTraining(options),
    valid: {
      ...nnmfNetwork,
      batchSize: 2,
      lossMode: 1,
      rates: { nnmf: 0.1 },
      rateDecay: 0.5,
      augmentation: 'auto',
    },
    allowed: { ...looseNnmfNetwork, rates: ['object'] },
  },
  'NnmfTraining.runEpoch': {
    call: (options) => new locus.NnmfTraining(smallNnmf).runEpoch(set, set, options),
    valid: watch,
    allowed: watched,
    works: true,
  },
  evaluateNnmf: {
    call: (options) => locus.evaluateNnmf(locus.makeNnmfNetwork(smallNnmf), set, options),
    valid: { ...watch, inputSize: 6, batchSize: 4, onBatch: () => 0 },
    allowed: { ...watched, onBatch: functions },
    works: true,
  },
  makeReluNetwork: {
    call: (options) => locus.makeReluNetwork(architecture, options),
    valid: relu,
  },
  ReluTraining: {
    call: (options) => new locus.ReluTraining(options),
    valid: {
      ...relu,
      architecture,
      batchSize: 2,
      optimizer: 'sgd',
      rate: 0.1,
      rateDecay: 0.9,
      momentum: 0.5,
      shift: 1,
    },
  },
  'ReluTraining.runEpoch': {
    call: (options) => new locus.ReluTraining({ architecture }).runEpoch(set, set, options),
    valid: watch,
    allowed: watched,
    works: true,
  },
  evaluateRelu: {
    call: (options) => locus.evaluateRelu(reluNetwork, architecture, set, options),
    valid: watching,
    allowed: { onProgress: functions },
  },
  'SbsTraining.runStep': {
    call: (options) => sbs().runStep(options),
    valid: watch,
    allowed: watched,
    works: true,
  },
  'SbsTraining.test': {
    call: (options) => sbs().test(set, options),
    valid: { ...watch, batchSize: 2 },
    allowed: watched,
    works: true,
  },
  saveSbsFiles: {
    call: (options) => locus.saveSbsFiles({ sbsLayers: new Map() } as never, options, 1, () => ({}) as never),
    valid: { weights: 'folder', epsilonXy: 'folder' },
    allowed: { weights: names, epsilonXy: names },
  },
  loadSbsFiles: {
    call: (options) => locus.loadSbsFiles({ sbsLayers: new Map() } as never, options, 1),
    valid: { weights: 'folder', epsilonXy: 'folder' },
    allowed: { weights: names, epsilonXy: names },
    works: true,
  },
  convert: {
    call: (options) => locus.convert(reluNetwork, options),
    valid: {
      normalization: 'data',
      percentile: 99,
      trainData: set,
      threshold: 1,
      reset: 'zero',
      balance: 'weights',
      normalizeOutput: true,
      inputShape: [1, 6, 6],
    },
    allowed: { normalizeOutput: flags },
  },
  ConvertedNetwork: {
    call: (options) => new locus.ConvertedNetwork(options),
    valid: {
      inputShape: converted.inputShape,
      reset: converted.reset,
      layers: converted.layers,
      scales: converted.scales,
    },
    allowed: { scales: ['nothing'] },
  },
  'ConvertedNetwork.run': {
    call: (options) => converted.run(set, options),
    valid: run,
    allowed: looseRun,
  },
  'ConvertedNetwork.build': {
    call: (options) => converted.build(options).simulation,
    valid: { dt: 1, engine: 'reference', threads: 1 },
  },
  'ConvertedNetwork.makeTally': {
    call: (options) => converted.makeTally(3, options),
    valid: run,
    allowed: { ...looseRun, engine: names },
  },
  'ConvertedNetwork.countSpikes': {
    call: (options) => converted.countSpikes(set, 'output', options),
    valid: run,
    allowed: looseRun,
  },
  compareRates: {
    call: (options) => locus.compareRates(reluNetwork, converted, 'output', set, options),
    valid: run,
    allowed: looseRun,
  },
  SpikeTally: {
    call: (options) => new locus.SpikeTally(options),
    valid: { nImages: 2, times: Float64Array.of(1), layers: ['input', 'output'], nClasses: 2 },
  },
};

const figure = { title: 'A title' };
const looseFigure = { title: texts };
const stored = { database: 'no-such-database.sqlite', dataDir: 'data' };
const looseStored = { database: names, dataDir: names };
const classify = { ...watching, images: 2, noise: 0.1 };
const robustness = { ...watching, images: 2, levels: [0, 0.1] };
const images = { ...figure, images: 2, signal };
/** Options are read before anything of the network is. */
const deep = {
  type: 'NNMF',
  name: 'example',
  unit: 'epoch',
  history: [],
  weights: [],
  network: { layers: [{ name: 'output' }] },
};
const method =
  (of: object, name: string, ...before: unknown[]) =>
  (options: never): unknown =>
    (Reflect.get(of, name) as (...given: unknown[]) => unknown).call(deep, ...before, options);
const layered = (name: string, ...before: unknown[]) =>
  method(locus.LayeredNetwork.prototype, name, ...before);
const model = (name: string, ...before: unknown[]) => method(locus.ConvertedModel.prototype, name, ...before);

/** Networks out of the database: there is none, so no valid call is made. */
export const storedCases: Readonly<Record<string, OptionCase>> = {
  LayeredNetwork: {
    call: (options) => new locus.LayeredNetwork({ parameters: {} } as never, {} as never, options),
    valid: stored,
    allowed: looseStored,
    works: true,
  },
  'LayeredNetwork.infer': {
    call: layered('infer', set),
    valid: watching,
    allowed: watched,
    works: true,
  },
  'LayeredNetwork.calculateAccuracy': {
    call: layered('calculateAccuracy'),
    valid: classify,
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'LayeredNetwork.robustness': {
    call: layered('robustness'),
    valid: robustness,
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'LayeredNetwork.report': { call: layered('report'), valid: { label: 3, index: 0 }, works: true },
  'LayeredNetwork.trainingCurvesFigure': {
    call: layered('trainingCurvesFigure'),
    valid: figure,
    allowed: looseFigure,
    works: true,
  },
  'LayeredNetwork.layerWeightsFigure': {
    call: layered('layerWeightsFigure'),
    valid: { ...figure, layer: 0 },
    allowed: looseFigure,
    works: true,
  },
  'LayeredNetwork.reconstructionFigure': {
    call: layered('reconstructionFigure'),
    valid: { ...figure, label: 3, index: 0, classNames: ['a'] },
    allowed: { ...looseFigure, classNames: ['nothing'] },
    works: true,
  },
  'LayeredNetwork.robustnessFigure': {
    call: layered('robustnessFigure'),
    valid: { ...figure, ...robustness },
    allowed: { ...looseFigure, ...watched },
    former: formerImages,
    works: true,
  },
  loadLayeredNetwork: {
    call: (options) => locus.loadLayeredNetwork('example', options),
    valid: stored,
    allowed: looseStored,
    works: true,
  },
  ConvertedModel: {
    call: (options) => new locus.ConvertedModel({} as never, options),
    valid: stored,
    allowed: looseStored,
    works: true,
  },
  'ConvertedModel.accuracyByTimeFigure': {
    call: model('accuracyByTimeFigure'),
    valid: figure,
    allowed: looseFigure,
    works: true,
  },
  'ConvertedModel.ratesByActivation': {
    call: model('ratesByActivation', 'output'),
    valid: { ...watching, images: 2 },
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'ConvertedModel.accuracyByRateAndThreshold': {
    call: model('accuracyByRateAndThreshold'),
    valid: { images: 2, signal, rates: [10], thresholds: [1], onProgress: () => 0 },
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'ConvertedModel.ratesByActivationFigure': {
    call: model('ratesByActivationFigure'),
    valid: { ...images, layer: 'output', onProgress: () => 0 },
    allowed: { ...looseFigure, ...watched, layer: names },
    former: formerImages,
    works: true,
  },
  'ConvertedModel.rateThresholdFigure': {
    call: model('rateThresholdFigure'),
    valid: { ...images, rates: [10], thresholds: [1], onProgress: () => 0 },
    allowed: { ...looseFigure, ...watched },
    former: formerImages,
    works: true,
  },
  loadConvertedModel: {
    call: (options) => locus.loadConvertedModel('example', options),
    valid: stored,
    allowed: looseStored,
    works: true,
  },
  loadReluModel: {
    call: (options) => locus.loadReluModel('example', options),
    valid: { database: stored.database },
    allowed: looseStored,
    works: true,
  },
};
