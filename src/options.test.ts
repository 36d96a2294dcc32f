/** Options are read by a schema: defaults for what is left out, errors for unknown names and wrong values. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  count,
  list,
  number,
  oneOf,
  readOptions,
  record,
  renamed,
  required,
  type Schema,
} from './options.js';

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

describe('a former name', () => {
  const renamedSchema: Schema<{ images: number; nIter?: number; dt?: number }> = {
    images: required(count({ unit: 'images' })),
    nIter: renamed('images', count({ unit: 'images' })),
    dt: number(),
  };
  const readAt = (place: string, given: unknown) => readOptions(place, renamedSchema, given);
  const note = (place: string) =>
    `${place}: nIter is now called images; the former name goes with the next version.`;
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('gives the option under its present name, with one warning for every place', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const given = { nIter: 3, dt: 0.5 };
    for (const place of ['First', 'Second', 'First']) {
      expect(readAt(place, given)).toEqual({ images: 3, dt: 0.5 });
    }
    expect(given).toEqual({ nIter: 3, dt: 0.5 });
    const kind = { type: 'DeprecationWarning', code: 'LOCUS_RENAMED' };
    expect(warn.mock.calls).toEqual([
      [note('First'), kind],
      [note('Second'), kind],
    ]);
  });

  it('is noted in the console where there is no process', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubGlobal('process', undefined);
    readAt('Page', { nIter: 3 });
    expect(warn.mock.calls).toEqual([[note('Page')]]);
  });

  it('does not work beside the present name, nor for wrong values, nor is it suggested', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    expect(readAt('Silent', { images: 3, nIter: undefined })).toEqual({ images: 3 });
    expect(() => readAt('Silent', { images: 3, nIter: 3 })).toThrow(
      'Silent: expected images or its former name nIter, not both, got {"images":3,"nIter":3}',
    );
    expect(() => readAt('Silent', { nIter: 0 })).toThrow(
      'Silent: expected nIter to be a whole number of images ≥ 1, got 0',
    );
    expect(() => readAt('Silent', { nIte: 3 })).toThrow(/unknown option "nIte"\.(?!.*nIter).* images, dt/);
    expect(warn).not.toHaveBeenCalled();
  });
});
