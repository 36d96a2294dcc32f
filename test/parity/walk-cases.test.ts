/** Cases that are put beside the known ones run: the walk finds them, under any name, and never comes home empty. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { makeFolder } from '../support/make-folder.js';
import { type FixtureRoots, readMeta, walkCases } from '../support/walk-cases.js';
import { compareRun } from './compare-run.js';
import { originalCases } from './original-case.js';

/** Empty folders in the place of the repository's fixtures and of the shared ones. */
function makeRoots(): FixtureRoots {
  const roots = { committed: join(makeFolder(), 'fixtures'), shared: join(makeFolder(), 'shared') };
  mkdirSync(roots.committed);
  return roots;
}

function writeCase(parent: string, name: string, meta: object): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
  return folder;
}

describe('walkCases', () => {
  it('finds every folder in both places, and its parameters; files between them are no cases', () => {
    const roots = makeRoots();
    const family = join(roots.shared, 'fixtures/bindsnet');
    const folders = [
      writeCase(join(roots.committed, 'bindsnet'), 'node_a', { dt: 1 }),
      writeCase(family, 'another', { dt: 0.5 }),
      writeCase(family, 'never seen before', { dt: 2 }),
    ];
    writeFileSync(join(family, 'README.md'), '');
    const cases = walkCases('bindsnet', { roots });
    expect(cases).toEqual([
      { name: 'node_a', folder: folders[0] },
      { name: 'shared/another', folder: folders[1] },
      { name: 'shared/never seen before', folder: folders[2] },
    ]);
    expect(cases.map(({ folder }) => readMeta(folder))).toEqual([{ dt: 1 }, { dt: 0.5 }, { dt: 2 }]);
  });

  it('takes only folders with the marker where one is asked for', () => {
    const roots = makeRoots();
    writeCase(join(roots.committed, 'sbs'), 'layer', {});
    mkdirSync(join(roots.committed, 'sbs/trained'));
    expect(walkCases('sbs', { roots, marker: 'meta.json' }).map(({ name }) => name)).toEqual(['layer']);
    expect(walkCases('sbs', { roots }).map(({ name }) => name)).toEqual(['layer', 'trained']);
  });

  it('takes the folder of the family itself where that holds the marker', () => {
    const roots = makeRoots();
    writeCase(join(roots.shared, 'fixtures'), 'conversion', {});
    writeCase(join(roots.shared, 'fixtures/conversion'), 'another', {});
    const names = walkCases('conversion', { roots, marker: 'meta.json' }).map(({ name }) => name);
    expect(names).toEqual(['shared/conversion', 'shared/another']);
  });

  it('walks a case once that lies in both places, and twice where its files differ', () => {
    const roots = makeRoots();
    const family = join(roots.shared, 'fixtures/snn');
    writeCase(join(roots.committed, 'snn'), 'same', { n: 1 });
    writeCase(family, 'same', { n: 1 });
    const names = () => walkCases('snn', { roots }).map(({ name }) => name);
    expect(names()).toEqual(['same']);
    writeCase(family, 'same', { n: 2 });
    expect(names()).toEqual(['same', 'shared/same']);
    writeCase(family, 'same', { n: 1 });
    writeFileSync(join(family, 'same/extra.npy'), '');
    expect(names()).toEqual(['same', 'shared/same']);
  });

  it('is content without the shared folder, and complains where that has no case of the family', () => {
    const roots = makeRoots();
    writeCase(join(roots.committed, 'snn'), 'one', {});
    expect(walkCases('snn', { roots })).toHaveLength(1);
    mkdirSync(join(roots.shared, 'fixtures/snn'), { recursive: true });
    expect(() => walkCases('snn', { roots })).toThrow(/fixtures\/snn: expected folders, .* found none/);
    mkdirSync(join(roots.shared, 'fixtures/snn/unfinished'));
    expect(() => walkCases('snn', { roots, marker: 'meta.json' })).toThrow(
      /expected folders with meta\.json/,
    );
    rmSync(join(roots.shared, 'fixtures'), { recursive: true });
    expect(() => walkCases('nnmf', { roots })).toThrow(/fixtures\/nnmf/);
  });
});

describe('a run of the original program under another name in the shared folder', () => {
  it('is compared, and fails where its spikes are not ours', async () => {
    const roots = makeRoots();
    const [known] = originalCases;
    const copy = join(roots.shared, 'fixtures/snn/renamed');
    cpSync(known.folder, copy, { recursive: true });
    const [{ name, folder }] = walkCases('snn', { roots });
    expect([name, folder]).toEqual(['shared/renamed', copy]);
    expect(await compareRun(folder, 'wasm')).toEqual([]);

    writeFileSync(join(copy, 'meta.json'), JSON.stringify({ ...(readMeta(copy) as object), refrac_Y: 9 }));
    expect(await compareRun(folder, 'wasm')).toContain('image 0: other spikes');
  });
});
