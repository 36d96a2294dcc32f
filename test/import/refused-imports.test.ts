/** Folders that cannot be imported: an error that names them, and a database that is the same byte by byte. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { LocusError } from '../../src/errors.js';
import { importNetwork, loadNetwork } from '../../src/kinds/snn/index.js';
import { RandomStream } from '../../src/core/random/stream.js';
import { makeFolder } from '../support/make-folder.js';
import { attempt, fingerprint, newDatabase } from '../support/import-database.js';
import { writeExample } from '../support/example-originals.js';
import { copyOriginal, withFile, withParameters } from '../support/original-folders.js';
import { call, name as pickledName, text, torchFile } from '../support/pickle-bytes.js';
import { describeCases, walkCases } from '../support/walk-cases.js';

/** The network file with another number in the place of its only tensor that holds `from` alone. */
function withScalar(folder: string, from: number, to: number): string {
  const bytes = readFileSync(join(folder, 'network'));
  const stored = Buffer.alloc(12);
  stored.writeBigInt64LE(1n);
  stored.writeFloatLE(from, 8);
  const at = bytes.indexOf(stored);
  expect(at).toBeGreaterThan(0);
  expect(bytes.indexOf(stored, at + 1)).toBe(-1);
  bytes.writeFloatLE(to, at + 8);
  return withFile(folder, 'network', bytes);
}

/** The error of importing the folder into a database with another network, which stays as it is byte by byte. */
function refusalOf(bad: string): LocusError | undefined {
  const database = newDatabase();
  importNetwork(writeExample('fullyConnected'), { database });
  const before = fingerprint(database);
  const error = attempt(() => importNetwork(bad, { database, overwrite: true }));
  expect(fingerprint(database)).toBe(before);
  expect(error?.message).toContain(bad);
  return error;
}

describe('importNetwork refuses', () => {
  const write = () => writeExample('convolutional');

  it('no folder; and then no database is made either', () => {
    expect(refusalOf(join(makeFolder(), 'nowhere'))?.code).toBe('DATA_MISSING');
    const database = newDatabase();
    expect(attempt(() => importNetwork(makeFolder(), { database }))?.code).toBe('DATA_MISSING');
    expect(existsSync(database)).toBe(false);
  });

  it('a file that names os.system', () => {
    const marker = join(makeFolder(), 'executed');
    const hostile = torchFile(call(pickledName('os', 'system'), text(`touch ${marker}`)));
    for (const file of ['network', 'votes', 'confusion_matrix'] as const) {
      expect(refusalOf(withFile(write(), file, hostile))?.code).toBe('FOREIGN_CONTENT');
    }
    expect(existsSync(marker)).toBe(false);
  });

  it.each<[string, () => string, string, RegExp]>([
    [
      'a truncated file',
      () => {
        const folder = write();
        const bytes = readFileSync(join(folder, 'network'));
        return withFile(folder, 'network', bytes.subarray(0, bytes.length / 2));
      },
      'DATA_CORRUPT',
      /network/,
    ],
    [
      'another threshold',
      () => withScalar(write(), -52, -50),
      'INVALID_ARGUMENT',
      /network, Y\.thresh: expected -52, .* got -50$/,
    ],
    [
      'thresholds that shrink with every spike',
      () => withScalar(write(), 0.05, -0.1),
      'INVALID_ARGUMENT',
      /C_SNN: expected thetaPlus ≥ 0 \[mV\], got -0\.1/,
    ],
    [
      'excitation in the place of competition',
      () => withParameters(writeExample('trainedCompetition'), { c_w: 5 }),
      'INVALID_ARGUMENT',
      /: LC_SNN: expected cW ≤ 0 mV/,
    ],
    [
      'a time that is no multiple of a step',
      () => withParameters(write(), { time_max: 250.5 }),
      'INVALID_ARGUMENT',
      /: C_SNN: expected timeMax to be a multiple of dt = 1 ms, got 250\.5/,
    ],
    [
      'no number of training images',
      () => withParameters(write(), { n_iter: 'many' }),
      'DATA_CORRUPT',
      /parameters\.json, n_iter: expected a number of images, got "many"/,
    ],
    [
      'an unknown way of training',
      () => withParameters(write(), { train_method: 'by heart' }),
      'DATA_CORRUPT',
      /train_method: expected basic or two_steps, got "by heart"/,
    ],
    [
      'an error that is none',
      () => withFile(write(), 'score.json', '{"lc": {"accuracy": 0.9, "error": 7, "n_iter": 10}}'),
      'INVALID_ARGUMENT',
      /score lc: expected error in \[0, 1\], got 7/,
    ],
  ])('%s', (_, makeBad, code, message) => {
    const error = refusalOf(makeBad());
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
  });

  it('a folder whose name cannot be one', () => {
    const folder = write();
    const odd = join(dirname(folder), 'two\nlines');
    renameSync(folder, odd);
    expect(refusalOf(odd)?.message).toMatch(/expected a name of 1 to 200 printable characters/);
  });

  it('50 files mutated at random: refused without a trace, or stored whole', () => {
    const database = newDatabase();
    importNetwork(writeExample('fullyConnected'), { database });
    const folder = write();
    const copy = copyOriginal(folder, 'mutated');
    const original = readFileSync(join(folder, 'network'));
    let refused = 0;
    for (let run = 0; run < 50; run++) {
      const random = new RandomStream(2, 'user', run);
      const bytes = Buffer.from(original);
      bytes[random.nextBelow(bytes.length)] ^= 1 << random.nextBelow(8);
      writeFileSync(join(copy, 'network'), bytes);
      const before = fingerprint(database);
      const load = () =>
        loadNetwork(importNetwork(copy, { database, overwrite: true }), { database, engine: 'reference' });
      const error = attempt(load);
      expect([run, fingerprint(database) === before]).toEqual([run, error !== undefined]);
      if (error) refused++;
    }
    expect(refused).toBeGreaterThan(5);
    expect(refused).toBeLessThan(45);
  });
});

/** Folders of the original program that could not be imported when they were collected. */
const refusedFolders = walkCases('original-networks-refused');

describe('a folder of the original program that is out of the ordinary', () => {
  describeCases(refusedFolders, ({ folder }) => {
    it('is stored whole, or refused by name without a trace', () => {
      const database = newDatabase();
      importNetwork(writeExample('fullyConnected'), { database });
      const before = fingerprint(database);
      const error = attempt(() => {
        const name = importNetwork(folder, { database });
        expect(loadNetwork(name, { database, engine: 'reference' }).name).toBe(basename(folder));
      });
      expect(fingerprint(database) === before).toBe(error !== undefined);
      expect(error?.message ?? folder).toContain(folder);
    });
  });
});
