/** The original's trained networks in the database: they answer as there, and are trained, scored and saved as ours. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import {
  importNetwork,
  loadNetwork,
  type Origin,
  resumeTraining,
  type SnnOptions,
} from '../../src/kinds/snn/index.js';
import { networkName, renameNetwork, viewDatabase, viewNetwork } from '../../src/store/index.js';
import { hasMnist, mnistFolder } from '../support/data-folders.js';
import { attempt, fingerprint, newDatabase } from '../support/import-database.js';
import { copyOriginal, hasOriginals, originals, readRerun } from '../support/original-folders.js';
import { unpackSpikeCounts } from '../support/spike-counts.js';

const nameOf = (folder: string) => basename(folder);

describe.skipIf(!hasOriginals)('the four networks', () => {
  it.each(Object.entries(originals))('%s: stored with all that the folder holds', (_, folder) => {
    const database = newDatabase();
    expect(importNetwork(folder, { database })).toBe(nameOf(folder));
    const { row, meta } = viewNetwork(nameOf(folder), { path: database });
    const published = JSON.parse(
      readFileSync(join(folder, 'parameters.json'), 'utf8').replaceAll('-Infinity', '"-Infinity"'),
    ) as Record<string, unknown>;
    for (const name of [
      'network_type',
      'n_filters',
      'mean_weight',
      'c_w',
      'c_l',
      'n_iter',
      'time_max',
      'A_neg',
    ]) {
      expect([name, row[name]]).toEqual([name, published[name]]);
    }
    expect(row).toMatchObject({ refrac: 5, dataset: 'mnist', train_method: 'basic', parent: null });
    const scores = JSON.parse(readFileSync(join(folder, 'score.json'), 'utf8')) as Record<
      string,
      Record<string, number | null>
    >;
    for (const [method, { accuracy, error, n_iter }] of Object.entries(scores)) {
      const stored = ['accuracy', 'error', 'n_iter'].map((field) => row[`${method}_${field}`]);
      expect([method, ...stored]).toEqual([method, accuracy, error, n_iter]);
    }
    const origin = meta.origin as Origin;
    expect(origin).toMatchObject({
      program: 'original program',
      name: nameOf(folder),
      parameters: published,
    });
    expect(origin.thetaMissing).toBe(folder === originals.trainedCompetition);
  });

  it.each(['reference', 'wasm'])('engine %s: spike counts and predictions of the rerun', async (engine) => {
    const database = newDatabase();
    for (const folder of Object.values(originals)) {
      const network = loadNetwork(importNetwork(folder, { database }), { database, engine });
      const rerun = readRerun(folder, network.parameters.crop ** 2);
      const counts = await network.countSpikes(rerun.inputs);
      expect(unpackSpikeCounts(counts)).toEqual(rerun.counts.data);
      expect(Array.from(network.predict('patch_voting', counts))).toEqual(rerun.predictions.patch_voting);
      expect(Array.from(network.predict('all_voting', counts))).toEqual(rerun.predictions.all_voting);
      network.dispose();
    }
  });

  it('run with what their files say they ran with, whatever parameters.json says', () => {
    const database = newDatabase();
    const { row, meta } = viewNetwork(importNetwork(originals.fullyConnected, { database }), {
      path: database,
    });
    expect(row.tau_pos).toBe(20);
    expect((meta.origin as Origin).parameters.tau_pos).toBe(8);
    const { parameters } = loadNetwork(importNetwork(originals.trainedCompetition, { database }), {
      database,
    });
    expect(parameters).toMatchObject({ tauPos: 17.720578799356897, tauNeg: 16.475865309906567, cWMax: 0 });
  });

  it('keep the confusion matrix with the method that it was counted for', () => {
    const database = newDatabase();
    const confusionOf = (folder: string) => {
      const { arrays } = viewNetwork(importNetwork(folder, { database, overwrite: true }), {
        path: database,
      });
      return Object.keys(arrays).filter((array) => array.startsWith('confusion'));
    };
    expect(confusionOf(originals.fullyConnected)).toEqual(['confusion_patch_voting']);
    expect(confusionOf(originals.locallyConnected)).toEqual(['confusion_lc']);
    const name = importNetwork(originals.locallyConnected, { database, overwrite: true });
    const matrix = loadNetwork(name, { database }).confMatrix;
    expect(Array.from(matrix!.subarray(0, 11))).toEqual([926, 11, 4, 2, 8, 11, 15, 8, 4, 3, 0]);

    const untold = copyOriginal(originals.locallyConnected);
    rmSync(join(untold, 'score.json'));
    expect(confusionOf(untold)).toEqual([]);
    const { meta } = viewNetwork(nameOf(untold), { path: database });
    expect((meta.origin as Origin).confusion).toEqual([...matrix!]);
  });

  it('are loaded without votes and scores where the folder has none', async () => {
    const folder = copyOriginal(originals.convolutional, 'uncalibrated');
    for (const file of ['votes', 'score.json', 'confusion_matrix']) rmSync(join(folder, file));
    const database = newDatabase();
    const network = loadNetwork(importNetwork(folder, { database }), { database });
    expect([network.votes, network.score, network.confMatrix]).toEqual([null, {}, null]);
    const counts = await network.countSpikes(readRerun(originals.convolutional, 400).inputs);
    expect(() => network.predict('patch_voting', counts)).toThrow(/patch_voting needs calibrate\(\) first/);
    network.dispose();
  });

  it('are stored once under a name, unless they are to replace what is there', () => {
    const database = newDatabase();
    const folder = originals.convolutional;
    importNetwork(folder, { database });
    const before = fingerprint(database);
    const error = attempt(() => importNetwork(folder, { database }));
    expect(error?.code).toBe('NAME_TAKEN');
    expect(error?.message).toContain(`${folder}: save network: "${nameOf(folder)}" is stored already`);
    expect(fingerprint(database)).toBe(before);
    expect(importNetwork(folder, { database, overwrite: true })).toBe(nameOf(folder));
    renameNetwork(nameOf(folder), 'shared kernels', { path: database });
    importNetwork(folder, { database });
    expect(viewDatabase({ path: database }).map(({ name }) => name)).toEqual([
      'shared kernels',
      nameOf(folder),
    ]);
  });

  it('with the same parameters and other weights are told apart', () => {
    const database = newDatabase();
    const hashOf = (folder: string) =>
      viewNetwork(importNetwork(folder, { database, overwrite: true }), { path: database }).row.hash;
    const hash = hashOf(originals.convolutional);
    const copy = copyOriginal(originals.convolutional, 'copy');
    rmSync(join(copy, 'votes'));
    expect(hashOf(copy)).toBe(hash);
    // The kernels, 25 × 12 × 12, are the only storage of their length.
    const bytes = readFileSync(join(copy, 'network'));
    const at = bytes.indexOf(Buffer.from(BigInt64Array.of(3600n).buffer)) + 8;
    bytes.writeFloatLE(bytes.readFloatLE(at) + 0.001, at);
    writeFileSync(join(copy, 'network'), bytes);
    expect(hashOf(copy)).not.toBe(hash);
  });
});

/** Patch and all voting of the original program's own rerun on 1000 test images [%]. */
const reruns = {
  locallyConnected: [79.9, 80.0],
  convolutional: [60.6, 63.2],
  fullyConnected: [69.9, 77.7],
  trainedCompetition: [75.7, 75.6],
} as const;

describe.skipIf(!hasOriginals || !hasMnist)('on MNIST', () => {
  const options = (database: string): SnnOptions => ({ database, dataDir: mnistFolder });

  it.each(Object.entries(reruns))('%s scores within 2.5 points of its rerun', async (kind, [patch, all]) => {
    const database = newDatabase();
    const folder = originals[kind as keyof typeof originals];
    const network = loadNetwork(importNetwork(folder, { database }), options(database));
    // More images than the original's 1000: their error comes on top of ours.
    const { patch_voting, all_voting, lc } = await network.calculateAccuracy({ nIter: 2500 });
    expect(Math.abs(100 * patch_voting!.accuracy - patch)).toBeLessThan(2.5);
    expect(Math.abs(100 * all_voting!.accuracy - all)).toBeLessThan(2.5);
    expect(lc).toBeUndefined();
    network.dispose();
  });

  it('are fed, calibrated, scored and saved like our own; where they come from stays', async () => {
    const database = newDatabase();
    const name = importNetwork(originals.locallyConnected, { database });
    const network = loadNetwork(name.slice(0, 8), options(database));
    const fed = await network.feedLabel(3);
    expect(fed.predictions).toEqual({ patch_voting: 3, all_voting: 3, spikes_first: 3 });

    await expect(network.calculateAccuracy({ method: 'lc' })).rejects.toThrow(/calibrateLc\(\) first/);
    await network.calibrateLc({ nIter: 600 });
    const { lc } = await network.calculateAccuracy({ method: 'lc', nIter: 400 });
    expect(lc!.accuracy).toBeGreaterThan(0.7);
    expect(network.save()).toBe(name);
    const loaded = loadNetwork(name, options(database));
    expect(loaded.toRecord()).toEqual(network.toRecord());
    expect(loaded.score.lc).toEqual(lc);
    expect(loaded.origin).toMatchObject({ name, scores: { lc: { accuracy: 0.8757 } } });

    renameNetwork(name, 'old friend', { path: database });
    expect(loadNetwork('old friend', options(database)).origin?.name).toBe(name);
    network.dispose();
    loaded.dispose();
  });

  it.each(Object.entries(originals))(
    '%s is trained on; the imported network stays as it is',
    async (_, folder) => {
      const database = newDatabase();
      const name = importNetwork(folder, { database });
      const imported = viewNetwork(name, { path: database });
      const network = loadNetwork(name, options(database));
      const nIter = network.nIter;
      await network.train({ nIter: 6 });
      expect(network.nIter).toBe(nIter + 6);
      // What it learned on came after the images of the original, so it is no network that could be trained here from the start.
      const trained = network.save();
      expect(trained).toBe(networkName(network.publishedParameters));
      expect(network.votes).toBeNull();
      const { row, meta } = viewNetwork(trained, { path: database });
      expect(row).toMatchObject({ parent: name, n_iter: nIter + 6, train_order: 'random' });
      expect(meta.origin).toEqual(imported.meta.origin);
      expect(row.state_hash).not.toBe(imported.row.state_hash);
      expect(viewNetwork(name, { path: database })).toEqual(imported);

      // In two calls, with the database between them, it comes to the same to the bit.
      const first = loadNetwork(name, options(database));
      await first.train({ nIter: 2 });
      const second = loadNetwork(first.save(), options(database));
      await second.train({ nIter: 4 });
      expect(second.toRecord()).toMatchObject({
        stateHash: row.state_hash,
        parameters: network.publishedParameters,
      });
      for (const each of [network, first, second]) each.dispose();
    },
  );

  it('can be trained on, interrupted and resumed', async () => {
    const database = newDatabase();
    const name = importNetwork(originals.locallyConnected, { database });
    const whole = loadNetwork(name, options(database));
    await whole.train({ nIter: 6 });
    const stopped = loadNetwork(name, options(database));
    const controller = new AbortController();
    const target = await stopped.nameAfter({ nIter: 6 });
    const stopAfterTwo = ({ done }: { done: number }) => done >= 2 && controller.abort();
    const { interrupted } = await stopped.train({
      nIter: 6,
      checkpoint: 1,
      signal: controller.signal,
      onProgress: stopAfterTwo,
    });
    expect(interrupted).toBe(true);
    const resumed = resumeTraining(target, options(database));
    await resumed!.continueTraining();
    expect(resumed!.origin?.name).toBe(name);
    expect(resumed!.toRecord()).toEqual(whole.toRecord());
    expect(resumed!.save()).toBe(target);
    for (const each of [whole, stopped, resumed!]) each.dispose();
  });

  it('reset: an untrained network of the same parameters, imported no more', () => {
    const database = newDatabase();
    const network = loadNetwork(importNetwork(originals.convolutional, { database }), options(database));
    network.reset();
    expect([network.nIter, network.origin, network.votes]).toEqual([0, null, null]);
    expect(network.name).toBe(networkName(network.publishedParameters));
    expect(network.publishedParameters).not.toHaveProperty('origin_state');
    network.dispose();
  });
});
