/** Pickles: what Python itself wrote comes back as plain data; foreign names, bombs and damage are refused. */
import { describe, expect, it } from 'vitest';
import {
  call,
  dictionary,
  instance,
  int,
  list,
  name,
  none,
  persistent,
  type Piece,
  pickle,
  text,
  tuple,
} from '../../test/support/pickle-bytes.js';
import { LocusError } from '../errors.js';
import { ByteCursor } from './byte-cursor.js';
import { readPickle } from './pickle.js';
import { TorchBuilder } from './torch-builder.js';
import type { TorchValue } from './torch-value.js';

function read(bytes: Uint8Array): TorchValue {
  return readPickle(new ByteCursor(bytes, 'file'), new TorchBuilder(bytes.length));
}

function errorOf(bytes: Uint8Array): LocusError {
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof LocusError) return error;
    throw error;
  }
  throw new Error('expected a LocusError');
}

describe('readPickle', () => {
  it('reads what pickle.dumps(…, 2) of Python 3 wrote', () => {
    const bytes = Buffer.from(
      'gAJ9cQAoWAcAAABudW1iZXJzcQFdcQIoSwFK/////0v/TQABSgAAAQBKAAAAgIoFAAAAgACKBf///3//igf///////8figcA' +
        'AAAAAAAgiggAAAAAAAAAgIoaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGIiU5HP7mZmZmZmZpH/jfkPIgAdZxHf/AAAAAA' +
        'AABlWAQAAAB0ZXh0cQNYEQAAAEdyw7zDn2UsIOiEsyDwn6egcQRYBQAAAGVtcHR5cQVdcQYoKV1xB31xCGVYBgAAAHR1cGxl' +
        'c3EJKEsBhXEKSwFLAoZxC0sBSwJLA4dxDChLAUsCSwNLBHRxDXRxDlgHAAAAb3JkZXJlZHEPY2NvbGxlY3Rpb25zCk9yZGVy' +
        'ZWREaWN0CnEQKVJxEShYAQAAAGJxEksBWAEAAABhcRNLAnVYBQAAAGJ5dGVzcRRjX2NvZGVjcwplbmNvZGUKcRVYBgAAAADD' +
        'v8KAYXEWWAYAAABsYXRpbjFxF4ZxGFJxGVgBAAAAWHEaWAEAAABZcRuGcRxYBAAAAHBhaXJxHVgJAAAAX19wcm90b19fcR59' +
        'cR9YCAAAAHBvbGx1dGVkcSCIc1gGAAAAc2hhcmVkcSFoDlgEAAAAc2VsZnEiaAB1Lg==',
      'base64',
    );
    const value = read(bytes) as Map<TorchValue, TorchValue>;
    const tupleOf = (...items: TorchValue[]): TorchValue => ({ kind: 'tuple', items });
    expect(value.get('numbers')).toEqual([
      1,
      -1,
      255,
      256,
      65536,
      -(2 ** 31),
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 53 - 1,
      2n ** 53n,
      -(2n ** 63n),
      2n ** 200n,
      true,
      false,
      null,
      0.1,
      -1e300,
      Infinity,
    ]);
    expect(value.get('text')).toBe('Grüße, 脳 🧠');
    expect(value.get('empty')).toEqual([tupleOf(), [], new Map()]);
    const tuples = tupleOf(tupleOf(1), tupleOf(1, 2), tupleOf(1, 2, 3), tupleOf(1, 2, 3, 4));
    expect(value.get('tuples')).toEqual(tuples);
    expect([...(value.get('ordered') as Map<string, number>)]).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(value.get('bytes')).toEqual({ kind: 'bytes', bytes: Buffer.from([0, 255, 128, 97]) });
    expect([...value].find(([, found]) => found === 'pair')?.[0]).toEqual(tupleOf('X', 'Y'));
    expect(value.get('__proto__')).toEqual(new Map([['polluted', true]]));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(value.get('shared')).toBe(value.get('tuples'));
    expect(value.get('self')).toBe(value);
  });

  it('leaves an instance as the name of its class and its attributes', () => {
    const type = name('bindsnet.learning.learning', 'NoOp');
    expect(read(pickle(instance(type, dictionary(text('wmin'), int(-1)))))).toEqual({
      kind: 'record',
      type: 'bindsnet.learning.learning.NoOp',
      state: new Map([['wmin', -1]]),
    });
  });

  it('takes a class that comes with its source text, and leaves the text alone', () => {
    const type = persistent(
      text('module'),
      name('bindsnet.network.nodes', 'Input'),
      text('nodes.py'),
      text('import os; os.system("rm -rf /")'),
    );
    expect(read(pickle(instance(type, dictionary())))).toMatchObject({
      kind: 'record',
      type: 'bindsnet.network.nodes.Input',
    });
  });

  it('keeps a method as its name', () => {
    const mean = call(name('__builtin__', 'getattr'), name('torch._C', '_VariableFunctions'), text('mean'));
    expect(read(pickle(mean))).toMatchObject({ kind: 'attribute', name: 'mean' });
  });

  it('leaves the cursor behind the pickle', () => {
    const bytes = Buffer.concat([pickle(int(1)), pickle(int(2))]);
    const cursor = new ByteCursor(bytes, 'file');
    const builder = new TorchBuilder(bytes.length);
    expect([readPickle(cursor, builder), readPickle(cursor, builder)]).toEqual([1, 2]);
    expect(cursor.atEnd).toBe(true);
  });
});

describe('foreign names', () => {
  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['nt', 'system'],
    ['subprocess', 'Popen'],
    ['builtins', 'eval'],
    ['builtins', 'exec'],
    ['builtins', 'getattr'],
    ['__builtin__', 'eval'],
    ['__builtin__', 'apply'],
    ['copy_reg', '_reconstructor'],
    ['torch._utils', '_rebuild_tensor'],
    ['torch._utils', '_rebuild_qtensor'],
    ['torch._utils', '_rebuild_device_tensor_from_numpy'],
    ['torch.storage', '_load_from_bytes'],
    ['torch', 'load'],
    ['bindsnet.network.network', 'load'],
    ['numpy', 'load'],
    ['numpy.core.multiarray', 'frombuffer'],
    ['Object', 'prototype'],
    ['constructor', 'constructor'],
  ])('%s.%s is refused by name, wherever it stands', (module, attribute) => {
    const named = name(module, attribute);
    const places: Piece[] = [
      call(named, text('id')),
      instance(named, dictionary()),
      list(named),
      persistent(text('module'), named, text('a.py'), text('')),
    ];
    for (const place of places) {
      const error = errorOf(pickle(place));
      expect(error.code).toBe('FOREIGN_CONTENT');
      expect(error.message).toContain(`"${module}.${attribute}"`);
      expect(error.message).toMatch(/^file, byte \d+: .* nothing of the file was executed$/);
    }
  });

  it.each([
    ['a class called as a function', call(name('bindsnet.network.nodes', 'Input'))],
    ['a storage type called', call(name('torch', 'FloatStorage'), int(1_000_000_000))],
    ['a function made an instance of', [...name('_codecs', 'encode'), 0x29, 0x81]],
    ['an attribute of text', call(name('__builtin__', 'getattr'), text('x'), text('format'))],
    [
      'an attribute of a function',
      call(name('__builtin__', 'getattr'), name('_codecs', 'encode'), text('__globals__')),
    ],
    [
      'a method called',
      call(
        call(name('__builtin__', 'getattr'), name('torch._C', '_VariableFunctions'), text('from_file')),
        text('/etc/passwd'),
      ),
    ],
    ['another encoding', call(name('_codecs', 'encode'), text('x'), text('rot13'))],
    ['an array of objects', call(name('numpy', 'dtype'), text('O8'), int(0), int(1))],
    ['an array of a prototype property', call(name('numpy', 'dtype'), text('constructor'), int(0), int(1))],
    ['text as identifier', [...text('storage'), 0x51]],
    ['state of a number', [...int(1), ...dictionary(), 0x62]],
    [
      'state given twice',
      [...instance(name('bindsnet.network.nodes', 'Input'), dictionary()), ...dictionary(), 0x62],
    ],
  ] satisfies [string, Piece][])('%s is refused', (_, piece) => {
    expect(errorOf(pickle(piece)).code).toBe('DATA_CORRUPT');
  });

  it.each([
    ['STACK_GLOBAL', [...text('os'), ...text('system'), 0x93]],
    ['INST', [0x28, ...text('id'), 0x69, ...Buffer.from('os\nsystem\n')]],
    ['OBJ', [0x28, ...none, 0x6f]],
    ['EXT1', [0x82, 1]],
    ['NEWOBJ_EX', [...none, ...none, ...none, 0x92]],
    ['STRING', [0x53, ...Buffer.from("'x'\n")]],
    ['PERSID', [0x50, ...Buffer.from('x\n')]],
    ['0xff', [0xff]],
  ] satisfies [string, Piece][])('instruction %s is refused by name', (instruction, piece) => {
    const error = errorOf(pickle(piece));
    expect(error.code).toBe('DATA_CORRUPT');
    expect(error.message).toContain(`expected a pickle instruction of a saved network, got ${instruction}`);
  });
});

describe('bombs', () => {
  const repeat = (piece: Piece, times: number) => Buffer.alloc(piece.length * times, Buffer.from(piece));
  const bomb = (...parts: Uint8Array[]) =>
    Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from([0x2e])]);

  it.each([
    ['text longer than the file', bomb(Buffer.from([0x58, 255, 255, 255, 255])), /4294967295 more bytes/],
    ['a long integer longer than the file', bomb(Buffer.from([0x8a, 255])), /255 more bytes/],
    ['an endless name', bomb(Buffer.from([0x63]), repeat([0x61], 1e6)), /a line of at most 200/],
    ['a million unfinished lists', bomb(repeat([0x5d], 1e6)), /10000 unfinished/],
    ['a million marks', bomb(repeat([0x28], 1e6)), /10000 unfinished/],
    ['tuples nested 100,000 deep', bomb(repeat([0x29], 1), repeat([0x85], 1e5)), /nested at most 200/],
    ['lists nested 5000 deep', bomb(repeat([0x5d], 5000), repeat([0x61], 4999)), /nested at most 200/],
    [
      'dictionaries as keys of dictionaries, 1000 deep',
      bomb(repeat([0x7d], 1000), repeat([0x4e, 0x73], 999)),
      /nested at most 200/,
    ],
    [
      'more memories than a network has',
      bomb(
        Buffer.from([0x4e]),
        Buffer.concat(
          Array.from({ length: 100_001 }, (_, i) => Buffer.from([0x72, i & 255, (i >> 8) & 255, i >> 16, 0])),
        ),
      ),
      /at most 100000 remembered/,
    ],
    [
      'more instructions than a network has',
      bomb(Buffer.from([0x5d]), repeat([0x4e, 0x61], 6e5)),
      /1000000 pickle/,
    ],
    [
      'one text encoded again and again',
      bomb(
        Buffer.from(text('a'.repeat(50_000))),
        Buffer.from([0x71, 0]),
        Buffer.from(
          list(
            ...Array.from({ length: 20 }, () => [
              ...name('_codecs', 'encode'),
              0x68,
              0,
              ...text('latin1'),
              0x86,
              0x52,
            ]),
          ),
        ),
        Buffer.from([0x86]),
      ),
      /bytes of raw data, got more/,
    ],
  ])('%s: refused within a second', (_, bytes, message) => {
    const start = performance.now();
    const error = errorOf(bytes);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(error.code).toBe('DATA_CORRUPT');
    expect(error.message).toMatch(message);
  });

  it('a list of lists of lists that doubles at every level stays as small as its pickle', () => {
    const doubled = Array.from({ length: 100 }, (_, i) => [0x5d, 0x28, 0x68, i, 0x68, i, 0x65, 0x71, i + 1]);
    const bytes = bomb(Buffer.from([0x5d, 0x71, 0]), Buffer.from(doubled.flat()), Buffer.from([...tuple()]));
    // All levels are still on the stack.
    expect(errorOf(bytes).message).toMatch(/one finished value/);
    const wrapped = bomb(
      Buffer.from([0x28, 0x5d, 0x71, 0]),
      Buffer.from(doubled.flat()),
      Buffer.from([0x74]),
    );
    expect(read(wrapped)).toMatchObject({ kind: 'tuple' });
  });
});

describe('damage', () => {
  it.each([
    ['nothing', Buffer.alloc(0), /1 more bytes, got 0/],
    ['no end', Buffer.from([0x80, 2, 0x4e]), /1 more bytes, got 0/],
    ['protocol 4', Buffer.from([0x80, 4, 0x4e, 0x2e]), /pickle protocol 2, got 4/],
    ['no value', pickle([]), /one finished value/],
    ['two values', pickle([0x4e, 0x4e]), /one finished value/],
    ['an open mark', pickle([0x28, 0x4e]), /one finished value/],
    ['a tuple without a mark', pickle([0x4e, 0x74]), /a mark on the stack/],
    ['a tuple that reaches below a mark', pickle([0x4e, 0x28, 0x85]), /a value on the stack/],
    ['a memory that was never made', pickle([0x68, 7]), /none at 7/],
    ['an item for no list', pickle([0x4e, 0x4e, 0x61]), /a list to append to, got None/],
    ['an item for a tuple', pickle([0x29, 0x4e, 0x61]), /a list to append to, got a tuple/],
    ['an entry for no dictionary', pickle([0x5d, 0x4e, 0x4e, 0x73]), /a dictionary to add to/],
    ['a key without a value', pickle([0x7d, 0x28, 0x4e, 0x75]), /a value for every key/],
    ['text that is no UTF-8', pickle([0x58, 1, 0, 0, 0, 0xff]), /text in UTF-8/],
    ['a call of a number', pickle([...int(1), 0x29, 0x52]), /the name of a class or function, got 1/],
    ['a call with a list', pickle([...name('_codecs', 'encode'), 0x5d, 0x52]), /a tuple of arguments/],
  ])('%s is refused', (_, bytes, message) => {
    const error = errorOf(bytes);
    expect(error.code).toBe('DATA_CORRUPT');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^file, byte \d+: expected /);
  });
});
