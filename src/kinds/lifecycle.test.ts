/** The life cycle: what is stored after which step, what a name that is taken costs, what resuming takes up. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { makeToyRecord, toyKind } from '../../test/support/toy-kind.js';
import { LocusError } from '../errors.js';
import { type Scores, withStore } from '../store/index.js';
import { watchBy } from '../watch/watch.js';
import type { NetworkRun } from './kind.js';
import { runLifecycle } from './lifecycle.js';
import { saveNetwork } from './save-network.js';

const newDatabase = () => join(makeFolder(), 'networks.db');
const watch = watchBy({});
const interrupt = async () => {
  throw new LocusError('INTERRUPTED', 'interrupted');
};

/** A run whose calibration and test note a score each, and the steps that it took. */
function makeRun(changes: Partial<NetworkRun> = {}): { run: NetworkRun; steps: string[] } {
  const steps: string[] = [];
  const scores: Record<string, NonNullable<Scores[string]>> = {};
  const note = (step: string) => async () => {
    steps.push(step);
    scores[step] = { accuracy: 1, error: 0, nIter: 1 };
  };
  const record = () => ({ ...makeToyRecord(), scores: { ...scores } });
  const run: NetworkRun = {
    kind: toyKind,
    target: makeToyRecord(),
    checkpointKey: 'toy',
    unit: 'image',
    done: 7,
    saved: 7,
    resume: (checkpoint) => checkpoint !== undefined,
    recall: () => true,
    train: async () => void steps.push('train'),
    calibrate: note('calibrate'),
    score: note('score'),
    toCheckpoint: record,
    save: (store, { name, overwrite }) =>
      saveNetwork(store, toyKind, name === undefined ? record() : { ...record(), name }, { overwrite }),
    toDocument: () => ({}),
    describe: () => [],
    ...changes,
  };
  return { run, steps };
}

const scoresIn = (database: string) =>
  withStore(database, (store) => store.list().map(({ scores }) => Object.keys(scores)));

describe('runLifecycle', () => {
  it('trains, calibrates and scores, and stores all of it', async () => {
    const database = newDatabase();
    const { run, steps } = makeRun();
    const { name } = await runLifecycle(run, { database, name: 'counts' }, watch);
    expect([name, steps]).toEqual(['counts', ['train', 'calibrate', 'score']]);
    expect(scoresIn(database)).toEqual([['calibrate', 'score']]);
  });

  it('stores every step that was done before an interruption', async () => {
    const database = newDatabase();
    const calibrating = makeRun({ calibrate: interrupt }).run;
    await expect(runLifecycle(calibrating, { database }, watch)).rejects.toThrow(
      /^calibrating: interrupted\. The network [0-9a-f]{56} is stored as it was before\. To go on: the same call/,
    );
    expect(scoresIn(database)).toEqual([[]]);
    const testing = makeRun({ score: interrupt }).run;
    await expect(runLifecycle(testing, { database }, watch)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(scoresIn(database)).toEqual([['calibrate']]);
  });

  it('stores nothing where the training was interrupted, and says how far its checkpoint is', async () => {
    const database = newDatabase();
    const attempt = (changes: Partial<NetworkRun>) =>
      runLifecycle(makeRun({ train: interrupt, ...changes }).run, { database, resumeHint: 'again' }, watch);
    await expect(attempt({})).rejects.toThrow(
      'interrupted after 7 images, which are saved as a checkpoint. To go on: again',
    );
    await expect(attempt({ saved: 0 })).rejects.toThrow('interrupted before the first image');
    await expect(attempt({ saved: 0, unit: 'epoch' })).rejects.toThrow('interrupted in the first epoch');
    expect(scoresIn(database)).toEqual([]);
  });

  it('refuses a name that another network has before any work, unless it is to be overwritten', async () => {
    const database = newDatabase();
    withStore(database, (store) => store.save({ ...makeToyRecord({ seed: 1 }), name: 'counts' }));
    const { run, steps } = makeRun();
    await expect(runLifecycle(run, { database, name: 'counts' }, watch)).rejects.toThrow(
      'train: the name "counts" belongs to another network (Toy, ',
    );
    expect(steps).toEqual([]);
    await runLifecycle(run, { database, name: 'counts', overwrite: true }, watch);
    expect(steps).toEqual(['train', 'calibrate', 'score']);
  });

  it.each([
    ['stored', ['calibrate', 'score']],
    [true, ['calibrate', 'score']],
    ['checkpoint', ['train', 'calibrate', 'score']],
    [false, ['train', 'calibrate', 'score']],
  ] as const)('with resume %j and a trained network in the database it does %j', async (resume, expected) => {
    const database = newDatabase();
    withStore(database, (store) => store.save(makeToyRecord()));
    const { run, steps } = makeRun();
    await runLifecycle(run, { database, resume }, watch);
    expect(steps).toEqual(expected);
  });

  it('takes a checkpoint before a trained network', async () => {
    const database = newDatabase();
    const notes: string[] = [];
    withStore(database, (store) => {
      store.save(makeToyRecord());
      store.saveCheckpoint('toy', makeToyRecord());
    });
    const { run, steps } = makeRun();
    await runLifecycle(run, { database, resume: true }, watchBy({ onNote: (text) => notes.push(text) }));
    expect([notes, steps[0]]).toEqual([['Resuming after 7 images.'], 'train']);
  });
});
