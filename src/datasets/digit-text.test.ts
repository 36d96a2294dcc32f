/** The digits of the npm package, read without a JSON parser: equal to what one gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigitText } from './digit-text.js';

const encode = (text: string) => new TextEncoder().encode(text);

describe('parseDigitText', () => {
  it('restores every byte from its value over 255, with three decimals or all of them', () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    for (const decimals of [3, 6, 12]) {
      const data = bytes.map((byte) => Number((byte / 255).toFixed(decimals)));
      expect([...parseDigitText(encode(JSON.stringify({ data })), 'x.json')]).toEqual(bytes);
    }
  });

  it('agrees with JSON.parse on any list', () => {
    const pixels = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(pixels, (thousandths) => {
        const text = JSON.stringify({ data: thousandths.map((value) => value / 1000) });
        const expected = (JSON.parse(text) as { data: number[] }).data.map((value) =>
          Math.round(value * 255),
        );
        expect([...parseDigitText(encode(text), 'x.json')]).toEqual(expected);
      }),
    );
  });

  it.each([
    '',
    '{"data":',
    '{"data":[0,0.5',
    '{"data":[0,,1]}',
    '{"data":[]}',
    '{"data":[0,"a"]}',
    '{"data":[1e3]}',
  ])('refuses %j and names the file', (text) => {
    expect(() => parseDigitText(encode(text), '/x/3.json')).toThrow(
      expect.objectContaining({
        code: 'DATA_CORRUPT',
        message: expect.stringMatching(/^\/x\/3\.json: expected a list/),
      }),
    );
  });

  it('refuses a level above 1', () => {
    expect(() => parseDigitText(encode('[0,1.5]'), '/x/3.json')).toThrow(
      'expected pixels from 0 to 1, got 1.5 as pixel 1',
    );
  });
});
