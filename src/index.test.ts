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
      "Snn",
      "SynapticConnection",
      "accuracyPerLabel",
      "bernoulli",
      "calibrateVotes",
      "cleanDatabase",
      "clean_database",
      "confusionMatrix",
      "cropCentre",
      "datasetNames",
      "defaultParameters",
      "deleteNetwork",
      "delete_network",
      "describeDatasets",
      "downloadDataset",
      "encoders",
      "findBestMnist",
      "formatTable",
      "getEncoder",
      "getEngine",
      "listEngines",
      "loadDataset",
      "loadImage",
      "loadNetwork",
      "loadSplit",
      "load_network",
      "openStore",
      "poisson",
      "predictByClassifier",
      "predictByVotes",
      "rankOrder",
      "readoutMethods",
      "registerEngine",
      "renameNetwork",
      "rename_network",
      "repeat",
      "resumeTraining",
      "scorePredictions",
      "single",
      "snnParameterNames",
      "snnParameterSpecs",
      "spikeTrainFromEvents",
      "spikeTrainFromRaster",
      "trainLinearClassifier",
      "version",
      "viewDatabase",
      "viewNetwork",
      "view_database",
      "votingMethods",
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
