/** Networks, layers, connections, rules, monitors, engines and encoders with all of their options. */
import { listShelf, type ShelfEntry } from '../../src/core/shelf.js';
import * as locus from '../../src/index.js';
import {
  endless,
  flags,
  formerBatch,
  functions,
  names,
  type OptionCase,
  signed,
  texts,
} from './option-case.js';

const layer = { shape: 4, tcTracePre: 20, tcTracePost: 20 };
const neurons = { ...layer, rest: -65, reset: -65, thresh: 10, lowest: -90, refrac: 5, resetBy: 'zero' };
const endlessTraces = { tcTracePre: endless, tcTracePost: endless };
const voltages: OptionCase['allowed'] = {
  ...endlessTraces,
  rest: signed,
  reset: signed,
  thresh: signed,
  lowest: ['-Infinity', 'negative'],
};

const synapses = {
  w: { uniform: [0, 0.3] },
  rule: new locus.NoOp(),
  synapse: new locus.TsodyksMarkram(),
  wMin: 0,
  wMax: 1,
  norm: 2,
  normalizeInitially: false,
  into: 'input',
  delay: { uniform: [1, 3] },
  mask: [1, 0],
  sign: 1,
  bias: 0.5,
};
const looseSynapses = {
  w: signed,
  // Lists are counted when it is wired.
  wMin: ['-Infinity', 'negative', 'nothing'],
  wMax: [...endless, 'nothing'],
  normalizeInitially: flags,
  // Whether there is such an input, and as many weights, is seen when it is wired.
  into: names,
  // How many they must be, is seen when it is wired.
  delay: ['nothing'],
  mask: ['nothing'],
  sign: ['nothing'],
  bias: signed,
} as const;
const window = { kernelSize: 2, stride: 1, padding: 0 };
const kernels = { ...synapses, ...window, dilation: 1, normalizeOver: 'channel' };
const pooling = { ...window, dilation: 1, channels: 2, into: 'input', delay: 1 };

const makeNetwork = (options: object = {}) =>
  new locus.Network(options)
    .addLayer('X', new locus.Input({ shape: 1 }))
    .addLayer('Y', new locus.LIF({ shape: 1 }))
    .addConnection('X', 'Y', new locus.Connection());
const prepare = (engine: string) => (options: never) =>
  locus.getEngine(engine).prepare(makeNetwork().compile(), options).dispose();
const engine = { call: prepare('wasm'), valid: { threads: 1, gpuBatch: 8 }, former: formerBatch };
const spikes = locus.spikeTrainFromEvents([0], [0], 2, 1);
const someCounts = locus.packSpikeCounts(Uint16Array.of(1), { nFilters: 1, nPositions: 1 });
const readout = locus.Readout.fit(someCounts, Uint8Array.of(0), { method: 'allActivity' });

const present = async (options: never) => {
  const network = makeNetwork({ engine: 'reference' });
  await network.simulation.present({ layer: 0, count: 1, steps: 2, spikes: () => spikes }, options);
};

const encoding = {
  time: 5,
  dt: 1,
  intensity: 100,
  maxProbability: 0.5,
  threshold: 0.5,
  seed: 1,
  purpose: 'user',
  item: 2,
};
const encoderCases = Object.fromEntries(
  Object.entries(locus.encoders).map(([name, encode]): [string, OptionCase] => [
    name,
    { call: (options) => encode([0, 0.5, 1], options), valid: encoding, allowed: { threshold: signed } },
  ]),
);

/** Everything public of a kind that is defined by equations, by name. */
function onShelf<Class>(kind: ShelfEntry['kind']): [string, Class][] {
  const names = new Set(listShelf().flatMap((entry) => (entry.kind === kind ? [entry.definition.name] : [])));
  return Object.entries(locus).flatMap(([name, each]): [string, Class][] =>
    names.has(name) ? [[name, each as Class]] : [],
  );
}

/** A parameter is any number that float32 can hold. */
const parametersOf = ({ parameters = {} }: { readonly parameters?: object }) => {
  const names = Object.keys(parameters);
  return {
    valid: Object.fromEntries(names.map((name) => [name, 1])),
    allowed: Object.fromEntries(names.map((name) => [name, ['Infinity', '-Infinity', 'negative'] as const])),
  };
};

const neuronCases = Object.fromEntries(
  onShelf<typeof locus.AdEx>('neuron').map(([name, Model]): [string, OptionCase] => {
    const { kernels = {}, select } = Model.definition;
    const { valid, allowed } = parametersOf(Model.definition);
    return [
      name,
      {
        call: (options) => new Model(options),
        valid: {
          ...layer,
          ...valid,
          ...Object.fromEntries(Object.keys(kernels).map((kernel) => [kernel, [1]])),
          ...(select && { select: 'all' }),
        },
        allowed: { ...endlessTraces, ...allowed },
      },
    ];
  }),
);

const kernelCases = Object.fromEntries(
  Object.entries(locus.csrmKernels).map(([name, kernel]): [string, OptionCase] => {
    const isEta = name === 'EtaKernel';
    return [
      `csrmKernels ${name}`,
      {
        call: (options) => kernel(options),
        valid: { steps: 20, tau: 3, dt: 1, ...(isEta && { drop: 5 }) },
        allowed: isEta ? { drop: signed } : {},
      },
    ];
  }),
);

/** `PostPre` has options of its own. */
const ruleCases = Object.fromEntries(
  onShelf<typeof locus.Hebbian>('rule')
    .filter(([name]) => name !== 'PostPre')
    .map(([name, Rule]): [string, OptionCase] => {
      const { valid, allowed } = parametersOf(Rule.definition);
      const [trace] = Object.keys(Rule.definition.traces ?? {});
      return [
        name,
        {
          call: (options) => new Rule(options),
          valid: { ...valid, traces: { [trace]: { mode: 'add' } }, reduction: 'sum' },
          allowed: { ...allowed, traces: ['object'] },
        },
      ];
    }),
);

const synapseCases = Object.fromEntries(
  onShelf<typeof locus.TsodyksMarkram>('synapse').map(([name, Synapse]): [string, OptionCase] => [
    name,
    { call: (options) => new Synapse(options), ...parametersOf(Synapse.definition) },
  ]),
);

const synapseDefinition = {
  name: 'Own',
  about: 'a synapse model',
  source: 'a paper',
  parameters: { U: 1 },
  state: { x: 1 },
  neurons: { v: { of: 'target', variable: 'v' } },
  step: 'here = 1',
  onSource: 'there = 2',
  send: 'w',
  each: 'step',
};

const ruleDefinition = {
  name: 'Own',
  about: 'a rule',
  source: 'a paper',
  parameters: { nu: 1 },
  traces: { x: { of: 'source', tc: '20', mode: 'add', scale: '1', reads: 'before' } },
  synapse: { e: 0 },
  persistent: ['e'],
  neurons: { v: { of: 'target', variable: 'v' } },
  signals: ['reward'],
  onStep: 'e = e',
  onSource: 'w -= 1',
  onTarget: 'w += 1',
  end: 'w = w',
};

const definition = {
  name: 'Own',
  about: 'a model',
  source: 'a paper',
  parameters: { unused: [-65, 'mV'] },
  kernels: { last: [1] },
  state: { v: [0, 'mV'] },
  persistent: ['v'],
  input: 'mV',
  inputs: undefined,
  step: 'v += input',
  derivatives: { v: '-v / dt' },
  method: 'exact',
  spike: 'v > 1',
  emit: undefined,
  reset: 'v = 0',
  end: 'v = v',
  refractory: { period: '5' },
  select: 'one-of-layer',
};

const zoo = { dt: 1, seed: 0, propagation: 'next-step', engine: 'wasm', threads: 1, gpuBatch: 8 };
const stdp = { nu: [1e-4, 1e-2], wMin: 0, wMax: 1, norm: 10, reduction: 'sum' };
const adaptive = { thetaPlus: 0.05, tcThetaDecay: 1e7, oneSpike: true };
const looseZoo = {
  // Whether there is such an engine is seen when it runs.
  engine: names,
  wMin: ['-Infinity', 'negative'],
  wMax: endless,
  tcThetaDecay: endless,
  oneSpike: flags,
} as const;
const looseOf = (valid: object): OptionCase['allowed'] =>
  Object.fromEntries(Object.entries(looseZoo).filter(([name]) => Object.hasOwn(valid, name)));
const zooCase = (
  Model: new (options: never) => unknown,
  valid: object,
  allowed: object = {},
): OptionCase => ({
  call: (options) => new Model(options),
  valid: { ...zoo, ...valid },
  allowed: { ...looseOf({ ...zoo, ...valid }), ...allowed },
});

const zooCases: Readonly<Record<string, OptionCase>> = {
  DiehlAndCook2015: zooCase(locus.DiehlAndCook2015, {
    ...stdp,
    ...adaptive,
    inputShape: 9,
    nNeurons: 4,
    exc: 22.5,
    inh: 120,
  }),
  DiehlAndCook2015v2: zooCase(locus.DiehlAndCook2015v2, {
    ...stdp,
    ...adaptive,
    inputShape: 9,
    nNeurons: 4,
    inh: 120,
  }),
  TwoLayerNetwork: zooCase(locus.TwoLayerNetwork, { ...stdp, inputShape: 9, nNeurons: 4 }),
  IncreasingInhibitionNetwork: zooCase(locus.IncreasingInhibitionNetwork, {
    ...stdp,
    ...adaptive,
    inputShape: 9,
    nNeurons: 4,
    startInhib: 1,
    maxInhib: 10,
  }),
  LocallyConnectedNetwork: zooCase(locus.LocallyConnectedNetwork, {
    ...stdp,
    ...adaptive,
    inputShape: [6, 6],
    kernelSize: 3,
    stride: 1,
    nFilters: 4,
    inh: 25,
  }),
  PooledLocalNetwork: zooCase(
    locus.PooledLocalNetwork,
    {
      nu: [1e-4, 1e-2],
      reduction: 'sum',
      wMin: 0,
      inputShape: [6, 6],
      kernelSize: [3, 2],
      stride: [1, 1],
      nFilters: [4, 3],
      poolSize: 2,
      inh: [25, 25],
      norm: [0.2, 1],
      thetaPlus: 0.05,
      tcThetaDecay: 1e7,
    },
    // Its weights have no upper bound.
    { wMin: ['-Infinity', 'Infinity', 'negative'] },
  ),
  Reservoir: zooCase(
    locus.Reservoir,
    {
      inputShape: 9,
      nNeurons: 4,
      inputDeviation: 1,
      recurrentDeviation: 0.5,
      thresh: -52,
      threshDeviation: 1,
    },
    { thresh: signed },
  ),
  CueAndReward: zooCase(locus.CueAndReward, { nCues: 2, nInputs: 4, nu: 0.3 }, { nu: signed }),
};

export const networkCases: Readonly<Record<string, OptionCase>> = {
  ...zooCases,
  ...neuronCases,
  ...ruleCases,
  RewardPrediction: { call: (options) => new locus.RewardPrediction(options), valid: { window: 5 } },
  defineRule: {
    call: (options) => locus.defineRule(options),
    valid: ruleDefinition,
    // A list without names is one, as is an object without any.
    allowed: {
      about: names,
      source: names,
      parameters: ['object'],
      traces: ['object'],
      persistent: ['nothing'],
      neurons: ['object'],
      signals: ['nothing'],
    },
  },
  ...synapseCases,
  defineSynapse: {
    call: (options) => locus.defineSynapse(options),
    valid: synapseDefinition,
    // A number is an expression, an object without names a list of none.
    allowed: {
      about: names,
      source: names,
      parameters: ['object'],
      state: ['object'],
      neurons: ['object'],
      send: ['number'],
    },
  },
  ...kernelCases,
  defineNeuron: {
    call: (options) => locus.defineNeuron(options),
    valid: definition,
    // A list without names is one, as is an object.
    allowed: {
      about: names,
      source: names,
      parameters: ['object'],
      kernels: ['object'],
      persistent: ['nothing'],
      spike: ['number'],
    },
  },
  Input: {
    call: (options) => new locus.Input(options),
    valid: { shape: [2, 3], tcTrace: 20 },
    allowed: { tcTrace: endless },
  },
  SpikeSource: {
    call: (options) => new locus.SpikeSource(options),
    valid: { shape: 2, spikes: [[0, 1.5], []], tcTrace: 20 },
    allowed: { tcTrace: endless },
  },
  IF: { call: (options) => new locus.IF(options), valid: neurons, allowed: voltages },
  LIF: {
    call: (options) => new locus.LIF(options),
    valid: { ...neurons, tcDecay: 100 },
    allowed: { ...voltages, tcDecay: endless },
  },
  AdaptiveLIF: {
    call: (options) => new locus.AdaptiveLIF(options),
    valid: { ...neurons, tcDecay: 100, thetaPlus: 0.05, tcThetaDecay: 1e6, thetaDecay: 'exact' },
    allowed: { ...voltages, tcDecay: endless, tcThetaDecay: endless },
  },
  Connection: {
    call: (options) => new locus.Connection(options),
    valid: synapses,
    allowed: looseSynapses,
  },
  OneToOneConnection: {
    call: (options) => new locus.OneToOneConnection(options),
    valid: synapses,
    allowed: looseSynapses,
  },
  SparseConnection: {
    // Pairs are listed, or drawn and chosen.
    call: (options: locus.SparseParameters) => {
      if (!options?.pairs) return new locus.SparseConnection(options);
      const { pairs, ...drawn } = options;
      const listed = { ...drawn, pairs, probability: undefined, condition: undefined };
      return [new locus.SparseConnection(drawn), new locus.SparseConnection(listed)];
    },
    valid: { ...synapses, probability: 0.5, condition: () => true, pairs: [[0, 0]] },
    allowed: { ...looseSynapses, condition: ['function'], pairs: ['nothing', 'list'] },
  },
  AllButOwnConnection: {
    call: (options) => new locus.AllButOwnConnection(options),
    valid: synapses,
    allowed: looseSynapses,
  },
  LateralConnection: {
    call: (options) => new locus.LateralConnection(options),
    valid: synapses,
    allowed: looseSynapses,
  },
  SynapticConnection: {
    call: (options) => {
      class Own extends locus.SynapticConnection {
        wire = (): never => {
          throw new Error('not laid out');
        };
      }
      return new Own(options, 'Own');
    },
    valid: synapses,
    allowed: looseSynapses,
  },
  LocalConnection: {
    call: (options) => new locus.LocalConnection(options),
    valid: kernels,
    allowed: looseSynapses,
  },
  Local1dConnection: {
    call: (options) => new locus.Local1dConnection(options),
    valid: kernels,
    allowed: looseSynapses,
  },
  Local2dConnection: {
    call: (options) => new locus.Local2dConnection(options),
    valid: kernels,
    allowed: looseSynapses,
  },
  Local3dConnection: {
    call: (options) => new locus.Local3dConnection(options),
    valid: kernels,
    allowed: looseSynapses,
  },
  Conv1dConnection: {
    call: (options) => new locus.Conv1dConnection(options),
    valid: { ...kernels, updates: 'summed' },
    allowed: looseSynapses,
  },
  Conv2dConnection: {
    call: (options) => new locus.Conv2dConnection(options),
    valid: { ...kernels, updates: 'summed' },
    allowed: looseSynapses,
  },
  Conv3dConnection: {
    call: (options) => new locus.Conv3dConnection(options),
    valid: { ...kernels, updates: 'summed' },
    allowed: looseSynapses,
  },
  AvgPool1dConnection: {
    call: (options) => new locus.AvgPool1dConnection(options),
    valid: pooling,
    allowed: { into: names, delay: ['nothing'] },
  },
  AvgPool2dConnection: {
    call: (options) => new locus.AvgPool2dConnection(options),
    valid: pooling,
    allowed: { into: names, delay: ['nothing'] },
  },
  AvgPool3dConnection: {
    call: (options) => new locus.AvgPool3dConnection(options),
    valid: pooling,
    allowed: { into: names, delay: ['nothing'] },
  },
  MaxPool1dConnection: {
    call: (options) => new locus.MaxPool1dConnection(options),
    valid: { ...pooling, decay: 0.1, w: 2 },
    allowed: { into: names, w: signed, delay: ['nothing'] },
  },
  MaxPool2dConnection: {
    call: (options) => new locus.MaxPool2dConnection(options),
    valid: { ...pooling, decay: 0.1, w: 2 },
    allowed: { into: names, w: signed, delay: ['nothing'] },
  },
  MaxPool3dConnection: {
    call: (options) => new locus.MaxPool3dConnection(options),
    valid: { ...pooling, decay: 0.1, w: 2 },
    allowed: { into: names, w: signed, delay: ['nothing'] },
  },
  MeanFieldConnection: {
    call: (options) => new locus.MeanFieldConnection(options),
    valid: { w: 2, into: 'input', bias: 1 },
    allowed: { w: signed, into: names, bias: signed },
  },
  PadConnection: {
    call: (options) => new locus.PadConnection(options),
    valid: { padding: 1, w: 2, into: 'input' },
    allowed: { w: signed, into: names },
  },
  PermuteConnection: {
    call: (options) => new locus.PermuteConnection(options),
    valid: { order: [1, 2, 0], w: 2, into: 'input' },
    allowed: { w: signed, into: names },
  },
  LateralCompetition: {
    call: (options) => new locus.LateralCompetition(options),
    valid: { weight: -10, among: 'layer', into: 'input', delay: 1 },
    allowed: { weight: signed, into: names },
  },
  PostPre: {
    call: (options) => new locus.PostPre(options),
    valid: { nu: [1e-4, 1e-2], weightDecay: 0, relativeWeightDecay: 0, traces: {}, reduction: 'mean' },
    allowed: { weightDecay: signed, traces: ['object'] },
  },
  Monitor: {
    call: (options) => new locus.Monitor(options),
    valid: { variables: ['v'], indices: [0, 1], every: 2, last: 3, precision: 'double' },
    allowed: { indices: ['nothing'] },
  },
  Network: {
    call: (options) => makeNetwork(options).simulation,
    valid: {
      dt: 1,
      seed: 0,
      propagation: 'same-step',
      engine: 'reference',
      precision: 'double',
      threads: 2,
      gpuBatch: 4,
    },
    former: formerBatch,
  },
  networkFromDescription: {
    call: (options) => locus.networkFromDescription(makeNetwork().describe().json, options).simulation,
    valid: { arrays: {}, engine: 'reference', threads: 2, gpuBatch: 4 },
    allowed: { arrays: ['object'] },
  },
  saveNetwork: {
    call: (options) => locus.saveNetwork(makeNetwork(), options),
    valid: {
      name: 'mine',
      overwrite: true,
      database: 'no-such-folder/networks.db',
      readout,
      score: readout.score(someCounts, Uint8Array.of(0)),
      encoder: { time: 3 },
      notes: 'mine',
    },
    allowed: {
      name: names,
      overwrite: flags,
      database: names,
      encoder: ['object'],
      notes: texts,
    },
    works: true,
  },
  loadSavedNetwork: {
    call: (options) => locus.loadSavedNetwork('mine', options),
    valid: { database: 'no-such-folder/networks.db', engine: 'wasm', threads: 2, gpuBatch: 4 },
    allowed: { database: names, engine: names },
    works: true,
  },
  packSavedNetwork: {
    call: (options) => locus.packSavedNetwork('mine', options),
    valid: { database: 'no-such-folder/networks.db' },
    allowed: { database: names },
    works: true,
  },
  'Network.run': {
    call: (options) => makeNetwork().run({ X: spikes }, options),
    valid: {
      time: 2,
      learn: false,
      signals: {},
      draws: {},
      choices: {},
      currents: { Y: [1] },
      voltages: { Y: [1] },
      clamp: { Y: spikes },
      unclamp: { Y: spikes },
      onProgress: () => {},
      signal: new AbortController().signal,
    },
    // An object without names gives nothing to any layer.
    allowed: Object.fromEntries([
      ['learn', flags],
      ['onProgress', functions],
      ...['signals', 'draws', 'choices', 'currents', 'voltages', 'clamp', 'unclamp'].map((option) => [
        option,
        ['object'],
      ]),
    ]),
  },
  'Network.present': {
    call: (options) => makeNetwork({ engine: 'reference' }).present(Uint8Array.of(255), options),
    valid: {
      layer: 'X',
      time: 3,
      encoder: 'bernoulli',
      intensity: 100,
      maxProbability: 0.5,
      threshold: 0.5,
      seed: 1,
      purpose: 'user',
      from: 0,
      to: 2,
      order: [0],
      learn: false,
      count: 'Y',
      countEvery: 2,
      trains: ['Y'],
      signals: {},
      reset: true,
      batchSize: 1,
      onProgress: () => 0,
      signal: new AbortController().signal,
      onCounts: () => 0,
      checkpoint: { every: 1, save: () => {} },
      currents: { Y: [1] },
      voltages: { Y: [1] },
      clamp: {},
      unclamp: {},
    },
    allowed: {
      threshold: signed,
      reset: flags,
      // An object without names says nothing of any connection or layer, nor does an empty list.
      learn: ['true', 'object'],
      count: ['nothing'],
      trains: ['nothing'],
      signals: ['object'],
      onProgress: functions,
      onCounts: functions,
      ...Object.fromEntries(
        ['currents', 'voltages', 'clamp', 'unclamp'].map((option) => [option, ['object']]),
      ),
    },
  },
  'Network.setWeights': {
    call: (options) => makeNetwork().setWeights('X->Y', Float32Array.of(1), options),
    valid: { normalized: true },
    allowed: { normalized: flags },
  },
  getEngine: engine,
  'getEngine reference': { ...engine, call: prepare('reference') },
  'getEngine gpu-webasm': { ...engine, call: prepare('gpu-webasm') },
  'Simulation.present': {
    call: present,
    valid: {
      learn: false,
      count: 1,
      countEvery: 2,
      onCounts: () => 0,
      onSpikes: () => 0,
      onProgress: () => 0,
      signal: new AbortController().signal,
      batchSize: 1,
    },
    allowed: { learn: flags, onCounts: functions, onSpikes: functions, onProgress: functions },
  },
  ...encoderCases,
};
