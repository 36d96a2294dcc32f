/** Readout, figures, reports, data sets, experiments and files of arrays with all of their options. */
import * as locus from '../../src/index.js';
import * as results from '../../src/figures/example-results.js';
import { makeFolder } from '../support/make-folder.js';
import { functions, names, type OptionCase, signed, texts, type WrongName } from './option-case.js';

const grid = { nFilters: results.nFilters, nPositions: results.nPositions };
const counts = locus.packSpikeCounts(
  Uint16Array.from(results.scatterValues(4 * results.nNeurons, 9), (value) => 9 * value),
  grid,
);
const labels = Uint8Array.of(0, 1, 0, 1);
const signal = new AbortController().signal;
const score = { accuracy: 0.5, error: 0.1 };
const points = [{ x: 1, scores: { lc: score } }];
const health = {
  counts,
  timeMax: 250,
  weights: results.weightsLC.data,
  wMin: 0,
  wMax: 1,
  theta: results.scatterValues(results.nNeurons, 8),
  before: { weights: results.weightsLC.data, nImages: 10 },
};

const title = { title: 'A title' };
/** A figure whose options are those of all figures and `own`. */
const figure = (
  call: (options: never) => unknown,
  own: Record<string, unknown> = {},
  allowed: Record<string, readonly WrongName[]> = {},
): OptionCase => ({ call, valid: { ...title, ...own }, allowed: { title: texts, ...allowed } });

const point = { x: 1, loss: 1, trainCorrect: 0.5, testCorrect: null };
const dataDir = { dataDir: 'no-such-folder' };
const experiment = {
  runs: 1,
  seed: 0,
  dataset: 'mnist-10k',
  dataDir: 'data',
  database: 'networks.sqlite',
  threads: 1,
  nCalibrate: 10,
  nTest: 10,
  signal,
};

export const resultCases: Readonly<Record<string, OptionCase>> = {
  predictByVotes: {
    call: (options) => locus.predictByVotes('lc_voting' as never, counts, results.votes, options),
    valid: { topN: 1, nClasses: 3 },
    works: true,
  },
  assignLabels: {
    call: (options) => locus.assignLabels(counts, labels, options),
    valid: {
      nClasses: 2,
      before: locus.assignLabels(counts, labels, { nClasses: 2 }),
      decay: 0.5,
      silent: 'first',
    },
  },
  Readout: {
    call: (options) => locus.Readout.fit(counts, labels, options),
    valid: { method: 'votes', nClasses: 2, voting: 'all_voting', topN: 1 },
  },
  'Readout ngram': {
    call: (options) => locus.Readout.fit([], Uint8Array.of(), options),
    valid: { method: 'ngram', nClasses: 2, n: 3 },
  },
  'Readout linear': {
    call: (options) => locus.Readout.fit(counts, labels, options),
    valid: { method: 'linear', nClasses: 2, regularization: 1, seed: 0 },
  },
  'Readout.fromJSON': {
    call: (options) => locus.Readout.fromJSON(options),
    valid: { method: 'votes', nClasses: 2, voting: 'all_voting', topN: 1, state: {} },
    allowed: { state: ['object'] },
  },
  countNgrams: {
    call: (options) => locus.countNgrams([], Uint8Array.of(), options),
    valid: { n: 2, nClasses: 3 },
  },
  trainLinearClassifier: {
    call: (options) => locus.trainLinearClassifier(counts, labels, options),
    valid: {
      nClasses: 2,
      seed: 0,
      regularization: [0.5, 1],
      nFolds: 2,
      imageIds: [0, 1, 2, 3],
      onProgress: () => 0,
    },
    allowed: { onProgress: functions },
  },
  trainingHealth: {
    call: (options) => locus.trainingHealth(options),
    valid: health,
    allowed: { wMin: signed },
  },
  accuracyByTimeFigure: figure(
    (options) => locus.accuracyByTimeFigure({ a: { times: [1], accuracy: [1] } }, options),
    { ann: 0.9 },
  ),
  accuracyByTopNFigure: figure((options) => locus.accuracyByTopNFigure(points, options)),
  accuracyByTrainingFigure: figure((options) => locus.accuracyByTrainingFigure(points, options)),
  accuracyDistributionFigure: figure(
    (options) => locus.accuracyDistributionFigure(results.confusion, options),
    { classNames: ['a', 'b', 'c'] },
  ),
  bestSpikesFigure: figure((options) => locus.bestSpikesFigure(results.spikes, grid, options), {
    dt: 1,
    perPosition: 2,
  }),
  bestVotersFigure: figure(
    (options) =>
      locus.bestVotersFigure(
        {
          ...grid,
          weightsXY: results.weightsLC,
          spikes: results.spikes,
          voltages: results.voltages,
          thresholds: results.thresholds,
          votes: results.votes,
          label: 1,
        },
        options,
      ),
    { dt: 1, perPosition: 2, classNames: ['a', 'b', 'c'] },
    { classNames: ['nothing'] },
  ),
  findBestVoters: {
    call: (options) => locus.findBestVoters(options),
    valid: {
      ...grid,
      counts: new Uint8Array(results.nNeurons),
      votes: results.votes,
      label: 0,
      perPosition: 1,
    },
    allowed: { votes: ['null'], label: ['null'] },
  },
  competitionDistributionFigure: figure((options) =>
    locus.competitionDistributionFigure({ edges: [0, 1], counts: [1], mean: 0.5 }, options),
  ),
  competitionMapFigure: figure(
    (options) => locus.competitionMapFigure(results.weightsLC, results.weightsYY, options),
    { position: 0, nLines: 2 },
  ),
  confusionFigure: figure((options) => locus.confusionFigure(results.confusion, options), {
    classNames: ['a', 'b', 'c'],
  }),
  databaseFigure: figure((options) => locus.databaseFigure([], options)),
  gridFigure: figure(
    (options) => locus.gridFigure([{ x: 1, y: 1, accuracy: 0.5 }], options),
    { x: 'n_filters', y: 'c_w' },
    { x: texts, y: texts },
  ),
  healthFigure: figure((options) =>
    locus.healthFigure(locus.trainingHealth(health), [['images', '4']], options),
  ),
  inputFigure: figure(
    (options) => locus.inputFigure(results.image, options),
    { spikes: results.inputSpikes, label: 1, classNames: ['a', 'b'] },
    { label: ['null'], classNames: ['nothing'] },
  ),
  networkFigure: figure((options) => locus.networkFigure({ layers: [], connections: [] }, options)),
  layerWeightsFigure: figure((options) => locus.layerWeightsFigure(results.layerWeights, options)),
  rateThresholdFigure: figure((options) =>
    locus.rateThresholdFigure([{ maxRate: 1, threshold: 1, accuracy: 0.5 }], options),
  ),
  ratesByActivationFigure: figure(
    (options) => locus.ratesByActivationFigure({ activations: [1], rates: [1] }, options),
    { layer: 'conv1' },
    { layer: texts },
  ),
  reconstructionFigure: figure(
    (options) => locus.reconstructionFigure(results.picture, results.reconstruction, options),
    { label: 1, classNames: ['a', 'b'] },
    { label: ['null'], classNames: ['nothing'] },
  ),
  robustnessFigure: figure((options) =>
    locus.robustnessFigure({ a: [{ noise: 0, accuracy: 1, error: 0 }] }, options),
  ),
  spikesFigure: figure(
    (options) => locus.spikesFigure(results.spikes, options),
    { dt: 1, neurons: 'pixel' },
    { neurons: texts },
  ),
  stdpWindowFigure: figure((options) =>
    locus.stdpWindowFigure({ nuPre: 1, nuPost: 1, tauSource: 20, tauTarget: 20 }, options),
  ),
  'stdpWindowFigure window': {
    call: (options) => locus.stdpWindowFigure(options),
    valid: { nuPre: 1e-4, nuPost: 1e-2, tauSource: 20, tauTarget: 20, range: 100 },
    allowed: { nuPre: signed, nuPost: signed },
  },
  tableFigure: figure(
    (options) =>
      locus.tableFigure(
        [{ name: '1', published: [{ mean: 1, sd: 1 }], reproduced: [{ mean: 1, sd: 1 }] }],
        options,
      ),
    { methods: ['voting'] },
  ),
  trainingCurvesFigure: figure(
    (options) => locus.trainingCurvesFigure([point], options),
    { unit: 'update' },
    { unit: texts },
  ),
  voltageFigure: figure(
    (options) =>
      locus.voltageFigure(results.voltages, results.spikes, { neuron: 0, threshold: -52 }, options),
    { dt: 1 },
  ),
  'voltageFigure neuron': {
    call: (options) => locus.voltageFigure(results.voltages, results.spikes, options),
    valid: { neuron: 0, threshold: -52 },
    allowed: { threshold: signed },
  },
  votesDistributionFigure: figure((options) => locus.votesDistributionFigure(results.votes, 3, options)),
  votesFigure: figure((options) => locus.votesFigure(results.votes, 3, options), {
    sort: 'neuron',
    classNames: ['a', 'b', 'c'],
  }),
  weightsXYFigure: figure((options) => locus.weightsXYFigure(results.weightsLC, options)),
  weightsYYFigure: figure((options) => locus.weightsYYFigure(results.weightsYY, options)),
  'Figure.write': {
    call: (options) => new locus.Figure([], {}).write(`${makeFolder()}/figure.html`, options),
    valid: { scale: 2, chromium: 'chromium' },
    allowed: { chromium: names },
  },
  Report: {
    call: (options) => new locus.Report(options),
    valid: {
      title: 'A title',
      subtitle: 'More',
      sections: [{ heading: 'First', table: { head: ['a'], rows: [['1']] } }],
    },
    allowed: { title: texts, subtitle: texts, sections: ['nothing'] },
  },
  'Report.write': {
    call: (options) =>
      new locus.Report({ title: '', subtitle: '', sections: [] }).write(
        `${makeFolder()}/report.html`,
        options,
      ),
    valid: { chromium: 'chromium' },
    allowed: { chromium: names },
  },
  loadDataset: {
    call: (options) => locus.loadDataset('mnist-10k', options),
    valid: dataDir,
    allowed: { dataDir: names },
  },
  loadSplit: {
    call: (options) => locus.loadSplit('mnist-10k', 'test', options),
    valid: dataDir,
    allowed: { dataDir: names },
  },
  describeDatasets: {
    call: (options) => locus.describeDatasets(options),
    valid: dataDir,
    allowed: { dataDir: names },
  },
  findBestMnist: {
    call: (options) => locus.findBestMnist(options),
    valid: dataDir,
    allowed: { dataDir: names },
  },
  downloadDataset: {
    call: (options) => locus.downloadDataset('mnist', options),
    valid: {
      ...dataDir,
      mirrors: ['http://127.0.0.1:9/'],
      onProgress: () => 0,
      signal,
      stallTimeout: 1,
    },
    allowed: { dataDir: names, onProgress: functions },
    works: true,
  },
  'chooseEngine work': {
    call: (options) => locus.chooseEngine(() => null as never, options),
    valid: { training: 1, evaluation: 1, batchSize: 1 },
    works: true,
  },
  chooseEngine: {
    call: (options) => locus.chooseEngine(() => null as never, { training: 0, evaluation: 0 }, options),
    valid: { signal },
    works: true,
  },
  reproduceTable: {
    call: (options) => locus.reproduceTable(options),
    valid: { ...experiment, rows: locus.tableRows, nIter: 10, onResult: () => 0 },
    allowed: { dataDir: names, database: names, onResult: functions },
    works: true,
  },
  reproductionFigure: figure((options) =>
    locus.reproductionFigure(
      { rows: [{ row: locus.tableRows[0], voting: measured, linear: measured } as never] },
      options,
    ),
  ),
  searchFigure: figure((options) => locus.searchFigure(searched, options), {
    axes: ['nFilters', 'nIter'],
  }),
  writeNpy: {
    call: (options) => locus.writeNpy(options),
    valid: { shape: [2], data: Float32Array.of(1, 2) },
  },
};

const measured = { mean: 90, sd: 1, published: { mean: 90, sd: 1 } };
const searched = [{ setting: { nFilters: 25, nIter: 10 }, accuracy: { lc: 0.5 }, voting: 0.4, seconds: 1 }];
