/** Networks of the published table, their figures and the database with all of their options. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import * as locus from '../../src/index.js';
import {
  flags,
  formerBatch,
  formerDatabase,
  formerImages,
  formerReadout,
  functions,
  names,
  type OptionCase,
  signed,
  texts,
  type WrongName,
} from './option-case.js';

const folder = mkdtempSync(join(tmpdir(), 'locus-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const database = join(folder, 'networks.sqlite');
const signal = new AbortController().signal;
const watching = { onProgress: () => 0, signal };

const parameters = { nFilters: 2, kernelSize: 4, stride: 4, crop: 8, timeMax: 20 };
const make = (options: object = {}) =>
  new locus.LC_SNN({ ...parameters, engine: 'reference', threads: 1, database, ...options });
const network = make();
const competing = make({ cL: true, APos: -0.1, ANeg: -0.09 });
const picture = 'test/fixtures/pictures/white-on-transparent.png';
const fed = await network.feed(new Uint8Array(64).fill(255));
network.save();
const stored = network.name;

const snn = {
  engine: 'reference',
  threads: 1,
  gpuBatch: 1,
  dataset: 'mnist-10k',
  dataDir: folder,
  database,
};
/** What the kinds of deep networks share. */
const ofSet = { train: 10, test: 10, seed: 1, dataDir: folder, database, threads: 1 };
const ofKind = { ...ofSet, dataset: 'no-such-data' };
const looseKind = { dataset: names, dataDir: names, database: names };
const looseSnn = { dataDir: names, database: names };
const all = {
  ...snn,
  ...locus.defaultParameters('LC_SNN'),
  cL: true,
  APos: -0.1,
  ANeg: -0.09,
  weightDecay: 0,
  cWMin: -200,
};
const looseAll = {
  ...looseSnn,
  cW: signed,
  cWMin: [...signed, '-Infinity'],
  cWMax: [...signed, 'Infinity'],
  cL: flags,
  APos: signed,
  ANeg: signed,
  weightDecay: ['negative', 'null'],
  neuron: ['null'],
  rule: ['null'],
  nuPre: signed,
  nuPost: signed,
  tcThetaDecay: ['Infinity'],
} as const;

const watch = {
  ...watching,
  checkpoint: 10,
  observer: { begin: () => 0, nextLook: () => 1, count: () => 0, look: () => undefined },
  plot: false,
  visInterval: 10,
  onHealth: () => 0,
  healthInterval: 10,
};
const looseWatch = { onProgress: functions, onHealth: functions, plot: flags };
const plan = { nIter: 1, interval: [0, 5], shuffle: true, batchSize: 1 };
const loosePlan = { ...looseWatch, shuffle: flags };
const watched = { onProgress: functions };

const importing = { database, overwrite: false, repairVotes: true, dropOutside: true };
const looseImporting = { database: names, overwrite: flags, repairVotes: flags, dropOutside: flags };

const title = { title: 'A title' };
/** A method that draws; `own` are its options besides those of all figures. */
const draw = (
  name: string,
  own: Record<string, unknown> = {},
  allowed: Record<string, readonly WrongName[]> = {},
  ...before: unknown[]
): [string, OptionCase] => [
  `Snn.${name}`,
  {
    call: (options) =>
      (Reflect.get(competing, name) as (...args: unknown[]) => unknown).call(competing, ...before, options),
    valid: { ...title, ...own },
    allowed: { title: texts, ...allowed },
    former: 'images' in own ? formerImages : {},
    works: true,
  },
];

const at = { database };
const looseAt = { database: names };

export const publishedCases: Readonly<Record<string, OptionCase>> = {
  LC_SNN: {
    call: (options) => new locus.LC_SNN(options),
    valid: all,
    allowed: looseAll,
    former: formerBatch,
    noun: 'parameter',
  },
  C_SNN: {
    call: (options) => new locus.C_SNN(options),
    valid: all,
    allowed: looseAll,
    former: formerBatch,
    noun: 'parameter',
  },
  FC_SNN: {
    call: (options) => new locus.FC_SNN(options),
    valid: { ...all, kernelSize: all.crop },
    allowed: looseAll,
    former: formerBatch,
    noun: 'parameter',
  },
  'Snn.train': {
    call: (options) => make().train(options),
    valid: { ...watch, ...plan },
    allowed: loosePlan,
    works: true,
  },
  'Snn.trainTwoSteps': {
    call: (options) => competing.trainTwoSteps(options),
    valid: { ...watch, ...plan, nIterCompetition: 1 },
    allowed: loosePlan,
    works: true,
  },
  'Snn.continueTraining': {
    call: (options) => make().continueTraining(options),
    valid: watch,
    allowed: looseWatch,
    works: true,
  },
  'Snn.identityAfter': {
    call: (options) => make({ dataset: 'mnist-10k' }).identityAfter(options),
    valid: { ...watch, ...plan, nIterCompetition: 1 },
    allowed: loosePlan,
  },
  'Snn.nameAfter steps': {
    call: (options) => make({ dataset: 'mnist-10k' }).nameAfter({ nIter: 1 }, options),
    valid: { twoSteps: false },
    allowed: { twoSteps: flags },
    works: true,
  },
  'Snn.calibrate': {
    call: (options) => make().calibrate(options),
    valid: { ...watching, images: 1, linear: false },
    allowed: { ...watched, linear: flags },
    former: formerReadout,
    works: true,
  },
  'Snn.calibrateLc': {
    call: (options) => make().calibrateLc(options),
    valid: { ...watching, images: 1, linear: false },
    allowed: { ...watched, linear: flags },
    former: formerReadout,
    works: true,
  },
  'Snn.calculateAccuracy': {
    call: (options) => make().calculateAccuracy(options),
    valid: { ...watching, images: 1, method: 'all' },
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'Snn.validate': {
    call: (options) => make().validate(options),
    valid: { ...watching, nCalibrate: 1, nTest: 1, linear: false },
    allowed: { ...watched, linear: flags },
    former: { lc: 'linear' },
    works: true,
  },
  'Snn.health': {
    call: (options) => make().health(options),
    valid: { ...watching, images: 1, before: { weights: network.weightsXY.data, nImages: 1 } },
    allowed: watched,
    former: formerImages,
    works: true,
  },
  'Snn.countSpikes': {
    call: (options) => network.countSpikes([], options),
    valid: watching,
    allowed: watched,
  },
  'Snn.feedLabel': { call: (options) => network.feedLabel(3, options), valid: { index: 0 }, works: true },
  'Snn.feed': {
    call: (options) => network.feed(new Uint8Array(64), options),
    valid: { label: 3, item: 0 },
    allowed: { label: ['null'] },
  },
  'Snn.feedImage': {
    call: (options) => network.feedImage(picture, options),
    valid: { invert: true },
    allowed: { invert: flags },
  },
  loadImage: {
    call: (options) => locus.loadImage(picture, 8, options),
    valid: { invert: true },
    allowed: { invert: flags },
  },
  'Snn.save': {
    call: (options) => make().save(options),
    valid: { overwrite: true },
    allowed: { overwrite: flags },
  },
  'Snn.report': { call: (options) => network.report(options), valid: { label: 3, index: 0 }, works: true },
  ...Object.fromEntries([
    draw('accuracyByTopNFigure', { ...watching, images: 1 }, watched),
    draw('accuracyByTrainingFigure', { database }, { database: names }),
    draw('bestSpikesFigure', { dt: 1, perPosition: 1 }, {}, fed),
    draw(
      'bestVotersFigure',
      { dt: 1, perPosition: 1, label: 3, classNames: ['a'] },
      { label: ['null'], classNames: ['nothing'] },
      fed,
    ),
    draw('competitionDistributionFigure', { bins: 5 }),
    draw(
      'healthFigure',
      { ...watching, images: 1, before: { weights: new Float32Array(1), nImages: 1 } },
      watched,
    ),
    draw('inputFigure', { classNames: ['a'] }, { classNames: ['nothing'] }, fed),
    draw('spikesFigure', {}, {}, fed),
    draw('stdpWindowFigure', { of: 'yy' }),
    draw('voltageFigure', {}, {}, fed, 0),
    draw('weightsXYFigure'),
    draw('weightsYYFigure'),
  ]),
  loadNetwork: {
    call: (options) => locus.loadNetwork(stored, options),
    valid: snn,
    allowed: looseSnn,
    former: formerBatch,
    works: true,
  },
  resumeTraining: {
    call: (options) => locus.resumeTraining('none', options),
    valid: snn,
    allowed: { ...looseSnn, engine: names },
    former: formerBatch,
    works: true,
  },
  importNetwork: {
    call: (options) => locus.importNetwork(folder, options),
    valid: importing,
    allowed: looseImporting,
    works: true,
  },
  importNetworks: {
    call: (options) => locus.importNetworks(folder, options),
    valid: { ...importing, ...watching },
    allowed: { ...looseImporting, ...watched },
    works: true,
  },
  'trainNetwork NNMF': {
    call: (options) => locus.trainNetwork('NNMF', options),
    valid: {
      ...ofKind,
      iterations: 2,
      epsilon: 0.1,
      positiveFunction: 1,
      beta: 0.5,
      localLearning: false,
      localLearningKl: false,
      mlpEquivalent: false,
      epochs: 1,
      checkpoint: 100,
      batchSize: 10,
      lossMode: 1,
      rates: [0.1, 0.1, 0.1],
      rateDecay: 0.5,
    },
    allowed: {
      ...looseKind,
      epsilon: signed,
      beta: signed,
      localLearning: flags,
      localLearningKl: flags,
      mlpEquivalent: flags,
    },
    works: true,
  },
  'trainNetwork ReLU': {
    call: (options) => locus.trainNetwork('ReLU', options),
    valid: {
      ...ofKind,
      network: '784-10-10',
      dropout: 0.5,
      inputDropout: 0,
      epochs: 1,
      checkpoint: 100,
      batchSize: 10,
      optimizer: 'adam',
      rate: 0.1,
      rateDecay: 0.5,
      momentum: 0.5,
      shift: 1,
    },
    allowed: { ...looseKind, network: names },
    works: true,
  },
  'trainNetwork SBS': {
    call: (options) => locus.trainNetwork('SBS', options),
    valid: { ...ofSet, config: 'no-such-config.json', steps: 1 },
    allowed: { ...looseKind, config: names },
    works: true,
  },
  'trainNetwork ReLU_SNN': {
    call: (options) => locus.trainNetwork('ReLU_SNN', options),
    valid: {
      ...ofKind,
      ann: 'dense',
      npy: folder,
      network: '784-10-10',
      engine: 'reference',
      normalization: 'none',
      percentile: 99,
      normalizeOutput: false,
      balance: 'weights',
      threshold: 1,
      reset: 'zero',
      input: 'poisson',
      maxRate: 100,
      dt: 1,
      duration: 10,
      checkpoint: 100,
    },
    allowed: {
      ...looseKind,
      ann: names,
      npy: names,
      network: names,
      engine: names,
      normalizeOutput: flags,
    },
    works: true,
  },
  trainNetwork: {
    call: (options) => locus.trainNetwork('LC_SNN', {}, options),
    valid: {
      ...watching,
      database,
      name: 'example',
      overwrite: false,
      resume: 'stored',
      resumeHint: 'again',
      onNote: () => 0,
    },
    allowed: {
      ...watched,
      onNote: functions,
      database: names,
      name: names,
      overwrite: flags,
      resume: flags,
      resumeHint: texts,
    },
    works: true,
  },
  bestAvgSpikes: {
    call: (options) => locus.bestAvgSpikes(options),
    valid: { APos: -0.1, ANeg: -0.09, tauPos: 20, tauNeg: 20, timeMax: 250, dt: 1 },
    allowed: { APos: signed, ANeg: signed },
  },
  viewDatabase: {
    call: (options) => locus.viewDatabase(options),
    valid: { ...at, filter: { n_filters: 2 }, sort: 'name', limit: 5, columns: 'compact' },
    allowed: { ...looseAt, filter: ['object'] },
    former: formerDatabase,
    works: true,
  },
  viewNetwork: {
    call: (options) => locus.viewNetwork(stored, options),
    valid: at,
    allowed: looseAt,
    former: formerDatabase,
    works: true,
  },
  viewAncestors: {
    call: (options) => locus.viewAncestors(stored, options),
    valid: at,
    allowed: looseAt,
    former: formerDatabase,
    works: true,
  },
  diffNetworks: {
    call: (options) => locus.diffNetworks(stored, stored, options),
    valid: at,
    allowed: looseAt,
    former: formerDatabase,
    works: true,
  },
  deleteNetwork: {
    call: (options) => locus.deleteNetwork('none', options),
    valid: at,
    allowed: looseAt,
    former: formerDatabase,
    works: true,
  },
  renameNetwork: {
    call: (options) => locus.renameNetwork('none', 'other', options),
    valid: at,
    allowed: looseAt,
    former: formerDatabase,
    works: true,
  },
  cleanDatabase: {
    call: (options) => locus.cleanDatabase(options),
    valid: { ...at, dropCorrupt: false },
    allowed: { ...looseAt, dropCorrupt: flags },
    former: formerDatabase,
    works: true,
  },
  plotDatabase: {
    call: (options) => locus.plotDatabase(options),
    valid: { ...at, ...title, filter: {}, sort: 'name', limit: 5 },
    allowed: { ...looseAt, title: texts, filter: ['object'] },
    former: formerDatabase,
    works: true,
  },
  openStore: {
    call: (options) => locus.openStore(database, options).close(),
    valid: { readonly: true, seedFrom: database, busyTimeout: 10, journal: 'wal', now: () => new Date(0) },
    allowed: { readonly: flags, seedFrom: names, now: functions },
  },
  'NetworkStore.list': {
    call: (options) => withStore((store) => store.list(options)),
    valid: { filter: { n_filters: 2 }, sort: 'name', limit: 5 },
    allowed: { filter: ['object'] },
  },
  'NetworkStore.clean': {
    call: (options) => withStore((store) => store.clean(options)),
    valid: { dropCorrupt: false, check: () => undefined },
    allowed: { dropCorrupt: flags, check: functions },
  },
  'NetworkStore.save': {
    call: (options) => withStore((store) => store.save(network.toRecord(), options)),
    valid: { overwrite: true, finishes: 'example', replaces: 'example' },
    allowed: { overwrite: [...flags, ...functions], finishes: names, replaces: [...names, 'null'] },
  },
  'NetworkStore.exportNetworks': {
    call: (options) =>
      withStore((store) => store.exportNetworks([stored], join(folder, 'export.sqlite'), options)),
    valid: { overwrite: true },
    allowed: { overwrite: flags },
  },
};

function withStore(action: (store: locus.NetworkStore) => unknown): void {
  const store = locus.openStore(database);
  try {
    action(store);
  } finally {
    store.close();
  }
}
