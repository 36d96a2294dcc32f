/** `kill -9` in training, 20 times: the database opens, nothing committed is lost, and the network comes out the same to the bit. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { RandomStream } from '../../src/core/random/stream.js';
import { openStore } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';
import { buildKilledNetwork, killedTraining } from '../support/killed-training.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The process in one file, because it starts 24 times: in `node_modules`, where it finds its packages. */
const script = join(root, 'node_modules', '.cache', `training-process-${process.pid}.mjs`);

beforeAll(() =>
  build({
    entryPoints: [join(root, 'test', 'support', 'training-process.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
);
afterAll(() => rmSync(script));

interface Line {
  from?: number;
  done?: number;
  saved?: string;
  stateHash?: string;
}

/** Starts a training; if `kill` is given, kills it `delay` ms after its line number `lines`. Gives all lines it wrote. */
async function train(
  database: string,
  seed: number,
  kill?: { lines: number; delay: number },
): Promise<Line[]> {
  const child = spawn(process.execPath, [script, database, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines: Line[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(JSON.parse(line) as Line);
    if (lines.length !== kill?.lines) continue;
    await sleep(kill.delay);
    child.kill('SIGKILL');
  }
  const [code, signal] = (await closed) as [number | null, string | null];
  expect({ code, signal }).toEqual(kill ? { code: null, signal: 'SIGKILL' } : { code: 0, signal: null });
  return lines;
}

/** Number of images of the checkpoint, after the database has been found in order. */
function lookInto(database: string, target: string): number {
  const store = openStore(database);
  try {
    expect(store.clean()).toMatchObject({ orphansDropped: 0, repaired: [], renamed: [], corrupt: [] });
    expect(store.list()).toEqual([]);
    return Number(store.loadCheckpoint(target)?.parameters.n_iter ?? 0);
  } finally {
    store.close();
  }
}

/** Kills a training again and again and lets it end at last; how far it had come each time. */
async function killAgainAndAgain(seed: number, kills: number): Promise<number[]> {
  const folder = makeFolder();
  const database = join(folder, 'networks.db');
  const whole = buildKilledNetwork(seed, join(folder, 'other.db'));
  const target = await whole.nameAfter(killedTraining);
  const random = new RandomStream(seed, 'user');
  const committed: number[] = [0];
  for (let kill = 0; kill < kills; kill++) {
    // After a few images, in them or in the saving of a checkpoint (each takes some milliseconds); once at the very beginning.
    const lines = kill === 2 ? 1 : 2 + random.nextBelow(5);
    const written = await train(database, seed, { lines, delay: 12 * random.nextFloat() });
    expect(written[0].from).toBe(committed.at(-1));
    const told = written.at(-1)?.done ?? committed.at(-1) ?? 0;
    const found = lookInto(database, target);
    // Images are told before their checkpoint is saved: those told before the last ones are committed.
    expect(found).toBeGreaterThanOrEqual(Math.max(committed.at(-1) ?? 0, told - killedTraining.checkpoint));
    expect(found).toBeLessThanOrEqual(told);
    committed.push(found);
  }
  const end = (await train(database, seed)).at(-1);
  await whole.train({ nIter: killedTraining.nIter });
  const { stateHash } = whole.toRecord();
  expect(end).toEqual({ saved: target, stateHash });
  const store = openStore(database);
  expect(store.load(target).stateHash).toBe(stateHash);
  expect(store.loadCheckpoint(target)).toBeUndefined();
  store.close();
  whole.dispose();
  return committed.slice(1);
}

describe('kill -9 in training', () => {
  const timeout = 120_000;
  it('at any of 20 moments: every network resumes from what was committed and ends as if nothing had been', {
    timeout,
  }, async () => {
    const nKills = 5;
    const runs = await Promise.all([1, 2, 3, 4].map((seed) => killAgainAndAgain(seed, nKills)));
    expect(runs.flat()).toHaveLength(20);
    for (const committed of runs) {
      expect(committed).toEqual(committed.toSorted((a, b) => a - b));
      // It was killed on its way, not before or behind it.
      expect(committed.at(-1)).toBeGreaterThan(nKills * 2);
      expect(committed.at(-1)).toBeLessThan(killedTraining.nIter);
    }
  });
});
