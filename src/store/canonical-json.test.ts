import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleParameters } from '../../test/store/sample-network.js';
import {
  canonicalJson,
  networkName,
  type ParameterValue,
  parseParameters,
  toColumn,
} from './canonical-json.js';

const scalar = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.string({ unit: 'grapheme' }).filter((text) => !/^-?Infinity$/.test(text)),
  fc.boolean(),
  fc.constant(null),
);
const value: fc.Arbitrary<ParameterValue> = fc.oneof(scalar, fc.array(fc.oneof(scalar, fc.array(scalar))));
const parameters = fc.dictionary(fc.stringMatching(/^[A-Za-z]\w{0,8}$/), value);

/** −0 is spelled 0 and reads back so. */
function withoutNegativeZero(tree: ParameterValue): ParameterValue {
  if (Array.isArray(tree)) return tree.map((item: ParameterValue) => withoutNegativeZero(item));
  return tree === 0 ? 0 : tree;
}

describe('canonicalJson', () => {
  it('sorts names and spells numbers in the shortest way that reads back', () => {
    const json = canonicalJson({
      c_w: -126.66666666666666,
      c_l: false,
      A_pos: null,
      b: 1e21,
      n_filters: 25.0,
      c_w_min: -Infinity,
      c_w_max: Infinity,
      zero: -0,
      network_type: 'LC "ü"',
      sizes: [1, [0.1, 'x']],
    });
    expect(json).toBe(
      '{"A_pos":null,"b":1e+21,"c_l":false,"c_w":-126.66666666666666,"c_w_max":"Infinity","c_w_min":"-Infinity",' +
        '"n_filters":25,"network_type":"LC \\"ü\\"","sizes":[1,[0.1,"x"]],"zero":0}',
    );
  });

  it('reads back to the same parameters, to the bit', () => {
    fc.assert(
      fc.property(parameters, (original) => {
        const expected = Object.fromEntries(
          Object.entries(original).map(([name, field]) => [name, withoutNegativeZero(field)]),
        );
        expect(parseParameters(canonicalJson(original))).toStrictEqual(expected);
      }),
    );
  });

  it('does not depend on the order in which parameters were set', () => {
    fc.assert(
      fc.property(parameters, (original) => {
        const reversed = Object.fromEntries(Object.entries(original).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(original));
      }),
    );
  });

  it.each([
    [{ a: NaN }, 'parameter a: expected a number, text, true, false, null or a list of these, got NaN'],
    [{ a: undefined }, 'parameter a: expected'],
    [{ a: { b: 1 } }, 'got {"b":1}'],
    [{ a: [[NaN]] }, 'got NaN'],
    [{ a: '-Infinity' }, 'got "-Infinity"'],
    [{ a: '\uD800' }, 'parameter a: expected'],
    [{ 'a b': 1 }, 'names of letters, digits and underscores, got "a b"'],
  ])('refuses %j', (wrong, message) => {
    expect(() => canonicalJson(wrong as never)).toThrow(message);
  });

  it('refuses to read what is not an object', () => {
    expect(() => parseParameters('[1]')).toThrow(SyntaxError);
    expect(() => parseParameters('null')).toThrow(SyntaxError);
    expect(() => parseParameters('{"a":')).toThrow(SyntaxError);
  });
});

describe('networkName', () => {
  it('is the SHA-224 of the canonical JSON (literals by sha224sum)', () => {
    expect(networkName({})).toBe('5cdd15a873608087be07a41b7f1a04e96d3a66fe7a9b0faac71f8d05');
    expect(networkName({ seed: 0, c_w: -100 })).toBe(
      'd26cca2913e82269aab35eeb2a637a8b506287f76ad2f2be805a8a78',
    );
  });

  it('changes with every parameter, the seed included', () => {
    const name = networkName(sampleParameters);
    for (const changed of Object.keys(sampleParameters)) {
      expect(networkName({ ...sampleParameters, [changed]: 'changed' })).not.toBe(name);
    }
  });
});

describe('toColumn', () => {
  it('turns truth values into 1 and 0 and lists into text', () => {
    expect(
      [true, false, null, undefined, 0.1, -Infinity, 'x', [1, Infinity]].map((v) => toColumn(v)),
    ).toEqual([1, 0, null, null, 0.1, -Infinity, 'x', '[1,"Infinity"]']);
  });
});
