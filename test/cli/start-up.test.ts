/** What is loaded when: the command line starts without what only some commands need, the API without waiting. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/make-folder.js';

beforeAll(() => init());

const dist = resolve('dist');

interface Loaded {
  /** Files of ours, below `dist/`. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** What is loaded before the first line of a file runs. */
function loadStatically(file: string): Loaded {
  const found = new Set<string>();
  visit(join(dist, file), found);
  const own = [...found].filter((each) => each.startsWith(dist));
  return {
    files: own.map((path) => path.slice(dist.length + 1)).toSorted(),
    packages: [...found].filter((each) => !own.includes(each) && !each.startsWith('node:')).toSorted(),
  };
}

function visit(file: string, found: Set<string>): void {
  found.add(file);
  for (const imported of parse(readFileSync(file, 'utf8'))[0]) {
    if (imported.type !== 'static' && imported.type !== 'reexport-star') continue;
    const { specifier } = imported;
    const target = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
    if (found.has(target)) continue;
    if (specifier.startsWith('.')) visit(target, found);
    else found.add(target);
  }
}

/** The rooms of files: their folders, or the files themselves where they lie in none. */
function roomsOf({ files }: Loaded): string[] {
  return [...new Set(files.map((path) => path.split('/')[0]))].toSorted();
}

/**
 * Which CommonJS packages of those that Locus depends on a process has loaded at its end: they are in the cache of `require`,
 * also where they were imported.
 *
 * @param words arguments of node
 */
function loadAtRunTime(...words: readonly string[]): string[] {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
  const report = `
    import { writeSync } from 'node:fs';
    import { createRequire } from 'node:module';
    const { cache } = createRequire(${JSON.stringify(import.meta.url)});
    process.on('exit', () => writeSync(3, Object.keys(cache).join('\\n')));`;
  const { status, stderr, output } = spawnSync(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(report)}`, ...words],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const loaded = (output[3] ?? '').split('\n');
  return Object.keys(dependencies)
    .filter((name) => loaded.some((path) => path.includes(`/node_modules/${name}/`)))
    .toSorted();
}

const program = join(dist, 'cli/main.js');

/** Arguments of node: statements that know the API as `locus`. */
function moduleWords(statements: string): string[] {
  return [
    '--input-type=module',
    '--eval',
    `import * as locus from ${JSON.stringify(pathToFileURL(join(dist, 'index.js')).href)}; ${statements}`,
  ];
}

describe('locus --help', () => {
  it('loads the declarations of the commands and their parser, nothing else', () => {
    const loaded = loadStatically('cli/main.js');
    expect(loaded.packages).toEqual(['fastest-levenshtein', 'yargs']);
    expect(roomsOf(loaded)).toEqual([
      'cli',
      'core',
      'errors.js',
      'kinds',
      'node',
      'options.js',
      'published-networks.js',
      'readout',
      'version.js',
      'warn.js',
    ]);
    // Of the simulator the names and limits of parameters, of the kinds their list, of Node's part how packages are loaded later.
    const light =
      /^(cli\/(?!run\/)|core\/network\/nodes\/theta-decay\.js|errors\.js|kinds\/(registry|loaded-kinds)\.js|kinds\/snn\/(network-options|parameter-specs)\.js|published-networks\.js|options\.js|node\/require-package\.js|readout\/readout-methods\.js|version\.js|warn\.js)/;
    expect(loaded.files.filter((path) => !light.test(path))).toEqual([]);
  });

  it.each(['--help', 'ls --help', 'train lc --help', '--version'])('runs with that: locus %s', (words) => {
    expect(loadAtRunTime(program, ...words.split(' '))).toEqual(['fastest-levenshtein']);
  });
});

describe('locus ls', () => {
  it('loads the store and the filters of the command line', () => {
    const loaded = loadStatically('cli/run/ls.js');
    expect(loaded.packages).toEqual(['fastest-levenshtein']);
    expect(loaded.files.filter((path) => !path.startsWith('store/'))).toEqual([
      'cli/describe-rows.js',
      'cli/network-filter.js',
      'cli/run/ls.js',
      'cli/usage-error.js',
      'errors.js',
      'formats/element-types.js',
      'node/make-folder.js',
      'node/require-package.js',
      'options.js',
      'published-networks.js',
      'readout/readout-methods.js',
      'text-table.js',
      'warn.js',
    ]);
  });

  it('runs with SQLite and no schemas', () => {
    const database = join(makeFolder(), 'networks.db');
    copyFileSync('networks/published.db', database);
    expect(loadAtRunTime(program, 'ls', '--db', database)).toEqual(['better-sqlite3', 'fastest-levenshtein']);
  });
});

describe('the public API', () => {
  it('waits for nothing when it is loaded, so that require() can load it too', () => {
    const api = createRequire(import.meta.url)(join(dist, 'index.js')) as Record<string, unknown>;
    expect(api.LC_SNN).toBeTypeOf('function');
  });

  it('loads two packages, the rest at its first use', () => {
    const loaded = loadStatically('index.js');
    expect(loaded.files).toContain('node/gpu-engine.js');
    expect(loaded.packages).toEqual(['acorn', 'fastest-levenshtein']);
    expect(loadAtRunTime(...moduleWords(''))).toEqual(['fastest-levenshtein']);
  });

  it('loads SQLite when a store opens, and the widths of letters for names that are not Latin', () => {
    const path = JSON.stringify(join(makeFolder(), 'networks.db'));
    expect(loadAtRunTime(...moduleWords(`locus.openStore(${path}).close()`))).toEqual([
      'better-sqlite3',
      'fastest-levenshtein',
    ]);
    expect(loadAtRunTime(...moduleWords('locus.formatTable([{ name: "é" }])'))).toEqual([
      'fastest-levenshtein',
    ]);
    expect(loadAtRunTime(...moduleWords('locus.formatTable([{ name: "東京" }])'))).toEqual([
      'fastest-levenshtein',
      'get-east-asian-width',
    ]);
  });

  it('is imported by nobody in the house but the REPL', () => {
    const rooms = roomsOf(loadStatically('index.js'));
    expect(rooms).toContain('kinds');
    expect(rooms).not.toContain('cli');
  });
});
