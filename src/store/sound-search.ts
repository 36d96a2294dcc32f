/** Finds the networks that `clean` has nothing to say about; several threads, each with a connection of its own, share the work. */
import { LocusError } from '../errors.js';
import { Connection } from './connection.js';
import { type CheckEntry, derive, hasColumns, hasItsName, inspect, readColumnRow } from './inspect.js';
import { networkArrays } from './network-rows.js';

/** Networks that are shared out among threads, and what is known of them: all of it in memory that the threads share. */
export interface SoundSearch {
  /** Row ids. */
  readonly ids: Float64Array;
  /** 1 for a network that is sound; 0 where that is not known. */
  readonly sound: Uint8Array;
  /** How many networks are taken, and how many threads are at work on theirs. */
  readonly state: Int32Array;
}

/** Threads beside the calling one. */
export interface SearchThreads {
  /** Hands them a search; each takes part, with `joinSearch`, as soon as it can. */
  search(search: SoundSearch): void;
}

const taken = 0;
const working = 1;

/** So many portions of work are taken one by one, so that threads finish together. */
const portions = 256;

/** A portion that takes longer is one of a thread that was killed: it is left to the caller [ms]. */
const patience = 60_000;

/** The ids of all sound networks; a network without them has to be looked at again. */
export function findSound(connection: Connection, threads: SearchThreads, check: CheckEntry): Set<number> {
  const all = connection.sql<number>('SELECT id FROM networks ORDER BY id').pluck().all();
  const ids = new Float64Array(new SharedArrayBuffer(8 * all.length));
  ids.set(all);
  const search: SoundSearch = {
    ids,
    sound: new Uint8Array(new SharedArrayBuffer(all.length)),
    state: new Int32Array(new SharedArrayBuffer(8)),
  };
  threads.search(search);
  takePortions(connection, search, check);
  awaitOthers(search);
  return new Set(all.filter((_, i) => search.sound[i] === 1));
}

/** Takes part in a search of another thread, in the database at `path`, until every network is taken. */
export function joinSearch(path: string, search: SoundSearch, check: CheckEntry): void {
  const { ids, state } = search;
  // Told before anything is taken: then whoever began the search waits for this thread.
  Atomics.add(state, working, 1);
  try {
    if (Atomics.load(state, taken) >= ids.length) return;
    const connection = Connection.open(path, { readonly: true });
    try {
      takePortions(connection, search, check);
    } finally {
      connection.close();
    }
  } finally {
    Atomics.sub(state, working, 1);
    Atomics.notify(state, working);
  }
}

function takePortions(connection: Connection, { ids, sound, state }: SoundSearch, check: CheckEntry): void {
  const portion = Math.ceil(ids.length / portions);
  const take = () => Atomics.add(state, taken, portion);
  for (let first = take(); first < ids.length; first = take()) {
    const end = Math.min(first + portion, ids.length);
    connection.read(() => {
      for (let i = first; i < end; i += 1) sound[i] = Number(isSound(connection, ids[i], check));
    });
  }
}

function awaitOthers({ state }: SoundSearch): void {
  for (let others = Atomics.load(state, working); others > 0; others = Atomics.load(state, working)) {
    if (Atomics.wait(state, working, others, patience) === 'timed-out') return;
  }
}

/** Whether a network needs no repair and has no damage. */
function isSound(connection: Connection, id: number, check: CheckEntry): boolean {
  const row = readColumnRow(connection, id);
  const { problems } = inspect(connection, networkArrays, id, {
    kind: 'network',
    name: row.name,
    meta: row.meta,
    identify: () => {
      const derived = derive(row);
      if (!hasColumns(row, derived) || !hasItsName(row, derived)) {
        throw new LocusError('STORE_CORRUPT', 'expected the columns and the name that follow from them');
      }
      return { name: row.name, parameters: derived.parameters };
    },
    check,
  });
  return problems.length === 0;
}
