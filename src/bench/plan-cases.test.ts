import { describe, expect, it } from 'vitest';
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
    expect(cases.map(({ images }) => images)).toEqual([
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
        ({ images, parameters }) => images === 7 && parameters.seed === 3,
      ),
    ).toBe(true);
  });
});
