/** Which networks a search before cleaning finds sound. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { LocusError } from '../errors.js';
import { Connection } from './connection.js';
import { openStore } from './network-store.js';
import { findSound, joinSearch, type SoundSearch } from './sound-search.js';

const sound = ['given', 'second', 'third'];
/** The changes that leave no network sound. */
const changes = [
  `refrac = 77`,
  `hash = '00'`,
  `parameters = ' ' || parameters`,
  `parameters = '{'`,
  `meta = ''`,
  `name_given = 0`,
];

/** Three sound networks, and one for each change; one more lacks the end of an array. */
function makeDatabase(): string {
  const path = join(makeFolder(), 'networks.db');
  const store = openStore(path);
  sound.forEach((name, seed) => store.save(sampleNetwork({ seed }, { name })));
  changes.forEach((_, i) => store.save(sampleNetwork({ seed: 10 + i }, { name: `change ${i}` })));
  store.save(sampleNetwork({ seed: 99 }, { name: 'cut' }));
  store.close();
  const outside = new Database(path);
  changes.forEach((change, i) =>
    outside.prepare(`UPDATE networks SET ${change} WHERE name = ?`).run(`change ${i}`),
  );
  outside.exec(
    `UPDATE arrays SET data = substr(data, 1, length(data) - 1)
     WHERE name = 'theta' AND network = (SELECT id FROM networks WHERE name = 'cut')`,
  );
  outside.close();
  return path;
}

const namesOf = (connection: Connection, ids: Iterable<number>) =>
  [...ids].map((id) => connection.sql<string>('SELECT name FROM networks WHERE id = ?').pluck().get(id));

it('the search finds what needs no repair and has no damage, alone or with others', () => {
  const path = makeDatabase();
  const connection = Connection.open(path);
  const seen: string[] = [];
  const check = ({ name }: { readonly name: string }) => {
    seen.push(name);
    if (name === 'third') throw new LocusError('STORE_CORRUPT', 'not for me');
  };
  const alone = findSound(connection, { search: () => undefined }, check);
  expect(namesOf(connection, alone)).toEqual(['given', 'second']);
  expect(seen).toEqual(sound);
  // The others take all before this thread begins.
  const shared: SoundSearch[] = [];
  const search = (given: SoundSearch) => {
    shared.push(given);
    joinSearch(path, given, check);
  };
  expect(findSound(connection, { search }, () => expect.unreachable())).toEqual(alone);
  expect(shared[0].state[1]).toBe(0);
  connection.close();
});

it('clean says the same with and without a search before it', () => {
  const reports = [false, true].map((isHelped) => {
    const store = openStore(makeDatabase());
    const checked: string[] = [];
    const check = ({ name }: { readonly name: string }) => void checked.push(name);
    const help = { threads: { search: () => undefined }, prove: () => undefined };
    const report = store.clean({ check }, isHelped ? help : undefined);
    store.close();
    return { report, checked };
  });
  expect(reports[1].report).toEqual(reports[0].report);
  expect(reports[0].report).toMatchObject({ checked: 10, corrupt: { length: 3 }, repaired: { length: 3 } });
  // What was found sound is not looked at again.
  expect(reports[0].checked.filter((name) => !reports[1].checked.includes(name))).toEqual(sound);
});
