import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import type { ListOptions } from './network-query.js';
import type { Score } from './network-record.js';
import { type NetworkStore, openStore } from './network-store.js';

function newStore(): NetworkStore {
  const store = openStore(join(makeFolder(), 'a.db'));
  onTestFinished(() => store.close());
  return store;
}

const lc = (accuracy: number): { lc: Score } => ({ lc: { accuracy, error: 0.01, nIter: 1000 } });

/** Five networks, named by letters, of three types. */
function sampleStore(): NetworkStore {
  const store = newStore();
  store.save(sampleNetwork({ n_filters: 25, c_w: -50 }, { name: 'a', scores: lc(0.85) }));
  store.save(sampleNetwork({ n_filters: 100, c_w: -126.66666666666666 }, { name: 'b', scores: lc(0.92) }));
  store.save(sampleNetwork({ n_filters: 100, c_l: true, c_w_min: null }, { name: 'c', scores: {} }));
  store.save(
    sampleNetwork(
      { network_type: 'NNMF', n_filters: null, epsilon: 0.1, kl: true, layers: [32, 64] },
      { name: 'd', scores: { robustness: { accuracy: 0.7, error: 0.02, nIter: 500 } }, nParameters: 173_344 },
    ),
  );
  store.save(
    sampleNetwork({ network_type: 'FC_SNN', kernel_size: null, crop: 28 }, { name: 'e', scores: lc(0.8) }),
  );
  return store;
}

function namesOf(store: NetworkStore, options: ListOptions): string {
  return store
    .list(options)
    .map(({ name }) => name)
    .join('');
}

describe('list', () => {
  it('knows the rates that networks tell, and those of networks that do not', () => {
    const store = sampleStore();
    store.save(sampleNetwork({ theta_plus: 0.025, tc_theta_decay: Infinity }, { name: 'f' }));
    expect(namesOf(store, { filter: { theta_plus: 0.025 } })).toBe('f');
    expect(namesOf(store, { filter: { theta_plus: 0.05 } })).toBe('abce');
    expect(namesOf(store, { filter: { tcThetaDecay: { min: 2e6 } } })).toBe('f');
    expect(namesOf(store, { sort: 'theta_plus' })).toBe('fabced');
  });

  it.each<[ListOptions['filter'], string]>([
    [{}, 'abcde'],
    [{ network_type: 'LC_SNN' }, 'abc'],
    [{ networkType: 'LC_SNN' }, 'abc'],
    [{ 'network-type': 'LC_SNN', nFilters: 100 }, 'bc'],
    [{ cW: -126.66666666666666 }, 'bcde'],
    [{ c_w: -50 }, 'a'],
    [{ cL: true }, 'c'],
    [{ c_l: false }, 'abde'],
    [{ cWMin: -Infinity }, 'abde'],
    [{ c_w_min: null }, 'c'],
    [{ APos: null }, 'abcde'],
    [{ kernel_size: null }, 'e'],
    [{ network_type: ['NNMF', 'FC_SNN'] }, 'de'],
    [{ n_filters: [null, 100] }, 'bcd'],
    [{ n_filters: [] }, ''],
    [{ nu_pre: 1e-4, nu_post: 1e-2, theta_plus: 0.05, tc_theta_decay: 1e6 }, 'abce'],
    [{ thetaPlus: { max: 0.04 } }, ''],
    [{ theta_plus: null }, 'd'],
    [{ n_filters: { min: 25 } }, 'abce'],
    [{ n_filters: { min: 26, max: 100 } }, 'bc'],
    [{ c_w: { max: -100 } }, 'bcde'],
    [{ lc_accuracy: { min: 0.85 } }, 'ab'],
    [{ lcAccuracy: null }, 'cd'],
    [{ nParameters: { min: 40_000 } }, 'd'],
    [{ name: ['a', 'e', 'nobody'] }, 'ae'],
    // Names that only some stored network has.
    [{ epsilon: 0.1 }, 'd'],
    [{ epsilon: null }, 'abce'],
    [{ kl: true }, 'd'],
    [{ layers: '[32,64]' }, 'd'],
    [{ robustness_accuracy: { max: 0.7 } }, 'd'],
    [{ robustnessNIter: 500 }, 'd'],
    [{ created: { min: '2020-01-01' } }, 'abcde'],
    [{ name: "' OR 1 = 1 --" }, ''],
  ])('keeps with filter %j networks %s', (filter, expected) => {
    expect(namesOf(sampleStore(), { filter })).toBe(expected);
  });

  it.each<[ListOptions, string]>([
    [{ sort: 'n_filters' }, 'aebcd'],
    [{ sort: '-n_filters' }, 'bcaed'],
    [{ sort: 'lcAccuracy' }, 'eabcd'],
    [{ sort: '-lc_accuracy' }, 'baecd'],
    [{ sort: '-lc_accuracy', limit: 2 }, 'ba'],
    [{ sort: '-name' }, 'edcba'],
    [{ sort: '-epsilon' }, 'dabce'],
    [{ sort: '-robustness_accuracy', limit: 1 }, 'd'],
    [{ limit: 0 }, ''],
    [{ filter: { network_type: 'LC_SNN' }, sort: '-c_w', limit: 1 }, 'a'],
  ])('orders and cuts with %j to %s, those without a value last', (options, expected) => {
    expect(namesOf(sampleStore(), options)).toBe(expected);
  });

  it('finds a network by the exact number of any parameter', () => {
    const store = newStore();
    const number = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 1, maxLength: 10 }), (numbers) => {
        for (const [i, value] of numbers.entries()) {
          store.save(sampleNetwork({ epsilon: value, c_w: value }, { name: `n${i}`, arrays: {} }), {
            overwrite: true,
          });
        }
        for (const [i, value] of numbers.entries()) {
          const filter = { epsilon: value, c_w: { min: value, max: value } };
          expect(store.list({ filter }).map(({ name }) => name)).toContain(`n${i}`);
          expect(store.list({ filter: { ...filter, name: `n${i}` } })[0].parameters.epsilon).toBe(value);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('suggests the name that was meant', () => {
    const store = sampleStore();
    expect(() => store.list({ filter: { n_filter: 25 } })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        message: expect.stringContaining('filter: unknown name "n_filter". Did you mean "n_filters"?'),
      }),
    );
    expect(() => store.list({ sort: '-epsilom' })).toThrow(
      'sort: unknown name "epsilom". Did you mean "epsilon"?',
    );
    expect(() => store.list({ sort: '' })).toThrow('sort: unknown name ""');
    expect(() => store.list({ sort: 'name; DROP TABLE networks' })).toThrow('unknown name');
  });

  it.each([
    [{ filter: { c_w: NaN } }, 'filter c_w: expected a number or text to compare with, got NaN'],
    [{ filter: { c_w: undefined } }, 'filter c_w: expected a number or text to compare with, got undefined'],
    [{ filter: { c_w: {} } }, 'filter c_w: expected a value, a list, or a range { min, max }, got {}'],
    [{ filter: { c_w: { mim: 3 } } }, 'expected a value, a list, or a range { min, max }, got {"mim":3}'],
    [{ filter: { c_w: { min: null } } }, 'expected a number or text to compare with, got null'],
    [{ filter: { c_w: [[1]] } }, 'expected a number or text to compare with, got [1]'],
    [{ limit: -1 }, 'list: expected limit to be a whole number of networks ≥ 0, got -1'],
    [{ limit: 1.5 }, 'list: expected limit to be a whole number of networks ≥ 0, got 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => sampleStore().list(options as unknown as ListOptions)).toThrow(message);
  });
});
