/** One definition makes a figure a method of networks, a name of `locus figure`, a picture of the gallery and a line of its page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { writeGalleryPage } from '../../scripts/gallery-page.js';
import { countOption } from '../../src/figures/figure-option.js';
import { listFigures, listGallery, registerFigure } from '../../src/figures/figures-of.js';
import { confusionFigure, defineFigure, Figure } from '../../src/figures/index.js';
import * as registry from '../../src/figures/registry.js';
import type { SnnSource } from '../../src/figures/sources.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { runHere } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const small = { dataset: 'mnist-10k', threads: 1, nFilters: 4, timeMax: 20 } as const;
const kebab = (method: string) =>
  method
    .replace(/Figure$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();

describe('the figures', () => {
  it.each(Object.entries(registry))(
    '%s is the name of its method, and of its command',
    (name, { definition }) => {
      expect(definition.method).toBe(name);
      expect(definition.name).toBe(kebab(name));
    },
  );

  it('of spiking networks are methods of every class of them', () => {
    const methods = listFigures().filter(({ of }) => of.includes('snn'));
    expect(methods.length).toBeGreaterThan(15);
    for (const { method } of methods) expect(LC_SNN.prototype).toHaveProperty(method);
    expect(LC_SNN.prototype).not.toHaveProperty('robustnessFigure');
  });

  it('are all on the page of the gallery, which is as it would be written now', () => {
    const page = readFileSync('docs/gallery/README.md', 'utf8');
    const trained = [...page.matchAll(/^locus (.*)$/gm)].map(([, command]) => command);
    const pictures = listGallery().map(({ file, picture }) => ({ file, caption: picture.caption }));
    expect(page).toBe(writeGalleryPage(listFigures(), pictures, trained));
    for (const { file } of pictures) {
      expect(readFileSync(`docs/gallery/${file}.png`).subarray(1, 4).toString()).toBe('PNG');
    }
  });
});

describe('a figure from elsewhere', () => {
  const drawThresholds = (thresholds: ArrayLike<number>, most: number) =>
    new Figure([{ type: 'bar', y: Array.from(thresholds).slice(0, most) }], {
      title: { text: 'Thresholds' },
    });
  const thresholds = defineFigure({
    name: 'toy-thresholds',
    method: 'toyThresholdsFigure',
    topic: 'learning',
    describe: 'thresholds of the first neurons',
    of: ['snn'],
    options: { most: countOption('how many neurons', { least: 1, fallback: '3' }) },
    draw: (network: SnnSource, { most = 3 }: { most?: number } = {}) =>
      drawThresholds(network.thresholds, most),
    args: ({ most }) => [{ most }] as const,
    example: () => drawThresholds([1, 2], 2),
  });
  beforeAll(() => registerFigure(thresholds));

  it('is a method of networks', () => {
    const net = new LC_SNN(small) as LC_SNN & { toyThresholdsFigure(options?: { most?: number }): Figure };
    expect(net.toyThresholdsFigure().data).toEqual([{ type: 'bar', y: [-52, -52, -52] }]);
    expect(net.toyThresholdsFigure({ most: 1 }).data).toEqual([{ type: 'bar', y: [-52] }]);
    net.dispose();
  });

  it('is drawn by the command line, which has its options and names it in its help', async () => {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    const net = new LC_SNN({ ...small, database: db });
    net.rename('small');
    net.save();
    net.dispose();
    const path = join(folder, 'toy.html');
    const words = ['figure', 'toy-thresholds', 'small', '--most', '2', '--output', path, '--db', db];
    expect(await runHere(words)).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(readFileSync(path, 'utf8')).toContain('Thresholds');
    const { stdout } = await runHere(['figure', '--help']);
    expect(stdout).toContain('toy-thresholds');
    expect(stdout).toContain('how many neurons (toy-thresholds)');
    expect((await runHere([...words.slice(0, 3), '--most', '0'])).stderr).toContain(
      '--most: expected a whole',
    );
  });

  it('is in the gallery, with its picture', () => {
    const entry = listGallery().find(({ file }) => file === 'toy-thresholds');
    expect(entry?.picture.caption).toBe('thresholds of the first neurons');
    const page = writeGalleryPage(listFigures(), [{ file: 'toy-thresholds', caption: 'Toy' }], []);
    expect(page).toContain('| `toy-thresholds` | `toyThresholdsFigure` | thresholds of the first neurons |');
  });

  it('takes no name, method or option from another', () => {
    expect(() => registerFigure(thresholds)).toThrow(
      'there is a figure toy-thresholds (toyThresholdsFigure)',
    );
    const other = { ...thresholds, name: 'other', method: 'otherFigure' };
    expect(() => registerFigure({ ...other, method: 'save' })).toThrow(
      'snn networks have a method save already',
    );
    const options = { label: countOption('what is written on it', { fallback: '0' }) };
    expect(() => registerFigure({ ...other, options })).toThrow('--label as');
    expect(() => registerFigure({ ...confusionFigure.definition, name: 'other' })).toThrow('confusion');
    expect(listFigures().map(({ name }) => name)).not.toContain('other');
  });
});
