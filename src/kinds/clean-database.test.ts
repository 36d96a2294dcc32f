/** What cleaning finds with the help of the kinds: damaged networks and checkpoints, and those of unknown kinds. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { makeToyRecord, toyKind } from '../../test/support/toy-kind.js';
import { withStore } from '../store/index.js';
import { cleanDatabase } from './clean-database.js';
import type { Kind } from './kind.js';
import { defineKind } from './loaded-kinds.js';

const kind: Kind = {
  ...toyKind,
  checkpoint: { ...toyKind.checkpoint, meta: (z) => z.strictObject({ done: z.int() }) },
};

it('networks are checked as networks, checkpoints as checkpoints, and unknown types are named', () => {
  defineKind(kind);
  const path = join(makeFolder(), 'networks.db');
  const record = makeToyRecord();
  withStore(path, (store) => {
    store.save({ ...record, name: 'sound' });
    store.save({ ...record, name: 'broken', meta: { done: 3 } });
    store.save({ ...record, name: 'foreign', parameters: { network_type: 'Foreign' } });
    store.saveCheckpoint('sound', { ...record, meta: { done: 3 } });
    store.saveCheckpoint('broken', record);
  });
  const corrupt = [
    { kind: 'network', name: 'broken', problem: 'meta.done: expected no field of this name' },
    { kind: 'checkpoint', name: 'broken', problem: 'meta.done: expected a number, got undefined' },
  ];
  expect(cleanDatabase({ path })).toMatchObject({
    checked: 5,
    corrupt,
    corruptDropped: 0,
    unknownTypes: ['Foreign'],
    unchecked: [],
  });
  expect(cleanDatabase({ path, dropCorrupt: true })).toMatchObject({ corrupt, corruptDropped: 2 });
  withStore(path, (store) => {
    expect(store.list().map(({ name }) => name)).toEqual(['sound', 'foreign']);
    expect(store.listCheckpoints().map(({ key }) => key)).toEqual(['sound']);
  });
});
