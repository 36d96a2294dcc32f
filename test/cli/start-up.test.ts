/** What is loaded when: the command line starts without what only some commands need, the API without waiting. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/make-folder.js';

beforeAll(() => init());

const dist = resolve('dist');

/** What each file of `dist/` has joined: modules of ours, below `src/`. */
const joined = new Map(
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => {
      const text = readFileSync(join(dist, path), 'utf8');
      return [join(dist, path), [...text.matchAll(/^\/\/ src\/(.+)$/gm)].map(([, module]) => module)];
    }),
);

interface Loaded {
  /** Modules of ours, below `src/`. */
  readonly modules: readonly string[];
  readonly packages: readonly string[];
}

/** What is loaded before the first line of a module runs. */
function loadStatically(module: string): Loaded {
  const file = [...joined.keys()].find((path) => joined.get(path)?.includes(module));
  if (file === undefined) throw new Error(`no file of dist/ holds ${module}`);
  const found = new Set<string>();
  visit(file, found);
  return {
    modules: [...found].flatMap((path) => joined.get(path) ?? []).toSorted(),
    packages: [...found].filter((each) => !joined.has(each) && !isBuiltin(each)).toSorted(),
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

/** The rooms of modules: their folders, or the modules themselves where they lie in none. */
function roomsOf({ modules }: Loaded): string[] {
  return [...new Set(modules.map((path) => path.split('/')[0]))].toSorted();
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
    const loaded = loadStatically('cli/main.ts');
    expect(loaded.packages).toEqual(['fastest-levenshtein', 'yargs']);
    expect(roomsOf(loaded)).toEqual([
      'cli',
      'core',
      'errors.ts',
      'kinds',
      'node',
      'options.ts',
      'published-networks.ts',
      'readout',
      'version.ts',
      'warn.ts',
    ]);
    // Of the simulator the names and limits of parameters, of the kinds their list, of Node's part how packages are loaded later.
    const light =
      /^(cli\/(?!run\/)|core\/network\/nodes\/theta-decay\.ts|errors\.ts|kinds\/(registry|loaded-kinds)\.ts|kinds\/snn\/(network-options|parameter-specs)\.ts|published-networks\.ts|options\.ts|node\/require-package\.ts|readout\/readout-methods\.ts|version\.ts|warn\.ts)/;
    expect(loaded.modules.filter((path) => !light.test(path))).toEqual([]);
  });

  it.each(['--help', 'ls --help', 'train lc --help', '--version'])('runs with that: locus %s', (words) => {
    expect(loadAtRunTime(program, ...words.split(' '))).toEqual(['fastest-levenshtein']);
  });
});

describe('locus ls', () => {
  it('loads the store and the filters of the command line', () => {
    const loaded = loadStatically('cli/run/ls.ts');
    expect(loaded.packages).toEqual(['fastest-levenshtein']);
    expect(loaded.modules.filter((path) => !path.startsWith('store/'))).toEqual([
      'cli/describe-rows.ts',
      'cli/network-filter.ts',
      'cli/run/ls.ts',
      'cli/usage-error.ts',
      'errors.ts',
      'formats/element-types.ts',
      'node/make-folder.ts',
      'node/require-package.ts',
      'options.ts',
      'published-networks.ts',
      'readout/readout-methods.ts',
      'text-table.ts',
      'warn.ts',
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
    const loaded = loadStatically('index.ts');
    expect(loaded.modules).toContain('node/gpu-engine.ts');
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

  it('starts threads in a program that node takes as text', () => {
    const statements = `
      process.removeAllListeners('warning');
      const network = new locus.LC_SNN({ nFilters: 4, threads: 2, dataset: 'mnist-10k' });
      await network.train({ nIter: 20 });
      network.dispose();`;
    expect(loadAtRunTime(...moduleWords(statements))).toContain('fastest-levenshtein');
  });

  it('is imported by nobody in the house but the REPL', () => {
    const rooms = roomsOf(loadStatically('index.ts'));
    expect(rooms).toContain('kinds');
    expect(rooms).not.toContain('cli');
  });
});
