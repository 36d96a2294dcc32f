/** Options are read by a schema: defaults for what is left out, errors for unknown names and wrong values. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, list, number, oneOf, readOptions, record, required, type Schema } from './options.js';

interface Example {
  size: number;
  rate?: number;
  share?: number;
  order?: 'rows' | 'columns';
  levels?: readonly number[];
  rates?: Readonly<Record<string, number>>;
}

const schema: Schema<Example> = {
  size: required(count({ unit: 'pixels' })),
  rate: number({ above: 0, unit: 'Hz' }),
  share: number({ least: 0, below: 1 }),
  order: oneOf(['rows', 'columns']),
  levels: list(number(), { least: 1 }),
  rates: record(number({ least: 0 })),
};

const read = (given: unknown) => readOptions('Example', schema, given);

describe('readOptions', () => {
  it('gives back what fits, and leaves out what is undefined', () => {
    expect(read({ size: 3, rate: undefined, order: 'rows' })).toEqual({ size: 3, order: 'rows' });
    expect(Object.keys(read({ size: 3, rate: undefined }))).toEqual(['size']);
  });

  it.each([
    [{ sise: 3 }, 'Example: unknown option "sise". Did you mean "size"? Known: size, rate, share,'],
    [{}, 'Example: expected size to be a whole number of pixels ≥ 1, got undefined'],
    [undefined, 'Example: expected size to be a whole number of pixels ≥ 1, got undefined'],
    [null, 'Example: expected options as an object, got null'],
    [3, 'Example: expected options as an object, got 3'],
    [[], 'Example: expected options as an object, got []'],
    [{ size: 1, rate: 0 }, 'Example: expected a finite rate > 0 Hz, got 0'],
    [{ size: 1, rate: 1e300 }, 'Example: expected rate from −3.4e38 to 3.4e38 (float32), got 1e+300'],
    [{ size: 1, share: 1 }, 'Example: expected share in [0, 1), got 1'],
    [{ size: 1, order: 'row' }, 'Example: unknown order "row". Did you mean "rows"? Known: rows, columns.'],
    [{ size: 1, order: 3 }, 'Example: expected order to be one of rows, columns, got 3'],
    [{ size: 1, levels: [] }, 'Example: expected levels to be a list of at least 1, got []'],
    [{ size: 1, levels: [1, Number.NaN] }, 'Example: expected a finite levels[1], got NaN'],
    [{ size: 1, rates: { weights: -1 } }, 'Example: expected a finite rates.weights ≥ 0, got -1'],
    [{ size: 1n }, 'Example: expected size to be a whole number of pixels ≥ 1, got "1"'],
    [{ size: () => 1 }, 'Example: expected size to be a whole number of pixels ≥ 1, got a function'],
  ])('of %o says why it cannot', (given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  it('suggests the name that one wrong letter, or an ending, hides', () => {
    const lif: Schema<{ thresh?: number }> = { thresh: number() };
    expect(() => readOptions('LIF', lif, { treshold: 1 })).toThrow('mean "thresh"?');
    const names = ['kernelSize', 'stride', 'padding', 'normalizeInitially', 'thresh'];
    const all: Schema<Partial<Record<string, number>>> = Object.fromEntries(
      names.map((name) => [name, number()]),
    );
    const typos = fc
      .record({ name: fc.constantFrom(...names), at: fc.nat(5), letter: fc.constantFrom('x', 'q', '') })
      .map(({ name, at, letter }) => ({ name, typo: name.slice(0, at) + letter + name.slice(at + 1) }));
    fc.assert(
      fc.property(typos, ({ name, typo }) => {
        expect(() => readOptions('place', all, { [typo]: 1 })).toThrow(`Did you mean "${name}"?`);
      }),
    );
  });

  it('shows a value that contains itself', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => read({ size: circular })).toThrow('got [object Object]');
  });
});
