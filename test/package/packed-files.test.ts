/** What `npm pack` puts into the package: all that it needs, nothing that only this repository needs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { init, parse } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/make-folder.js';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
let packed: string[] = [];

beforeAll(async () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
  const listed = JSON.parse(execFileSync('npm', words, { encoding: 'utf8', stdio: 'pipe' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  packed = listed[0].files.map(({ path }) => path);
  await init();
});

/** Files that a page links to, without their anchors. */
function linksOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => normalize(join(dirname(page), link)));
}

/** `piscina` of `piscina/worker`, `@a/b` of `@a/b/c`. */
function packageOf(specifier: string): string {
  const [first, second] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** Every package that a packed module imports, or loads at its first use, by a literal name. */
function importedPackages(): Set<string> {
  const modules = packed.filter((path) => path.startsWith('dist/') && path.endsWith('.js'));
  const specifiers = modules.flatMap((module) => {
    const text = readFileSync(module, 'utf8');
    const imported = parse(text)[0].map((each) => ('specifier' in each && each.specifier) || '');
    const required = [...text.matchAll(/\brequirePackage\("([^"]+)"\)/g)].map(([, name]) => name);
    return imported.concat(required);
  });
  return new Set(
    specifiers
      .filter((specifier) => !/^($|\.|node:)/.test(specifier))
      .map((specifier) => packageOf(specifier)),
  );
}

describe('the package', () => {
  it('holds the program, the published networks and the pages about them', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'dist/cli/main.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/browser.js',
        'networks/published.db',
        'docs/architecture.md',
      ]),
    );
  });

  it('holds no working database, source map, source, test or fixture', () => {
    const databases = packed.filter((path) => /\.db(-\w+)?$/.test(path));
    expect(databases).toEqual(['networks/published.db']);
    const unwanted =
      /\.map$|\.test\.|\.tsbuildinfo$|(?<!\.d)\.ts$|^(src|test|scripts|bench|web|notebooks|data)\//;
    expect(packed.filter((path) => unwanted.test(path))).toEqual([]);
    const mapped = packed.filter(
      (path) => path.endsWith('.js') && readFileSync(path, 'utf8').includes('//# sourceMappingURL='),
    );
    expect(mapped).toEqual([]);
  });

  it('holds every picture that its pages show, and no other', () => {
    const isPicture = (path: string) => /\.(png|svg|pdf|jpg)$/.test(path);
    const shown = packed.filter((path) => path.endsWith('.md')).flatMap(linksOf);
    expect(packed.filter(isPicture).toSorted()).toEqual([...new Set(shown.filter(isPicture))].toSorted());
  });

  it('holds every page that its pages link to', () => {
    const pages = packed.filter((path) => path.endsWith('.md')).flatMap(linksOf);
    const linked = [...new Set(pages.filter((path) => path.endsWith('.md')))];
    expect(linked).toContain('docs/models/AdEx.md');
    expect(linked.filter((path) => !packed.includes(path))).toEqual([]);
  });

  it('imports only packages that it depends on, or asks for as optional peers', () => {
    const imported = importedPackages();
    expect(imported).toContain('better-sqlite3');
    const optional = Object.keys(manifest.peerDependencies);
    expect(optional.every((name) => manifest.peerDependenciesMeta[name].optional)).toBe(true);
    const known = new Set([...Object.keys(manifest.dependencies), ...optional]);
    expect([...imported].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the package with its dependencies alone', () => {
  /** The packed files in a folder of their own, with the packages that npm would install beside them. */
  function install(): string {
    const folder = makeFolder();
    for (const path of packed) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyFileSync(path, join(folder, path));
    }
    for (const name of Object.keys(manifest.dependencies)) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
    }
    return folder;
  }

  it('writes a figure as a page, and says what to install for a picture', () => {
    const folder = install();
    const writeFigure = (file: string) => {
      const words = [
        'dist/cli/main.js',
        'figure',
        'database',
        '--db',
        'networks/published.db',
        '--output',
        file,
      ];
      // Any program that is there will do as a browser: it is not started.
      const env = { ...process.env, LOCUS_CHROMIUM: process.execPath };
      const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8' });
      return { status, stderr };
    };
    expect(writeFigure('database.html')).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'database.html'), 'utf8')).toContain('Plotly.newPlot');
    const { status, stderr } = writeFigure('database.png');
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/expected the package playwright-core.*npm install playwright-core/),
    ]);
  });
});
