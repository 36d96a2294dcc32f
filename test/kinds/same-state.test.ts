/** One seed, one network: to the bit, on any number of threads, in one go or in parts, interrupted or resumed from a checkpoint. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import {
  C_SNN,
  FC_SNN,
  LC_SNN,
  resumeTraining,
  type Snn,
  type SnnOptions,
  type SnnParameters,
} from '../../src/kinds/snn/index.js';
import { openStore } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';

const small = { timeMax: 80, seed: 12, dataset: 'mnist-10k' as const };
const trained = { cL: true, APos: -0.05, ANeg: -1.6, tauPos: 18, tauNeg: 16 };

type Options = Partial<SnnParameters> & SnnOptions;

const networks: Record<string, (options: Options) => Snn> = {
  LC_SNN: (options) => new LC_SNN({ nFilters: 6, ...small, ...options }),
  'LC_SNN with trained competition': (options) =>
    new LC_SNN({ nFilters: 5, ...small, ...trained, ...options }),
  'LC_SNN whose thresholds decay exactly': (options) =>
    new LC_SNN({ nFilters: 4, ...small, thetaDecay: 'exact', tcThetaDecay: 1e7, ...options }),
  C_SNN: (options) => new C_SNN({ nFilters: 7, ...small, ...options }),
  FC_SNN: (options) => new FC_SNN({ nFilters: 10, meanWeight: 0.3, ...small, ...options }),
};

const nIter = 40;

/** Hash of weights, thresholds, votes and classifier. */
const stateOf = (network: Snn) => network.toRecord().stateHash;

/** What training, calibration and scoring come to. */
async function runAll(make: (options: Options) => Snn, options: Options) {
  const network = make(options);
  await network.train({ nIter });
  const state = stateOf(network);
  await network.calibrate({ images: 60 });
  const readout = stateOf(network);
  const score = await network.calculateAccuracy({ images: 70 });
  const spikes = network.votes?.reduce((sum, votes) => sum + votes, 0);
  network.dispose();
  return { state, readout, score, spikes };
}

describe.each(Object.entries(networks))('%s', (_, make) => {
  it('has the same state, readout and scores on 1, 2 and 3 threads and on the reference engine', async () => {
    const alone = await runAll(make, { threads: 1 });
    expect(alone.spikes).toBeGreaterThan(10);
    for (const options of [{ threads: 2 }, { threads: 3 }, { engine: 'reference' }]) {
      expect({ options, ...(await runAll(make, options)) }).toEqual({ options, ...alone });
    }
    expect(await runAll(make, { threads: 1, seed: 13 })).not.toEqual(alone);
  });

  it('has the same state when it is trained in parts, on changing numbers of threads', async () => {
    const whole = make({ threads: 1 });
    await whole.train({ nIter });
    const parts = make({ threads: 2 });
    for (const part of [1, 19, 20]) expect((await parts.train({ nIter: part })).nIter).toBe(part);
    expect(parts.nIter).toBe(nIter);
    expect(parts.name).toBe(whole.name);
    expect(stateOf(parts)).toBe(stateOf(whole));
    whole.dispose();
    parts.dispose();
  });

  it('has the same state when it is interrupted and goes on', async () => {
    const whole = make({ threads: 1 });
    await whole.train({ nIter });
    const parts = make({ threads: 2 });
    const aborting = new AbortController();
    const first = await parts.train({ nIter, signal: aborting.signal, onProgress: () => aborting.abort() });
    expect(first).toMatchObject({ interrupted: true });
    expect(first.nIter).toBeGreaterThan(0);
    expect(first.nIter).toBeLessThan(nIter);
    expect(parts.nIter).toBe(first.nIter);
    // Looking at the network in between changes nothing.
    await parts.feedLabel(3);
    const second = await parts.continueTraining();
    expect(second).toMatchObject({ nIter: nIter - first.nIter, interrupted: false });
    expect(stateOf(parts)).toBe(stateOf(whole));
    expect(parts.name).toBe(whole.name);
    await expect(parts.continueTraining()).rejects.toThrow(
      'continueTraining: expected an interrupted training',
    );
    whole.dispose();
    parts.dispose();
  });

  it('has the same state and record when another object resumes it from its checkpoint', async () => {
    const database = join(makeFolder(), 'networks.db');
    const whole = make({ threads: 1, database: join(makeFolder(), 'whole.db') });
    await whole.train({ nIter: 10 });
    whole.save();
    await whole.train({ nIter: nIter - 10 });

    const begun = make({ threads: 1, database });
    await begun.train({ nIter: 10 });
    begun.save();
    const target = await begun.nameAfter({ nIter: nIter - 10 });
    const aborting = new AbortController();
    const options = { nIter: nIter - 10, checkpoint: 7, signal: aborting.signal };
    const onProgress = ({ done }: { done: number }) => {
      if (done >= 14) aborting.abort();
    };
    await begun.train({ ...options, onProgress });
    begun.dispose();

    expect(resumeTraining('another name', { database })).toBeNull();
    const resumed = resumeTraining(target, { database, threads: 2 });
    expect(resumed?.nIter).toBe(24);
    await resumed?.continueTraining({ checkpoint: 7 });
    const { parameters, parent } = whole.toRecord();
    expect(resumed?.toRecord()).toMatchObject({ stateHash: stateOf(whole), parameters, parent });
    expect(parent).toBe(begun.toRecord().parent);
    expect(resumed?.name).toBe(target);
    expect(resumed?.save()).toBe(target);
    // The checkpoint ends with the network that was finished from it.
    const store = openStore(database);
    expect(store.loadCheckpoint(target)).toBeUndefined();
    expect(store.load(target).stateHash).toBe(stateOf(whole));
    store.close();
    resumed?.dispose();
    whole.dispose();
  });
});

describe('training in two steps', () => {
  const make = networks['LC_SNN with trained competition'];
  const steps = { nIter: 14, nIterCompetition: 12 };

  it.each([
    ['within the first step', 7],
    ['between the steps', 14],
    ['within the second step', 21],
  ])('has the same state when it is interrupted and resumed %s', async (_, at) => {
    const database = join(makeFolder(), 'networks.db');
    const whole = make({ threads: 1 });
    await whole.trainTwoSteps(steps);
    const begun = make({ threads: 2, database });
    const aborting = new AbortController();
    const trained = await begun.trainTwoSteps({
      ...steps,
      checkpoint: 7,
      signal: aborting.signal,
      onProgress: ({ done }) => {
        if (done >= at) aborting.abort();
      },
    });
    expect(trained).toMatchObject({ nIter: at, interrupted: true });
    begun.dispose();
    const resumed = resumeTraining(whole.name, { database, threads: 1 });
    expect(resumed?.nIter).toBe(at);
    await resumed?.continueTraining();
    expect(resumed?.toRecord().stateHash).toBe(stateOf(whole));
    expect(resumed?.nIter).toBe(26);
    whole.dispose();
    resumed?.dispose();
  });
});
