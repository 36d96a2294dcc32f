import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, toPlainJson } from './plain-json.js';

describe('toPlainJson', () => {
  it('loses nothing of what it accepts', () => {
    const tree = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(tree, (value) => {
        // JSON has one zero.
        expect(JSON.stringify(readJson(toPlainJson(value, 'meta'), 'meta'))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves undefined fields out', () => {
    expect(toPlainJson({ a: 1, b: undefined }, 'meta')).toBe('{"a":1}');
  });

  it.each([
    [{ history: [1, { rate: NaN }] }, 'meta.history[1].rate: expected a finite number, got NaN'],
    [{ a: -Infinity }, 'meta.a: expected a finite number, got -Infinity'],
    [{ a: [undefined] }, 'meta.a[0]: expected a value that JSON can hold, got undefined'],
    // oxlint-disable-next-line no-sparse-arrays
    [{ a: [1, , 3] }, 'meta.a[1]: expected a value that JSON can hold, got undefined'],
    [{ w: new Float32Array(3) }, 'meta.w: expected a value that JSON can hold, got "Float32Array"'],
    [{ d: new Date(0) }, 'meta.d: expected a value that JSON can hold'],
    [{ m: new Map() }, 'meta.m: expected a value that JSON can hold'],
    [{ n: 1n }, 'meta.n: expected a value that JSON can hold, got "BigInt"'],
  ])('refuses what JSON would change: %#', (value, message) => {
    expect(() => toPlainJson(value, 'meta')).toThrow(message);
  });
});

describe('readJson', () => {
  it('names the place of what cannot be read', () => {
    expect(() => readJson('{"a":', 'network "x", meta')).toThrow(
      expect.objectContaining({
        code: 'STORE_CORRUPT',
        message: expect.stringContaining('network "x", meta'),
      }),
    );
  });
});
