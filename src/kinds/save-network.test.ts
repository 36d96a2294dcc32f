/** The one way into the database: who may take a name, and what may be stored. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { makeToyRecord, toyKind } from '../../test/support/toy-kind.js';
import { type NetworkInput, type NetworkStore, openStore } from '../store/index.js';
import { claimName, saveNetwork } from './save-network.js';

function newStore(): NetworkStore {
  const store = openStore(join(makeFolder(), 'networks.db'));
  onTestFinished(() => store.close());
  return store;
}

const named = (record: NetworkInput, name = 'digits'): NetworkInput => ({ ...record, name });
const stored = named(makeToyRecord({ nIter: 20 }));

const claim = (store: NetworkStore, next: NetworkInput, overwrite?: boolean) =>
  claimName(store, toyKind, { name: 'digits', next, overwrite, place: 'train' });
const bearer = /: the name "digits" belongs to another network \(Toy, [0-9a-f]{12}\)/;

describe('the name of a stored network', () => {
  it.each([
    ['the same network', makeToyRecord({ nIter: 20 })],
    ['a continuation of it', makeToyRecord({ nIter: 40 })],
  ])('is given to %s', (_, next) => {
    const store = newStore();
    saveNetwork(store, toyKind, stored);
    claim(store, next);
    saveNetwork(store, toyKind, named(next));
    expect(store.view('digits').parameters).toEqual(next.parameters);
  });

  it.each([
    ['an earlier state of it', makeToyRecord({ nIter: 10 })],
    ['another network of the kind', makeToyRecord({ nIter: 20, seed: 1 })],
  ])('is given to %s only on purpose', (_, next) => {
    const store = newStore();
    saveNetwork(store, toyKind, stored);
    expect(() => claim(store, next)).toThrow(bearer);
    expect(() => saveNetwork(store, toyKind, named(next))).toThrow(bearer);
    expect(store.view('digits').parameters).toEqual(stored.parameters);
    claim(store, next, true);
    saveNetwork(store, toyKind, named(next), { overwrite: true });
    expect(store.view('digits').parameters).toEqual(next.parameters);
  });
});

describe('saveNetwork', () => {
  it('keeps a network of another kind, whatever its parameters', () => {
    const store = newStore();
    store.save({ ...stored, parameters: { ...stored.parameters, network_type: 'Other' } });
    expect(() => saveNetwork(store, toyKind, named(makeToyRecord({ nIter: 40 })))).toThrow(
      'belongs to another network (Other, ',
    );
  });

  it('stores nothing that could not be read again', () => {
    const store = newStore();
    const broken = named({ ...makeToyRecord(), meta: { note: 'x' } });
    expect(() => saveNetwork(store, toyKind, broken)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: 'save network "digits", meta.note: expected no field of this name',
      }),
    );
    expect(store.list()).toEqual([]);
  });
});
