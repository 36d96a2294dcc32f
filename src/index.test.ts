import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as locus from './index.js';

it('the public API is what it promises to be', () => {
  expect(Object.keys(locus).sort()).toMatchInlineSnapshot(`
    [
      "AdaptiveLIF",
      "C_SNN",
      "Connection",
      "Conv2dConnection",
      "FC_SNN",
      "Figure",
      "IF",
      "Input",
      "LC_SNN",
      "LIF",
      "LateralCompetition",
      "LateralConnection",
      "LocalConnection",
      "LocusError",
      "Monitor",
      "Network",
      "NetworkStore",
      "NoOp",
      "PostPre",
      "RandomStream",
      "Report",
      "Snn",
      "SnnWithFigures",
      "SynapticConnection",
      "accuracyByTopNFigure",
      "accuracyByTrainingFigure",
      "accuracyDistributionFigure",
      "accuracyPerLabel",
      "bernoulli",
      "bestAvgSpikes",
      "bestSpikesFigure",
      "bestVotersFigure",
      "calibrateVotes",
      "cleanDatabase",
      "clean_database",
      "competitionDistribution",
      "competitionDistributionFigure",
      "competitionMapFigure",
      "confusionFigure",
      "confusionMatrix",
      "cropCentre",
      "databaseFigure",
      "datasetNames",
      "defaultParameters",
      "deleteNetwork",
      "delete_network",
      "describeDatasets",
      "describeHealth",
      "downloadDataset",
      "encoders",
      "findBestMnist",
      "findBestVoters",
      "formatReproduction",
      "formatTable",
      "getEncoder",
      "getEngine",
      "gridFigure",
      "healthFigure",
      "importNetwork",
      "inputFigure",
      "listEngines",
      "loadDataset",
      "loadImage",
      "loadNetwork",
      "loadSplit",
      "load_network",
      "openStore",
      "plotDatabase",
      "poisson",
      "predictByClassifier",
      "predictByVotes",
      "rankOrder",
      "readoutMethods",
      "registerEngine",
      "renameNetwork",
      "rename_network",
      "repeat",
      "reproduceTable",
      "reproductionFigure",
      "resumeTraining",
      "scorePredictions",
      "single",
      "snnParameterNames",
      "snnParameterSpecs",
      "spikeTrainFromEvents",
      "spikeTrainFromRaster",
      "spikesFigure",
      "stdpWindowFigure",
      "tableFigure",
      "tableRows",
      "toDatabasePoints",
      "trainLinearClassifier",
      "trainingHealth",
      "version",
      "viewDatabase",
      "viewNetwork",
      "view_database",
      "voltageFigure",
      "votesDistributionFigure",
      "votesFigure",
      "votingMethods",
      "weightsXYFigure",
      "weightsYYFigure",
    ]
  `);
});

it('has the functions of the database also under their published names', () => {
  expect(locus.load_network).toBe(locus.loadNetwork);
  expect(locus.view_database).toBe(locus.viewDatabase);
  expect(locus.delete_network).toBe(locus.deleteNetwork);
  expect(locus.rename_network).toBe(locus.renameNetwork);
  expect(locus.clean_database).toBe(locus.cleanDatabase);
});

it('registers the engines', () => {
  expect(locus.listEngines()).toEqual(expect.arrayContaining(['reference', 'wasm']));
});

it('version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(locus.version).toBe(version);
});
