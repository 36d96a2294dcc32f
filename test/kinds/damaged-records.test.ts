/** Damaged records of every kind: loading names network, field and expectation, clean finds the same, and nothing like it is stored. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCheckpoint } from '../../src/kinds/check-record.js';
import { cleanDatabase } from '../../src/kinds/clean-database.js';
import type { Kind } from '../../src/kinds/kind.js';
import { loadAllKinds, loadKind } from '../../src/kinds/registry.js';
import { saveNetwork } from '../../src/kinds/save-network.js';
import { openCheckpoint } from '../../src/kinds/snn/load-network.js';
import { type Checkpoint, encodeArray, type NetworkRecord, openStore } from '../../src/store/index.js';
import { runHere } from '../cli/run-cli.js';
import { sampleNetwork } from '../store/sample-network.js';
import { attempt } from '../support/import-database.js';
import { makeFolder } from '../support/make-folder.js';

const fixture = join(import.meta.dirname, '../fixtures/databases/version-1.db');

/** Meta data that a record may lack. */
const optional = new Set(['sets', 'origin', 'parent', 'givenName']);

/** One record of a kind, alone in a database. */
interface Sample {
  readonly entry: 'network' | 'checkpoint';
  readonly type: string;
  readonly name: string;
  /** Fresh copies of the database. */
  readonly copy: () => string;
}

const networks: [label: string, type: string, name: string][] = [
  ['LC_SNN with all of a readout', 'LC_SNN', '8a4d179b8119'],
  ['LC_SNN with trained competition', 'LC_SNN', 'competition-after-xy'],
  ['C_SNN', 'C_SNN', 'baf84b2a52db'],
  ['imported C_SNN', 'C_SNN', '522ee18cba17'],
  ['FC_SNN', 'FC_SNN', '29d53c4874c8'],
  ['NNMF', 'NNMF', '6a663c001e5c'],
  ['SBS', 'SBS', '3e950e7516a7'],
  ['ReLU', 'ReLU', 'relu'],
  ['ReLU_SNN', 'ReLU_SNN', '123c323b0ad5'],
];
const samples: [label: string, sample: () => Sample][] = [
  ...networks.map(([label, type, name]): [string, () => Sample] => [
    label,
    () => isolate('network', type, name),
  ]),
  ...['LC_SNN', 'NNMF', 'SBS', 'ReLU', 'ReLU_SNN'].map((type): [string, () => Sample] => [
    `checkpoint of ${type}`,
    () => isolate('checkpoint', type),
  ]),
];

beforeAll(() => loadAllKinds());

/** A copy of the fixture with one record alone. */
function isolate(entry: Sample['entry'], type: string, prefix = ''): Sample {
  const path = join(makeFolder(), 'one.db');
  copyFileSync(fixture, path);
  const store = openStore(path);
  const name =
    entry === 'network'
      ? store.load(prefix).name
      : store.listCheckpoints().find(({ parameters }) => parameters.network_type === type)!.key;
  for (const other of store.list()) if (entry !== 'network' || other.name !== name) store.delete(other.name);
  for (const { key } of store.listCheckpoints()) {
    if (entry !== 'checkpoint' || key !== name) store.deleteCheckpoint(key);
  }
  store.clean();
  store.close();
  const bytes = readFileSync(path);
  const copy = () => {
    const fresh = join(makeFolder(), 'copy.db');
    writeFileSync(fresh, bytes);
    return fresh;
  };
  return { entry, type, name, copy };
}

/** Opens the record as a program does. */
function open(kind: Kind, { entry, name }: Sample, path: string): void {
  const store = openStore(path);
  try {
    if (entry === 'network') openRecord(kind, store.load(name));
    else openUnfinished(kind, store.loadCheckpoint(name)!);
  } finally {
    store.close();
  }
}

function openRecord(kind: Kind, record: NetworkRecord): void {
  kind.open(record, {}).dispose?.();
}

function openUnfinished(kind: Kind, checkpoint: Checkpoint): void {
  if (kind.types.includes('LC_SNN')) openCheckpoint(checkpoint, {}).dispose();
  else checkCheckpoint(kind.checkpoint, checkpoint);
}

/** The message of the error that damage leads to, which both loading and cleaning give. */
async function findDamage(sample: Sample, sql: string, ...values: unknown[]): Promise<string> {
  const path = sample.copy();
  const outside = new Database(path);
  expect(outside.prepare(sql).run(...values).changes).toBe(1);
  outside.close();
  const kind = await loadKind(sample.type);
  const { corrupt } = cleanDatabase({ path });
  const place = `${sample.entry} "${sample.name}", `;
  const error = attempt(() => open(kind, sample, path));
  const problem = error?.message.slice(place.length);
  const [code, message] = problem === undefined ? [] : ['STORE_CORRUPT', place + problem];
  expect([error?.code, error?.message]).toEqual([code, message]);
  const found = { kind: sample.entry, name: sample.name, problem };
  expect(corrupt).toEqual(problem === undefined ? [] : [found]);
  return problem ?? 'no error';
}

const tableOf = ({ entry }: Sample) => (entry === 'network' ? 'networks' : 'checkpoints');
const arraysOf = ({ entry }: Sample) => (entry === 'network' ? 'arrays' : 'checkpoint_arrays');

/** The arrays of a sample; of many, the first, some within, and the last. */
function readSample(sample: Sample) {
  const store = openStore(sample.copy());
  const { meta, arrays } =
    sample.entry === 'network' ? store.load(sample.name) : store.loadCheckpoint(sample.name)!;
  store.close();
  const entries = Object.entries(arrays);
  const step = Math.ceil(entries.length / 9);
  return { meta, arrays: entries.filter((_, i) => i % step === 0 || i === entries.length - 1) };
}

describe.each(samples)('%s', (_, make) => {
  let made: Sample | undefined;
  const takeSample = () => (made ??= make());

  it('is sound as it was stored', async () => {
    const sample = takeSample();
    expect(await findDamage(sample, `UPDATE ${tableOf(sample)} SET created = created`)).toBe('no error');
  });

  it('is not read without meta data', async () => {
    const sample = takeSample();
    const message = await findDamage(sample, `UPDATE ${tableOf(sample)} SET meta = '{}'`);
    expect(message).toMatch(/^meta\.\w+: expected .+, got undefined$/);
  });

  it('names each field of the meta data that is missing, of another type, or too much', async () => {
    const sample = takeSample();
    const { meta } = readSample(sample);
    const replace = (next: object) =>
      findDamage(sample, `UPDATE ${tableOf(sample)} SET meta = ?`, JSON.stringify(next));
    for (const [field, value] of Object.entries(meta)) {
      const { [field]: _missing, ...rest } = meta;
      const expected = optional.has(field) ? 'no error' : `meta\\.${field}: expected .+, got undefined`;
      expect(await replace(rest)).toMatch(new RegExp(`^${expected}$`));
      const wrong = typeof value === 'string' || value === null ? 7 : 'x';
      expect(await replace({ ...meta, [field]: wrong })).toMatch(
        new RegExp(`^meta\\.${field}: expected .+, got ${JSON.stringify(wrong)}$`),
      );
    }
    expect(await replace({ ...meta, more: 1 })).toBe('meta.more: expected no field of this name');
  });

  it('names each array that is renamed, of another type or shape, cut short, or not a number', async () => {
    const sample = takeSample();
    const { arrays } = readSample(sample);
    const table = arraysOf(sample);
    for (const [name, { shape, data }] of arrays) {
      const renamed = await findDamage(sample, `UPDATE ${table} SET name = 'away' WHERE name = ?`, name);
      expect(renamed).toMatch(/^array ".+": expected (.+, which is missing|no array of this name, only .+)$/);
      expect(renamed).toMatch(new RegExp(`^array "(${name}|away)"`));
      const put = (array: Parameters<typeof encodeArray>[0]) =>
        findDamage(sample, `UPDATE ${table} SET data = ? WHERE name = ?`, encodeArray(array, name), name);
      const at = `array "${name}"`;
      const text = shape.join(' × ');
      expect(await put({ shape, data: Int8Array.from(data, () => 1) })).toMatch(
        new RegExp(`^${at}: expected \\w+ .+, got int8 ${text}$`),
      );
      expect(await put({ shape: [1, ...shape], data })).toMatch(
        new RegExp(`^${at}: expected \\w+ .+, got \\w+ 1 × ${text}$`),
      );
      const cut = `UPDATE ${table} SET data = substr(data, 1, length(data) - 1) WHERE name = ?`;
      expect(await findDamage(sample, cut, name)).toMatch(new RegExp(`^${at}: expected checksum `));
      if (!(data instanceof Float32Array || data instanceof Float64Array)) continue;
      const broken = data.slice();
      broken[broken.length - 1] = Number.NaN;
      const message = await put({ shape, data: broken });
      expect(message).toMatch(/: expected a (finite )?number.*, got NaN$/);
      expect(message).toContain(`${at}[${data.length - 1}]`);
    }
  });

  it('is read or named as damaged, whatever its meta data become', async () => {
    const sample = takeSample();
    const kind = await loadKind(sample.type);
    const store = openStore(sample.copy());
    const { entry, name } = sample;
    const whole = entry === 'network' ? store.load(name) : store.loadCheckpoint(name)!;
    store.close();
    const paths = listPaths(whole.meta);
    const change = fc.record({
      path: fc.constantFrom(...paths),
      value: fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.double()),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const meta = changes.reduce((json, { path, value }) => replaceAt(json, path, value), whole.meta);
        const error = attempt(() =>
          entry === 'network'
            ? openRecord(kind, { ...(whole as NetworkRecord), meta })
            : openUnfinished(kind, { ...(whole as Checkpoint), meta }),
        );
        expect([undefined, 'STORE_CORRUPT']).toContain(error?.code);
      }),
      { numRuns: 40 },
    );
  });
});

type Path = readonly (string | number)[];

/** Every place in a JSON value, itself left out. */
function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path.concat(Array.isArray(value) ? Number(key) : key);
    return [here as Path].concat(listPaths(inner, here));
  });
}

/** A copy with another value at one place; undefined: without it. */
function replaceAt<T extends object>(whole: T, path: Path, value: unknown): T {
  const copy = JSON.parse(JSON.stringify(whole)) as T;
  let at: Record<string | number, unknown> = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    const inner = at[key];
    if (typeof inner !== 'object' || inner === null) return copy;
    at = inner as typeof at;
  }
  at[path.at(-1)!] = value;
  return JSON.parse(JSON.stringify(copy)) as T;
}

describe('clean', () => {
  it('finds nothing wrong with what version 0.1.0 stored', () => {
    const path = join(makeFolder(), 'whole.db');
    copyFileSync(fixture, path);
    expect(cleanDatabase({ path })).toMatchObject({ corrupt: [], unknownTypes: [], unchecked: [] });
  });

  it('leaves alone what nobody knows, and says so', async () => {
    const path = join(makeFolder(), 'networks.db');
    const store = openStore(path);
    const toy = store.save(sampleNetwork({ network_type: 'Unheard' }));
    const elsewhere = store.save({
      ...record(isolate('network', 'NNMF', '6a663c001e5c')),
      name: 'elsewhere',
    });
    store.close();
    const outside = new Database(path);
    outside.exec(
      `UPDATE networks SET parameters = replace(parameters, '"mnist-10k"', '"of-mine"') WHERE name = 'elsewhere'`,
    );
    outside.close();
    const report = cleanDatabase({ path, dropCorrupt: true });
    expect(report).toMatchObject({ corrupt: [], corruptDropped: 0, unknownTypes: ['Unheard'] });
    expect(report.unchecked).toEqual([
      { kind: 'network', name: elsewhere, problem: expect.stringContaining('unknown data set "of-mine"') },
    ]);
    const { code, stdout } = await runHere(['clean', '--db', path]);
    expect(code).toBe(0);
    expect(stdout).toContain('no kind knows networks of type Unheard: they are left as they are');
    expect(stdout).toContain('network elsewhere is left as it is: ');
    const again = openStore(path);
    expect(
      again
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([toy, elsewhere].sort());
    again.close();
  });

  it('reports on the command line, and deletes only when asked to', async () => {
    const sample = isolate('network', 'ReLU', 'relu');
    const path = sample.copy();
    const outside = new Database(path);
    outside.exec(`UPDATE networks SET meta = json_set(meta, '$.history[1].testCorrect', 'x')`);
    outside.close();
    const problem = 'meta.history[1].testCorrect: expected a number in [0, 1], got "x"';
    const found = await runHere(['clean', '--db', path]);
    expect([found.code, found.stdout]).toEqual([
      1,
      expect.stringContaining(`network relu is damaged: ${problem}`),
    ]);
    const dropped = await runHere(['clean', '--drop-corrupt', '--db', path]);
    expect([dropped.code, dropped.stdout]).toEqual([0, expect.stringContaining('1 damaged entry deleted')]);
    expect(cleanDatabase({ path }).checked).toBe(0);
  });
});

describe('saving', () => {
  it('refuses what could not be read again, and stores nothing', async () => {
    const sample = isolate('network', 'ReLU', 'relu');
    const whole = record(sample);
    const kind = await loadKind('ReLU');
    const store = openStore(join(makeFolder(), 'networks.db'));
    const { '1.weight': weights, ...others } = whole.arrays;
    const data = Float32Array.from(weights.data);
    data[7] = Number.POSITIVE_INFINITY;
    const cases = [
      [{ arrays: { ...others, '1.weight': { ...weights, data } } }, 'array "1.weight"[7]: expected a finite'],
      [{ arrays: others }, 'array "1.weight": expected float32 4 × 784, which is missing'],
      [{ meta: {} }, 'meta.history: expected a list, got undefined'],
      [{ parameters: { ...whole.parameters, architecture: '784' } }, 'parameters: architecture: expected an'],
    ] as const;
    for (const [changes, message] of cases) {
      expect(() => saveNetwork(store, kind, { ...whole, ...changes })).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining(`save network "relu", ${message}`),
        }),
      );
    }
    expect(store.list()).toEqual([]);
    expect(saveNetwork(store, kind, whole)).toBe('relu');
    store.close();
  });
});

function record(sample: Sample): NetworkRecord {
  const store = openStore(sample.copy());
  const found = store.load(sample.name);
  store.close();
  return found;
}
