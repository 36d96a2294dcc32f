/** The check of records: every part is looked at, and the first wrong value is named. */
import { describe, expect, it } from 'vitest';
import { checkCheckpoint, checkNetworkRecord, checkRecord, type StoredParts } from './check-record.js';
import type { ArrayShape, RecordShape } from './record-shape.js';

type Arrays = {
  readonly w: ArrayShape<'float32'>;
  readonly bias: ArrayShape<'float64'>;
  readonly labels: ArrayShape<'uint8'>;
};

const shape: RecordShape<{ size: number }, { steps: number[] }, Arrays> = {
  parameters: (z) => z.object({ size: z.int() }),
  meta: (z) => z.strictObject({ steps: z.array(z.int().min(1)) }),
  arrays: ({ size }) => ({
    w: { dtype: 'float32', shape: [2, size], elements: 'a finite number > 0' },
    bias: { dtype: 'float64', shape: [2], elements: 'a number or an infinity' },
    labels: { dtype: 'uint8', shape: [null], optional: true },
  }),
};

const w = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const bias = { shape: [2], data: Float64Array.of(0, -Infinity) };
const labels = { shape: [4], data: new Uint8Array(4) };
const record: StoredParts = {
  parameters: { network_type: 'Toy', size: 3 },
  meta: { steps: [1, 2] },
  arrays: { w, bias },
};
const withW = (index: number, value: number) => ({
  arrays: { bias, w: { ...w, data: w.data.map((old, i) => (i === index ? value : old)) } },
});

describe('checkRecord', () => {
  it('gives the values of a sound record, optional arrays included', () => {
    expect(checkRecord(shape, record, { place: '' })).toEqual({ ...record, parameters: { size: 3 } });
    const arrays = { w, bias, labels };
    expect(checkRecord(shape, { ...record, arrays }, { place: '' }).arrays).toEqual(arrays);
  });

  it.each<[string, Partial<StoredParts>, string]>([
    ['a parameter', { parameters: { size: 'x' } }, 'parameters.size: expected a number, got "x"'],
    ['an entry of a list', { meta: { steps: [1, 0] } }, 'meta.steps[1]: expected a number ≥ 1, got 0'],
    ['an unknown field', { meta: { steps: [], note: 1 } }, 'meta.note: expected no field of this name'],
    ['a missing array', { arrays: { w } }, 'array "bias": expected float64 2, which is missing'],
    ['an unknown array', { arrays: { w, bias, v: w } }, 'array "v": expected no array of this name'],
    [
      'another type',
      { arrays: { w, bias: { ...bias, data: new Int32Array(2) } } },
      'expected float64 2, got int32 2',
    ],
    ['another length', { parameters: { size: 2 } }, 'array "w": expected float32 2 × 2, got float32 2 × 3'],
    [
      'another number of elements',
      { arrays: { w: { ...w, data: new Float32Array(5) }, bias } },
      'array "w": expected',
    ],
    ['the first element', withW(0, 0), 'array "w"[0]: expected a finite number > 0, got 0'],
    ['the last element', withW(5, Infinity), 'array "w"[5]: expected a finite number > 0, got Infinity'],
    [
      'no number',
      { arrays: { w, bias: { ...bias, data: Float64Array.of(0, NaN) } } },
      'array "bias"[1]: expected',
    ],
  ])('names %s', (_, change, message) => {
    expect(() => checkRecord(shape, { ...record, ...change }, { place: '' })).toThrow(message);
  });

  it('says what it looked at, and codes the error as asked', () => {
    const broken = { ...record, meta: {}, name: 'digits', key: 'unfinished' };
    const error = (code: string, message: string) => expect.objectContaining({ code, message });
    const problem = 'meta.steps: expected a list, got undefined';
    expect(() => checkCheckpoint(shape, broken)).toThrow(
      error('STORE_CORRUPT', `checkpoint "unfinished", ${problem}`),
    );
    expect(() => checkNetworkRecord(shape, broken as never)).toThrow(
      error('STORE_CORRUPT', `network "digits", ${problem}`),
    );
    expect(() => checkRecord(shape, broken, { place: 'save', code: 'INVALID_ARGUMENT' })).toThrow(
      error('INVALID_ARGUMENT', `save, ${problem}`),
    );
  });
});
