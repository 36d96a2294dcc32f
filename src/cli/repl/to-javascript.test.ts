import { init } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import { IncompleteInput, toJavaScript } from './to-javascript.js';

beforeAll(() => init());

describe('toJavaScript', () => {
  it.each([
    ['const x: number = 1 as const', 'const x = 1;\n'],
    ['interface A { b: string }', ''],
    ['{ a: 1 }', '({ a: 1 });\n'],
    ['{ let a = 1; a }', '{\n  let a = 1;\n  a;\n}\n'],
    ['', ''],
    ['// only a remark', ''],
  ])('%j becomes %j', (code, script) => {
    expect(toJavaScript(code)).toBe(script);
  });

  it.each([
    ['import "x"', 'await import("x");\n'],
    ['import a from "x"', 'var { default: a } = await import("x");\n'],
    ['import { a, b as c } from "x"', 'var { a, b: c } = await import("x");\n'],
    ['import a, { b } from "x"', 'var { default: a, b } = await import("x");\n'],
    ['import * as x from "x"', 'var x = await import("x");\n'],
    ['import a, * as x from "x"', 'var x = await import("x"), { default: a } = x;\n'],
    ['import type { A } from "x"', ''],
    [
      'import a from "./a.json" with { type: "json" }',
      'var { default: a } = await import("./a.json", { with: {"type":"json"} });\n',
    ],
    ['import {\n  a,\n  b as c,\n} from "x"', 'var { a, b: c } = await import("x");\n'],
    ['const t = `\nimport a from "x";\n`', 'const t = `\nimport a from "x";\n`;\n'],
    ['await import("x")', 'await import("x");\n'],
  ])('%j becomes %j', (code, script) => {
    expect(toJavaScript(code)).toBe(script);
  });

  it.each([
    'f(',
    '[1,',
    '{',
    'function f() {',
    'const x =',
    '`text',
    '`a ${',
    '/* remark',
    'class A {',
    'if (a)',
    'x.',
  ])('%j needs more lines', (code) => {
    expect(() => toJavaScript(code)).toThrow(IncompleteInput);
    expect(() => toJavaScript(`${code}\n`)).toThrow(IncompleteInput);
  });

  it.each(['"text', 'let let', 'f)', 'const = 3', '/ab', '}'])('%j cannot become right', (code) => {
    expect(() => toJavaScript(code)).toThrow(SyntaxError);
  });
});
