import { describe, expect, it } from 'vitest';
import { parseFilter, parseSort } from './network-filter.js';
import { UsageError } from './usage-error.js';

describe('parseFilter', () => {
  it.each([
    ['n_filters=100', { n_filters: 100 }],
    ['n_filters=25, 100', { n_filters: [25, 100] }],
    ['c_w=-130..-100', { c_w: { min: -130, max: -100 } }],
    ['lc=0.9..', { lc_accuracy: { min: 0.9 } }],
    ['voting=..0.8', { best_voting_accuracy: { max: 0.8 } }],
    ['c_w_min=-Infinity', { c_w_min: Number.NEGATIVE_INFINITY }],
    ['c_l=true', { c_l: true }],
    ['A_pos=null', { A_pos: null }],
    ['dataset=mnist', { dataset: 'mnist' }],
    ['name=a=b', { name: 'a=b' }],
    ['name="a..b"', { name: 'a..b' }],
    ['name="a, b"', { name: 'a, b' }],
    ['name="a,b", c', { name: ['a,b', 'c'] }],
    ['name="a..b".."c"', { name: { min: 'a..b', max: 'c' } }],
    ['name="12"', { name: '12' }],
    ['name="null"', { name: 'null' }],
    ['name="say ""hi"", you"', { name: 'say "hi", you' }],
    ['name=say "hi"', { name: 'say "hi"' }],
    ['created=2026-01-01..2026-02-01', { created: { min: '2026-01-01', max: '2026-02-01' } }],
  ])('%s', (condition, filter) => {
    expect(parseFilter([condition])).toEqual(filter);
  });

  it('joins conditions on different names', () => {
    expect(parseFilter(['n_filters=100', 'seed=0..2'])).toEqual({ n_filters: 100, seed: { min: 0, max: 2 } });
  });

  it.each([
    [['n_filters']],
    [['=3']],
    [['n_filters=']],
    [['n_filters=..']],
    [['seed=1', 'seed=2']],
    [['lc=1..', 'lc_accuracy=..1']],
  ])('refuses %j', (conditions) => {
    expect(() => parseFilter(conditions)).toThrow(UsageError);
  });
});

it('parseSort: short names of accuracies, also falling', () => {
  expect(['-lc', 'voting', 'n_filters', '-seed'].map(parseSort)).toEqual([
    '-lc_accuracy',
    'best_voting_accuracy',
    'n_filters',
    '-seed',
  ]);
});
