/** The rooms of the house: imports go downwards, and the simulator needs neither Node nor the database nor pictures. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up, as docs/architecture.md lists them: a room imports values from rooms before it only. */
const rooms = [
  'errors.ts',
  'wording.ts',
  'warn.ts',
  'version.ts',
  'published-networks.ts',
  'options.ts',
  'core',
  'analysis',
  'zoo',
  'node',
  'text-table.ts',
  'formats',
  'readout',
  'datasets',
  'layers',
  'store',
  'figures',
  'watch',
  'kinds',
  'bench',
  'experiments',
  'cli',
];

/** Imports against this order, each for its reason. */
const exceptions: readonly (readonly [file: RegExp, room: string])[] = [
  // A kind declares its own commands with the helpers of the command line, and runs them.
  [/^src\/kinds\/\w+\/(commands|run-commands|network-options)\.ts$/, 'cli'],
  // `engine: 'auto'` measures.
  [/^src\/kinds\/snn\/kind\.ts$/, 'bench'],
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Its text begins with `import type` or `export type`: it is gone when the program runs. */
  readonly isType: boolean;
}

const files = execFileSync('git', ['ls-files', 'src', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => /^(?!.*(\.test\.|\/assembly\/|\.generated\.)).*\.ts$/.test(file));

const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (type )?(?:[^;'"]*? from )?'([^']+)';/gm)].map(
    ([, type, specifier]) => ({ file, specifier, isType: type !== undefined }),
  ),
);

const roomOf = (file: string) => file.split('/')[1];

/** The room that a relative import leads to. */
const target = ({ file, specifier }: Import) =>
  roomOf(posix.join(posix.dirname(file), specifier)).replace(/\.js$/, '.ts');

describe('the rooms', () => {
  it('are all listed', () => {
    const doors = ['index.ts', 'browser.ts'];
    expect([...new Set(files.map(roomOf))].toSorted()).toEqual([...rooms, ...doors].toSorted());
  });

  it('import values downwards', () => {
    const upwards = imports.filter((each) => {
      const from = rooms.indexOf(roomOf(each.file));
      if (each.isType || from < 0 || !each.specifier.startsWith('.')) return false;
      const isExcepted = exceptions.some(([file, room]) => file.test(each.file) && room === target(each));
      return rooms.indexOf(target(each)) > from && !isExcepted;
    });
    expect(upwards.map(({ file, specifier }) => `${file}: ${specifier}`)).toEqual([]);
  });
});

describe('the simulator', () => {
  it('needs neither Node, nor the database, nor pictures', () => {
    const outside = imports
      // gpu.js is loaded where a GPU engine opens; its types are known before.
      .filter(({ file, isType }) => roomOf(file) === 'core' && !isType)
      .map((each) => (each.specifier.startsWith('.') ? target(each) : each.specifier));
    expect([...new Set(outside)].toSorted()).toEqual([
      'acorn',
      'core',
      'errors.ts',
      'options.ts',
      'warn.ts',
      'wording.ts',
    ]);
  });
});
