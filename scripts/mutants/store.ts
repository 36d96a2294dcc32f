/** Mutants of `src/store/`. */
import type { Mutant } from './mutant.js';

export const storeMutants: readonly Mutant[] = [
  {
    file: 'src/store/network-rows.ts',
    why: 'a former name of one network wins over the present name of another',
    find: `if (named !== undefined) return named;
  const aliased = connection
    .sql<Found>('SELECT id, name FROM networks WHERE id = (SELECT network FROM aliases WHERE alias = ?)')
    .get(name);
  if (aliased !== undefined) return aliased;`,
    replace: `const aliased = connection
    .sql<Found>('SELECT id, name FROM networks WHERE id = (SELECT network FROM aliases WHERE alias = ?)')
    .get(name);
  if (aliased !== undefined) return aliased;
  if (named !== undefined) return named;`,
    tests: ['src/store/aliases.test.ts'],
  },
  {
    file: 'src/store/network-rows.ts',
    why: 'the beginning of a name must be one character longer',
    find: 'hashed.length === 0 && name.length >= minPrefixLength',
    replace: 'hashed.length === 0 && name.length > minPrefixLength',
    tests: ['src/store/aliases.test.ts'],
  },
  {
    file: 'src/store/network-rows.ts',
    why: 'children go on naming their parent as it was called before',
    find: "  connection.sql('UPDATE networks SET parent = ? WHERE parent = ?').run(name, old);\n",
    replace: '',
    tests: ['src/store/network-store.test.ts'],
  },
  {
    file: 'src/store/network-query.ts',
    why: 'networks without a value come first',
    find: '`${expression} IS NULL, ${expression}',
    replace: '`${expression} IS NOT NULL, ${expression}',
    tests: ['src/store/network-query.test.ts'],
  },
  {
    file: 'src/store/network-query.ts',
    why: 'the upper end does not belong to a range',
    find: "end === 'min' ? '>=' : '<='",
    replace: "end === 'min' ? '>=' : '<'",
    tests: ['src/store/network-query.test.ts'],
  },
  {
    file: 'src/store/checkpoint-table.ts',
    why: 'a checkpoint keeps the meta data of the one that it replaces',
    find: 'code_version = @code_version, meta = @meta, updated = @now',
    replace: 'code_version = @code_version, updated = @now',
    tests: ['src/store/network-store.test.ts'],
  },
  {
    file: 'src/store/network-store.ts',
    why: 'a function that forbids to overwrite is not heard',
    find: 'if (stored !== undefined && !replaces)',
    replace: 'if (stored !== undefined && !overwrite)',
    tests: ['src/store/network-store.test.ts'],
  },
  {
    file: 'src/store/network-store.ts',
    why: 'the checkpoint of a finished network stays',
    find: "      if (finishes !== undefined) this.#connection.sql('DELETE FROM checkpoints WHERE key = ?').run(finishes);\n",
    replace: '',
    tests: ['src/store/network-store.test.ts'],
  },
  {
    file: 'src/store/network-store.ts',
    why: 'a renamed network takes the place of another one that has its former name',
    find: "'DELETE FROM networks WHERE name = ? AND hash = ? AND id <> ?')\n          .run(replaces, hash, id)",
    replace: "'DELETE FROM networks WHERE name = ? AND id <> ?')\n          .run(replaces, id)",
    tests: ['src/store/network-store.test.ts'],
  },
  {
    file: 'src/store/ancestors.ts',
    why: 'a former name is preferred to the name that a network has',
    find: 'ORDER BY name = @name DESC',
    replace: 'ORDER BY name = @name ASC',
    tests: ['src/store/ancestors.test.ts'],
  },
  {
    file: 'src/store/transfer.ts',
    why: 'damaged networks are exported',
    find: '          readArrays(source, networkArrays, id, `network with id ${id}`);\n',
    replace: '',
    tests: ['src/store/transfer.test.ts'],
  },
  {
    file: 'src/store/transfer.ts',
    why: 'former names stay behind when a network is copied',
    find: "['scores', 'arrays', 'aliases']",
    replace: "['scores', 'arrays']",
    tests: ['src/store/aliases.test.ts'],
  },
  {
    file: 'src/store/array-blob.ts',
    why: 'the checksum does not cover the header',
    find: 'const before = crc32(blob.subarray(0, checksumOffset));\n  return crc32(blob.subarray(shapeOffset), before);',
    replace: 'return crc32(blob.subarray(shapeOffset));',
    tests: ['src/store/array-blob.test.ts'],
  },
  {
    file: 'src/store/inspect.ts',
    why: 'clean takes a given name away',
    find: 'row.name_given === 1 || row.name === hash',
    replace: 'row.name === hash',
    tests: ['src/store/clean.test.ts'],
  },
  {
    file: 'src/store/clean.ts',
    why: 'an alias that is the name of another network is left',
    find: ' OR alias IN (SELECT name FROM networks)',
    replace: '',
    tests: ['src/store/aliases.test.ts'],
  },
  {
    file: 'src/store/migrations/tell-histories.ts',
    why: 'parents keep the name that a network had in version 1',
    find: "    database.prepare('UPDATE networks SET parent = ? WHERE parent = ?').run(to, from);\n",
    replace: '',
    tests: ['src/store/migrations/tell-histories.test.ts'],
  },
  {
    file: 'src/store/migrations/tell-histories.ts',
    why: 'a network with a given name is not found by its old hash',
    find: 'name !== hash && ((taken.byHash.get(hash) ?? 0) > 1 || taken.names.has(hash))',
    replace: 'name !== hash',
    tests: ['src/store/migrations/tell-histories.test.ts'],
  },
  {
    file: 'src/store/canonical-json.ts',
    why: 'the order of the parameters enters the name',
    find: '    .sort()\n    .map((name) => {',
    replace: '    .map((name) => {',
    tests: ['src/store/canonical-json.test.ts'],
  },
  {
    file: 'src/store/state-hash.ts',
    why: 'the shape of an array does not enter the hash of a state',
    find: 'JSON.stringify([name, dtypeOf(data, place), shape])',
    replace: 'JSON.stringify([name, dtypeOf(data, place)])',
    tests: ['src/store/state-hash.test.ts'],
  },
  {
    file: 'src/store/sound-search.ts',
    why: 'a network with an outdated name counts as sound',
    find: ' || !hasItsName(row, derived)',
    replace: '',
    tests: ['src/store/sound-search.test.ts'],
  },
];
