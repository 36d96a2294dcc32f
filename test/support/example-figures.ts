/** One figure of every kind from small results: what snapshots hold and a real browser draws. */
import * as figures from '../../src/figures/index.js';
import { describeHealth, trainingHealth } from '../../src/readout/training-health.js';
import { packSpikeCounts } from '../../src/readout/spike-counts.js';
import * as results from './example-results.js';

const grid = { nFilters: results.nFilters, nPositions: results.nPositions };
const score = (accuracy: number) => ({ accuracy, error: 0.01 });

export const exampleHealth = trainingHealth({
  counts: packSpikeCounts(
    Uint16Array.from(results.scatterValues(160, 9), (value) => 6 * value ** 3),
    grid,
  ),
  timeMax: 250,
  weights: results.weightsLC.data,
  theta: results.scatterValues(16, 8),
  before: { weights: results.weightsLC.data.map((w) => w * 0.9), nImages: 200 },
});

const points = [1, 2, 3].map((x) => ({
  x,
  scores: {
    patch_voting: score(0.7 + 0.02 * x),
    all_voting: score(0.8 - 0.03 * x),
    lc: x === 2 ? undefined : score(0.9),
  },
}));

const network = { nFilters: 25, kernelSize: 12, error: 0.004 };

const times = Array.from({ length: 40 }, (_, i) => i + 1);
const answering = (delay: number) => ({
  times,
  accuracy: times.map((t) => 0.1 + 0.89 / (1 + Math.exp(delay - t))),
});

export const exampleFigures = {
  accuracyByTimeFigure: () =>
    figures.accuracyByTimeFigure(
      { 'not normalised': answering(5), 'by the data': answering(15), 'by the model': answering(60) },
      { ann: 0.992 },
    ),
  accuracyByTopNFigure: () => figures.accuracyByTopNFigure(points),
  accuracyByTrainingFigure: () =>
    figures.accuracyByTrainingFigure(points.map(({ x, scores }) => ({ x: 1000 * x, scores }))),
  accuracyDistributionFigure: () => figures.accuracyDistributionFigure(results.confusion),
  bestSpikesFigure: () => figures.bestSpikesFigure(results.spikes, grid),
  bestVotersFigure: () =>
    figures.bestVotersFigure({
      ...grid,
      weightsXY: results.weightsLC,
      spikes: results.spikes,
      voltages: results.voltages,
      thresholds: results.thresholds,
      votes: results.votes,
      label: 1,
    }),
  competitionDistributionFigure: () =>
    figures.competitionDistributionFigure({ edges: [-40, -30, -20, -10], counts: [2, 5, 1], mean: -26.2 }),
  competitionMapFigure: () => figures.competitionMapFigure(results.weightsLC, results.weightsYY),
  confusionFigure: () => figures.confusionFigure(results.confusion, { classNames: ['cat', 'dog', 'frog'] }),
  databaseFigure: () =>
    figures.databaseFigure([
      {
        ...network,
        name: 'a <b>',
        networkType: 'LC_SNN',
        cW: -100,
        meanWeight: 0.4,
        nIter: 4000,
        accuracy: 0.8,
      },
      {
        ...network,
        name: '0f'.repeat(28),
        networkType: 'FC_SNN',
        cW: -80,
        meanWeight: 0.3,
        nIter: 500,
        accuracy: 0.7,
      },
    ]),
  gridFigure: () =>
    figures.gridFigure(
      [
        { x: -100, y: 0.2, accuracy: 0.7 },
        { x: -50, y: 0.2, accuracy: 0.75 },
        { x: -100, y: 0.4, accuracy: 0.8 },
        { x: -100, y: 0.4, accuracy: 0.78 },
      ],
      { x: 'c_w [mV]', y: 'mean_weight' },
    ),
  healthFigure: () => figures.healthFigure(exampleHealth, describeHealth(exampleHealth)),
  inputFigure: () => figures.inputFigure(results.image, { label: 3, spikes: results.inputSpikes }),
  layerWeightsFigure: () => figures.layerWeightsFigure(results.layerWeights),
  rateThresholdFigure: () =>
    figures.rateThresholdFigure(
      [50, 250, 1000].flatMap((maxRate) =>
        [0.5, 1, 4].map((threshold) => ({
          maxRate,
          threshold,
          accuracy: 0.99 / (1 + threshold / (0.01 * maxRate)),
        })),
      ),
    ),
  ratesByActivationFigure: () => {
    const activations = results.scatterValues(60, 5);
    const rates = results
      .scatterValues(60, 6)
      .map((noise, i) => Math.min(1, activations[i] * (0.9 + 0.2 * noise)));
    return figures.ratesByActivationFigure({ activations, rates, correlation: 0.987 }, { layer: 'conv1' });
  },
  reconstructionFigure: () =>
    figures.reconstructionFigure(results.picture, results.reconstruction, { label: 7 }),
  robustnessFigure: () =>
    figures.robustnessFigure({
      digits: [0, 0.2, 0.4].map((noise) => Object.assign(score(0.98 - 1.2 * noise ** 2), { noise })),
      spikes: [0, 0.2, 0.4].map((noise) => Object.assign(score(0.97 - 2 * noise ** 2), { noise })),
    }),
  spikesFigure: () => figures.spikesFigure(results.spikes),
  stdpWindowFigure: () =>
    figures.stdpWindowFigure({ nuPre: 1e-4, nuPost: 1e-2, tauSource: 20, tauTarget: 10, range: 50 }),
  tableFigure: () =>
    figures.tableFigure([
      {
        name: '1: LC 1000, kernel 12',
        published: [
          { mean: 92.3, sd: 0.7 },
          { mean: 95.1, sd: 0.5 },
        ],
        reproduced: [{ mean: 92.9, sd: 0.2 }, null],
      },
      {
        name: '12: FC 100',
        published: [
          { mean: 81.4, sd: 0.9 },
          { mean: 82.1, sd: 0.8 },
        ],
        reproduced: [
          { mean: 81, sd: 0.5 },
          { mean: 85, sd: 0.4 },
        ],
      },
    ]),
  trainingCurvesFigure: () =>
    figures.trainingCurvesFigure(
      [1, 2, 3, 4].map((x) => ({
        x,
        loss: 0.4 / x,
        trainCorrect: 1 - 0.3 / x,
        testCorrect: x % 2 === 0 ? 1 - 0.2 / x : null,
      })),
      { unit: 'update' },
    ),
  voltageFigure: () =>
    figures.voltageFigure(results.voltages, results.spikes, { neuron: 5, threshold: results.thresholds[5] }),
  votesDistributionFigure: () => figures.votesDistributionFigure(results.votes, results.nClasses),
  votesFigure: () => figures.votesFigure(results.votes, results.nClasses),
  weightsXYFigure: () => figures.weightsXYFigure(results.weightsLC),
  weightsYYFigure: () => figures.weightsYYFigure(results.weightsYY),
} satisfies Partial<Record<keyof typeof figures, () => figures.Figure>>;
