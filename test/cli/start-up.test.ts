/** What is loaded when: the command line starts without what only some commands need, the API without waiting. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { init, parse } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => init());

/** All files of ours, and packages, that are loaded before the first line of `file` runs. */
function staticImports(file: string, found = new Set<string>()): Set<string> {
  found.add(file);
  for (const imported of parse(readFileSync(file, 'utf8'))[0]) {
    if (imported.type !== 'static' && imported.type !== 'reexport-star') continue;
    const { specifier } = imported;
    const target = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
    if (found.has(target)) continue;
    if (specifier.startsWith('.')) staticImports(target, found);
    else found.add(target);
  }
  return found;
}

const dist = resolve('dist');

describe('locus --help', () => {
  it('loads neither database nor simulator, pictures, tables or compilers', () => {
    const loaded = [...staticImports(join(dist, 'cli/main.js'))].map((path) => path.replace(`${dist}/`, ''));
    const packages = loaded.filter((path) => !path.endsWith('.js') && !path.startsWith('node:'));
    expect(packages.toSorted()).toEqual(['cli-progress', 'fastest-levenshtein', 'yargs']);
    const heavy = /^(store|core\/(engine|network|wasm)|node|datasets|layers|figures|watch|index\.js)\b/;
    expect(loaded.filter((path) => heavy.test(path))).toEqual([]);
    expect(loaded.filter((path) => path.startsWith('cli/run/'))).toEqual([]);
  });
});

describe('the public API', () => {
  it('waits for nothing when it is loaded, so that require() can load it too', () => {
    const api = createRequire(import.meta.url)(join(dist, 'index.js')) as Record<string, unknown>;
    expect(api.LC_SNN).toBeTypeOf('function');
  });

  it('loads neither gpu.js nor WebGPU before a GPU engine simulates', () => {
    const loaded = [...staticImports(join(dist, 'index.js'))];
    expect(loaded).toContain(join(dist, 'node/gpu-engine.js'));
    expect(loaded.filter((path) => ['gpu.js', 'webgpu'].includes(path))).toEqual([]);
  });

  it('is imported by nobody in the house but the REPL', () => {
    const loaded = [...staticImports(join(dist, 'index.js'))];
    expect(loaded.filter((path) => path.startsWith(join(dist, 'cli')))).toEqual([]);
  });
});
