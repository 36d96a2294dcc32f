/** A database of version 0.1.0 comes up to date: all of it is there under the old names, and what shared a name is told apart. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import '../../src/node/engines.js';
import { listCommands } from '../../src/cli/commands/index.js';
import { replaceFormerNames } from '../../src/cli/former-names.js';
import { LC_SNN, loadNetwork, resumeTraining, type Snn } from '../../src/kinds/snn/index.js';
import { type NetworkStore, openStore, stateHash } from '../../src/store/index.js';
import { runJson } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';

interface Training {
  readonly nIter: number;
  readonly nIterCompetition?: number;
  readonly batchSize?: number;
}

type Calls = readonly (readonly ['train' | 'trainTwoSteps', Training])[];

interface Expected {
  readonly networks: readonly {
    readonly name: string;
    readonly hash: string;
    readonly network_type: string;
    readonly state_hash: string;
    readonly arraysHash: string;
    readonly parent: string | null;
    readonly nameGiven: boolean;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly scores: object;
  }[];
  readonly ambiguities: readonly {
    readonly about: string;
    readonly hash: string;
    readonly given?: object;
    readonly members: readonly {
      readonly name: string;
      readonly stateHash: string;
      readonly calls?: Calls;
    }[];
  }[];
  readonly checkpoints: readonly {
    readonly about: string;
    readonly key: string;
    readonly kind: string;
    readonly given?: object;
    readonly calls?: Calls;
    readonly resume: string | null;
    /** The command line of another training that had the same key, and what it leads to. */
    readonly ambiguousWith?: { readonly command: string; readonly stateHash: string };
    /** In which the command line runs. */
    readonly folder?: string;
    readonly result: {
      readonly hash: string;
      readonly stateHash: string;
      readonly arraysHash: string;
      readonly scores: object;
    };
  }[];
  readonly results: readonly {
    readonly experiment: string;
    readonly item: string;
    readonly network: string | null;
  }[];
}

const fixtures = resolve('test/fixtures/databases');
const expected = JSON.parse(readFileSync(join(fixtures, 'version-1.json'), 'utf8')) as Expected;
const options = { dataset: 'mnist-10k', threads: 1 } as const;

function copyFixture(): string {
  const path = join(makeFolder(), 'version-1.db');
  copyFileSync(join(fixtures, 'version-1.db'), path);
  return path;
}

function open(path: string, storeOptions?: Parameters<typeof openStore>[1]): NetworkStore {
  const store = openStore(path, storeOptions);
  onTestFinished(() => store.close());
  return store;
}

function build(given: object): Snn {
  const network = new LC_SNN({ ...options, ...given });
  onTestFinished(() => network.dispose());
  return network;
}

const commands = await listCommands();

/** A command line that ran in a folder of the fixture, for a copy of that folder. */
function wordsOf(line: string, folder: string | undefined): string[] {
  // Its options had other names then; how those are noted is tested elsewhere.
  const words = [...replaceFormerNames(line.split(' '), commands).words];
  if (folder === undefined) return words;
  const copy = makeFolder();
  cpSync(join(fixtures, folder), copy, { recursive: true });
  const config = join(copy, 'net.json5');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('./weights/', join(copy, 'weights/')));
  const paths: Record<string, string> = {
    'net.json5': config,
    '../mnist': join(fixtures, folder, '../mnist'),
  };
  return words.map((word) => paths[word] ?? word);
}

/** The version of a file, and a hash of the rows of each of its tables. */
function fingerprint(path: string): object {
  const database = new Database(path, { readonly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all() as string[];
    const hashRows = (table: string) => {
      const hash = createHash('sha256');
      for (const row of database.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][]) {
        for (const value of row) hash.update(value instanceof Uint8Array ? value : JSON.stringify(value));
      }
      return hash.digest('hex');
    };
    const version: unknown = database.pragma('user_version', { simple: true });
    return { version, ...Object.fromEntries(tables.map((table) => [table, hashRows(table)])) };
  } finally {
    database.close();
  }
}

const isAmbiguous = (hash: string) => expected.ambiguities.some((each) => each.hash === hash);

describe.each([
  ['brought up to date', {}],
  ['read in a copy in memory', { readonly: true }],
])('a database of version 0.1.0, %s', (_, storeOptions) => {
  it('has every network under its old name and hash, whole', () => {
    const store = open(copyFixture(), storeOptions);
    expect(store.list()).toHaveLength(expected.networks.length);
    for (const { name, state_hash, arraysHash, scores } of expected.networks) {
      const loaded = store.load(name);
      expect(loaded).toMatchObject({ stateHash: state_hash, scores });
      expect(stateHash(loaded.arrays)).toBe(arraysHash);
    }
    // Also by their hash and its beginning, where that meant one network.
    for (const { hash, state_hash } of expected.networks.filter((each) => !isAmbiguous(each.hash))) {
      for (const key of [hash, hash.slice(0, 8)]) expect(store.load(key).stateHash).toBe(state_hash);
    }
  });

  it('keeps every name that meant one network', () => {
    const store = open(copyFixture(), storeOptions);
    const kept = expected.networks.filter(
      ({ hash, network_type }) => !isAmbiguous(hash) && network_type !== 'SBS',
    );
    expect(kept.length).toBeGreaterThan(10);
    for (const { name, hash } of kept) expect(store.view(name)).toMatchObject({ name, hash });
  });
});

describe('networks that shared a name', () => {
  it.each(expected.ambiguities)('are told apart: $about', async ({ hash, given, members }) => {
    const store = open(copyFixture());
    const found = members.map(({ name }) => store.load(name));
    expect(found.map((each) => each.stateHash)).toEqual(members.map((member) => member.stateHash));
    expect(new Set(found.map((each) => each.hash)).size).toBe(members.length);
    // The old hash means what it meant: the network that had it for its name.
    expect(store.load(hash).stateHash).toBe(members[0].stateHash);
    // The same trainings give the new names.
    for (const [i, { calls = [], stateHash: state }] of members.entries()) {
      if (!given) continue;
      const network = build(given);
      for (const [method, training] of calls) await network[method](training);
      const record = network.toRecord();
      if (record.stateHash !== state) throw new Error(`${found[i].name}: trained to another state`);
      if (JSON.stringify(record.parameters.history) !== JSON.stringify(found[i].parameters.history))
        throw new Error(`${found[i].name}: ${String(record.parameters.history)}`);
    }
  });

  it('go on under the name of the whole history', async () => {
    const database = copyFixture();
    const { given = {}, members } = expected.ambiguities[0];
    const loaded = loadNetwork(members[1].name, { ...options, engine: 'reference', database });
    onTestFinished(() => loaded.dispose());
    const network = build(given);
    for (const [method, training] of members[1].calls ?? []) await network[method](training);
    for (const each of [loaded, network]) await each.train({ nIter: 3 });
    expect(loaded.toRecord().parameters).toEqual(network.toRecord().parameters);
    expect(loaded.toRecord().stateHash).toBe(network.toRecord().stateHash);
  });
});

describe('what refers to a network', () => {
  it('follows: parents and results', () => {
    const store = open(copyFixture());
    for (const { name, parent } of expected.networks) {
      const stored = expected.networks.some((other) => other.name === parent);
      const now = store.view(name).parent;
      expect(now).toBe(stored ? store.view(String(parent)).name : parent);
    }
    expect(store.listResults()).toMatchObject(expected.results);
  });

  it('follows where parent, result and checkpoint name a network that is renamed', () => {
    const path = copyFixture();
    const [{ hash }] = expected.ambiguities.slice(1);
    const database = new Database(path);
    database.prepare("UPDATE networks SET parent = ? WHERE name = 'in-order'").run(hash);
    database.prepare("INSERT INTO results VALUES ('mine', 'one', '{}', ?, '2026-01-01')").run(hash);
    database
      .prepare(`UPDATE checkpoints SET meta = json_set(meta, '$.parent', ?) WHERE key = ?`)
      .run(hash, expected.checkpoints[0].key);
    database.close();
    const store = open(path);
    const { name } = store.view(hash);
    expect(name).not.toBe(hash);
    expect(store.view('in-order').parent).toBe(name);
    expect(store.listResults('mine')).toMatchObject([{ network: name }]);
    expect(store.loadCheckpoint(expected.checkpoints[0].key)?.meta.parent).toBe(name);
  });
});

describe('unfinished trainings', () => {
  const spiking = expected.checkpoints.filter(({ kind }) => kind === 'LC_SNN');
  const resumable = expected.checkpoints.filter(({ resume }) => resume !== null);

  it.each(resumable)(
    'go on to the same bits: $about',
    async ({ resume, folder, result }) => {
      const path = copyFixture();
      const { name } = await runJson(...wordsOf(String(resume), folder), '--db', path);
      const store = open(path);
      const loaded = store.load(String(name));
      expect(loaded).toMatchObject({ stateHash: result.stateHash, scores: result.scores });
      expect(stateHash(loaded.arrays)).toBe(result.arraysHash);
      // Only a name that did not say whose data these are is another one now.
      expect(loaded.parameters.data_hash !== undefined || loaded.hash === result.hash).toBe(true);
    },
    120_000,
  );

  it('with a key that meant two trainings belong to the one that began them', async () => {
    const database = copyFixture();
    const { key, given = {}, result, ambiguousWith } = spiking[spiking.length - 1];
    const asked = { ...options, engine: 'reference', database };
    expect(resumeTraining(key, asked)).toBeNull();
    const network = build({ ...given, database });
    expect(await network.nameAfter({ nIter: 10, batchSize: 2 })).toBe(key);
    await network.train({ nIter: 5, batchSize: 2 });
    const target = await network.nameAfter({ nIter: 5, batchSize: 2 });
    const resumed = resumeTraining(target, asked);
    if (!resumed) throw new Error('expected the checkpoint');
    onTestFinished(() => resumed.dispose());
    expect(resumed.nIter).toBe(7);
    await resumed.continueTraining();
    expect(resumed.toRecord().stateHash).toBe(result.stateHash);
    expect(resumed.save()).toBe(target);
    // The command that took the checkpoint for its own trains from the first image.
    const { stateHash: other } = await runJson(
      ...wordsOf(`${String(ambiguousWith?.command)} --resume`, undefined),
      '--db',
      copyFixture(),
    );
    expect(other).toBe(ambiguousWith?.stateHash);
    expect(
      open(database)
        .listCheckpoints()
        .map((each) => each.key),
    ).not.toContain(target);
  });
});

describe('a migration that does not come to its end', () => {
  it('leaves the database of version 0.1.0 where an error ends it', () => {
    const path = copyFixture();
    const database = new Database(path);
    database.exec(
      "CREATE TRIGGER halt BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(ABORT, 'halted'); END",
    );
    database.close();
    const before = fingerprint(path);
    expect(() => openStore(path)).toThrow('halted');
    expect(fingerprint(path)).toEqual(before);
    expect(before).toMatchObject({ version: 1 });
  });

  it('leaves it where the process is killed, and the next one migrates it', async () => {
    const path = copyFixture();
    const before = fingerprint(path);
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      resolve('test/store/migrating-process.ts'),
      path,
    ]);
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect(fingerprint(path)).toEqual(before);
    expect(open(path).list()).toHaveLength(expected.networks.length);
    expect(fingerprint(path)).toMatchObject({ version: 2 });
  }, 60_000);
});
