/** `kill -9` in training, as a suite for the moments to kill at: the database opens, nothing committed is lost, the network is the same. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { RandomStream } from '../../src/core/random/stream.js';
import { type NetworkStore, openStore, stateHash, withStore } from '../../src/store/index.js';
import { bundleProcess } from '../support/bundle-process.js';
import { makeFolder } from '../support/make-folder.js';
import {
  type KilledName,
  killedTrainings,
  type KilledTraining,
  prepareTraining,
  runTraining,
  unitsOf,
} from '../support/killed-training.js';

interface Line {
  readonly from?: number;
  readonly saving?: number;
  readonly saved?: number;
  readonly held?: true;
  readonly stored?: string;
}

/** When a process is killed: so long [ms] after it has begun (0) or saved so many checkpoints, or in the middle of that one. */
export type Moment = { readonly saved: number; readonly delay: number } | { readonly inCheckpoint: number };

/** Trains in a process that is killed at that moment, if one is given; all lines that it wrote. */
async function train(
  script: string,
  { name, folder, seed }: { name: KilledName; folder: string; seed: number },
  moment?: Moment,
): Promise<Line[]> {
  const words = [script, name, folder, String(seed)];
  if (moment && 'inCheckpoint' in moment) words.push(String(moment.inCheckpoint));
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines: Line[] = [];
  let saved = 0;
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.saved !== undefined) saved += 1;
    if (moment && 'saved' in moment && saved === moment.saved && (line.from ?? line.saved) !== undefined) {
      await sleep(moment.delay);
      child.kill('SIGKILL');
    }
    if (line.held) child.kill('SIGKILL');
  }
  const [code, signal] = (await closed) as [number | null, string | null];
  expect({ code, signal }).toEqual(moment ? { code: null, signal: 'SIGKILL' } : { code: 0, signal: null });
  return lines;
}

const findCheckpoint = (store: NetworkStore, { type }: KilledTraining) =>
  store.listCheckpoints().find(({ parameters }) => parameters.network_type === type);

/** Units of the checkpoint and names of the networks, after the database has been found in order. */
function lookInto(database: string, training: KilledTraining): { found: number; names: string[] } {
  return withStore(database, (store) => {
    expect(store.clean()).toMatchObject({ orphansDropped: 0, repaired: [], renamed: [], corrupt: [] });
    const names = store.list().map(({ name }) => name);
    const summary = findCheckpoint(store, training);
    const checkpoint = summary && store.loadCheckpoint(summary.key);
    return { found: checkpoint ? unitsOf(checkpoint) : 0, names };
  });
}

/** Everything that is stored of a network but the seconds that its making took. */
function everythingOf(database: string, name: string) {
  const store = openStore(database, { readonly: true });
  const { hash, parameters, scores, arrays, meta, parent } = store.load(name);
  store.close();
  const withoutSeconds = (key: string, value: unknown) => (/seconds$/i.test(key) ? undefined : value);
  const told = JSON.parse(JSON.stringify({ ...meta, config: null }, withoutSeconds)) as object;
  return { hash, parameters, scores, arrays: stateHash(arrays), meta: told, parent };
}

/** A suite for every kind: its training is killed at each of the moments, goes on after each, and ends as if nothing had been. */
export function describeKilledTrainings(chooseMoments: (random: RandomStream) => Moment[]): void {
  const script = bundleProcess('test/support/training-process.ts');

  describe.each(Object.keys(killedTrainings) as KilledName[])('kill -9 in training: %s', (name) => {
    const training: KilledTraining = killedTrainings[name];

    it('loses nothing that was committed, and ends as if nothing had been', {
      timeout: 120_000,
    }, async () => {
      const seed = 1 + Object.keys(killedTrainings).indexOf(name);
      const [folder, elsewhere] = [makeFolder(), makeFolder()];
      const [database, other] = [folder, elsewhere].map((each) => join(each, 'networks.db'));
      await prepareTraining(name, folder, database);
      const before = training.source === undefined ? [] : [training.source];
      const committed = [0];
      for (const moment of chooseMoments(new RandomStream(seed, 'user'))) {
        const lines = await train(script, { name, folder, seed }, moment);
        const last = committed.at(-1) ?? 0;
        expect(lines[0]).toEqual({ from: last });
        const saved = lines.findLast((line) => line.saved !== undefined)?.saved ?? last;
        const saving = lines.findLast((line) => line.saving !== undefined)?.saving ?? last;
        const { found, names } = lookInto(database, training);
        expect(names).toEqual(before);
        // What was in the making is there as a whole or not at all; where the process stood still, it was not committed.
        expect('inCheckpoint' in moment ? [saved] : [saved, saving]).toContain(found);
        committed.push(found);
      }
      // It was killed on its way, not before or behind it.
      expect(committed.at(-1)).toBeGreaterThan(0);
      expect(committed.at(-1)).toBeLessThan(training.total);

      const { stored } = (await train(script, { name, folder, seed })).at(-1) ?? {};
      await prepareTraining(name, elsewhere, other);
      const whole = await runTraining(name, { folder: elsewhere, database: other, seed });
      expect(stored).toBe(whole.name);
      expect(everythingOf(database, whole.name)).toEqual(everythingOf(other, whole.name));
    });
  });
}
