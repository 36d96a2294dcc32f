import { describe, expect, it } from 'vitest';
import type { SnnParameters } from '../kinds/snn/index.js';
import { planCases } from './plan-cases.js';

const describeCase = ({ model, engine, threads, parameters }: ReturnType<typeof planCases>[number]) =>
  `${model} ${parameters.nFilters} ${engine} ${threads}`;

describe('planCases', () => {
  it('usually measures all types of network on one and two threads, and the reference engine once', () => {
    const cases = planCases({});
    expect(cases.map(describeCase)).toEqual([
      'LC_SNN 25 wasm 1',
      'LC_SNN 25 wasm 2',
      'LC_SNN 25 reference 1',
      'LC_SNN 100 wasm 1',
      'LC_SNN 100 wasm 2',
      'LC_SNN 1000 wasm 1',
      'LC_SNN 1000 wasm 2',
      'C_SNN 25 wasm 1',
      'C_SNN 25 wasm 2',
      'C_SNN 100 wasm 1',
      'C_SNN 100 wasm 2',
      'FC_SNN 100 wasm 1',
      'FC_SNN 100 wasm 2',
    ]);
    expect(cases.every(({ images, batch }) => images.train === images.evaluate && batch === 1)).toBe(true);
    expect(cases.map(({ images }) => images.train)).toEqual([
      1000,
      1000,
      10,
      1000,
      1000,
      100,
      100,
      ...Array(6).fill(1000),
    ]);
  });

  it('measures what is chosen; the reference engine has one thread', () => {
    const chosen = {
      models: ['FC_SNN'],
      filters: [36],
      engines: ['reference', 'wasm'],
      threads: [1, 4],
    } as const;
    expect(planCases({ ...chosen, images: 7 }).map(describeCase)).toEqual([
      'FC_SNN 36 reference 1',
      'FC_SNN 36 wasm 1',
      'FC_SNN 36 wasm 4',
    ]);
    expect(
      planCases({ images: 7, seed: 3 }).every(
        ({ images, parameters }) => images.train === 7 && images.evaluate === 7 && parameters.seed === 3,
      ),
    ).toBe(true);
  });

  it('measures GPU engines in batches, in whole ones', () => {
    const selection = { models: ['LC_SNN'], filters: [25], engines: ['wasm', 'gpu', 'gpu-webasm'] } as const;
    const cases = planCases({ ...selection, threads: [2], batches: [1, 8] });
    expect(cases.map(({ engine, threads, batch }) => `${engine} ${threads} ${batch}`)).toEqual([
      'wasm 2 1',
      'gpu 1 1',
      'gpu 1 8',
      'gpu-webasm 2 1',
      'gpu-webasm 2 8',
    ]);
    expect(planCases({ ...selection, batches: [8], images: 10 }).at(-1)?.images).toEqual({
      train: 16,
      evaluate: 16,
    });
  });

  it('measures a stored network instead, on every engine', () => {
    const parameters = { nFilters: 9 } as SnnParameters;
    const stored = { name: 'mine', model: 'C_SNN', parameters } as const;
    const cases = planCases({ stored, engines: ['wasm', 'reference'], threads: [1] });
    expect(cases.map((each) => `${each.stored} ${describeCase(each)}`)).toEqual([
      'mine C_SNN 9 wasm 1',
      'mine C_SNN 9 reference 1',
    ]);
  });
});
