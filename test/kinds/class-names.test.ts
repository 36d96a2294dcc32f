/** Data whose labels are not 0 to n − 1: their classes and names from the files to the figures and the database. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { LayeredNetwork } from '../../src/kinds/layered/index.js';
import { LC_SNN, loadNetwork } from '../../src/kinds/snn/index.js';
import { fashionFolder, hasFashion } from '../support/data-folders.js';
import { idxIntLabels, idxLabels } from '../support/idx-files.js';
import { makeFolder } from '../support/make-folder.js';

const size = 20;
const words = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer).swap32();

/** Images of as many bars as there are labels, each label with a bar of its own. */
function writeBars(folder: string, labels: readonly number[], encode = idxLabels): void {
  mkdirSync(folder, { recursive: true });
  for (const [part, count] of [
    ['train', 36],
    ['t10k', 12],
  ] as const) {
    const images = Buffer.alloc(count * size * size);
    const given = Array.from({ length: count }, (_, i) => labels[i % labels.length]);
    given.forEach((_, i) => {
      const top = 1 + (i % labels.length) * Math.floor((size - 2) / labels.length);
      images.fill(255, i * size * size + top * size, i * size * size + (top + 3) * size);
    });
    const header = words(0x0803, count, size, size);
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), Buffer.concat([header, images]));
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), encode(given));
  }
}

async function trainOn(dataDir: string, database?: string): Promise<LC_SNN> {
  const network = new LC_SNN({ nFilters: 8, timeMax: 100, seed: 5, dataset: 'mnist', dataDir, database });
  await network.train({ nIter: 30 });
  await network.calibrate({ images: 6, linear: false });
  await network.calculateAccuracy({ images: 12 });
  return network;
}

const ticksOf = (network: LC_SNN) => (network.confusionFigure().data[0] as { y: string[] }).y;

describe('labels 7, −4 and 26', () => {
  it('are three classes, named in the confusion matrix here and out of the database', async () => {
    const folder = makeFolder();
    writeBars(folder, [7, -4, 26], idxIntLabels);
    const database = join(folder, 'networks.db');
    const network = await trainOn(folder, database);
    expect(network.classNames).toEqual(['-4', '7', '26']);
    expect(network.votes).toHaveLength(3 * network.nOutput);
    expect(network.confMatrix).toHaveLength(3 * 4);
    expect(network.accuracy).toBe(1);
    expect(ticksOf(network)).toEqual(['-4', '7', '26']);
    const { label, image } = await network.feedLabel(1);
    expect(label).toBe(1);
    // Class 1 has the label 7, the first of the file: its bar is the topmost.
    expect(image.slice(size, 4 * size).every((level) => level === 255)).toBe(true);
    const stored = loadNetwork(network.save(), { database, dataDir: folder });
    expect(stored.classNames).toEqual(['-4', '7', '26']);
    expect(stored.toRecord().stateHash).toBe(network.toRecord().stateHash);
    expect((stored.accuracyDistributionFigure().data[0] as { x: string[] }).x).toEqual(['-4', '7', '26']);
  });
});

describe('labels 0, 1 and 2', () => {
  it('are called by their numbers, and nothing of that is stored', async () => {
    const folder = makeFolder();
    writeBars(folder, [2, 0, 1]);
    const network = await trainOn(folder);
    expect(network.classNames).toBeNull();
    expect(ticksOf(network)).toEqual(['0', '1', '2']);
    expect(network.toRecord().meta).not.toHaveProperty('classNames');
  });
});

it('votes for other classes than those of the data score nothing', async () => {
  const [letters, digits] = [makeFolder(), makeFolder()];
  writeBars(letters, [1, 2, 3]);
  writeBars(digits, [0, 1, 2]);
  const database = join(letters, 'networks.db');
  const network = await trainOn(letters, database);
  const name = network.save();
  const elsewhere = loadNetwork(name, { database, dataDir: digits });
  await expect(elsewhere.calculateAccuracy({ images: 12 })).rejects.toMatchObject({
    code: 'NOT_CALIBRATED',
    message: expect.stringContaining('class 0 was 1 at calibrate(), and is 0 in the data: calibrate() again'),
  });
});

describe.skipIf(!hasFashion)('Fashion-MNIST', () => {
  it('has the names that people know, in every figure of a label; none of them is stored', async () => {
    const database = join(makeFolder(), 'networks.db');
    const options = { dataset: 'fashion-mnist', dataDir: fashionFolder, database } as const;
    const network = new LC_SNN({ nFilters: 4, timeMax: 50, seed: 5, ...options });
    await network.train({ nIter: 20 });
    await network.calibrate({ images: 20, linear: false });
    await network.calculateAccuracy({ images: 20 });
    expect(ticksOf(network)).toContain('Ankle boot');
    expect((network.votesFigure().data[0] as { y: string[] }).y).toContain('Sandal');
    const titleOf = (figure: { layout: object }) => JSON.stringify(figure.layout);
    const fed = await network.feedLabel(1);
    expect(titleOf(network.inputFigure(fed))).toContain('Input image of class Trouser');
    expect(titleOf(network.bestVotersFigure(fed, { label: 9 }))).toContain('Best voters for Ankle boot');
    expect(network.toRecord().meta).not.toHaveProperty('classNames');

    // Out of the database it scores again: the names are no other classes.
    const stored = loadNetwork(network.save(), options);
    expect(stored.classNames?.[8]).toBe('Bag');
    await stored.calculateAccuracy({ images: 20 });
    expect(stored.accuracy).toBe(network.accuracy);
  });
});

it("somebody's own files under the name of Fashion-MNIST keep the numbers of their labels", async () => {
  const dataDir = makeFolder();
  writeBars(dataDir, [0, 1, 2]);
  const network = new LC_SNN({ nFilters: 8, timeMax: 20, dataset: 'fashion-mnist', dataDir });
  await network.train({ nIter: 1 });
  expect(network.classNames).toBeNull();
});

it('deep networks name the classes of CIFAR-10, and number those of MNIST', () => {
  const of = (dataset: string) => new LayeredNetwork({ parameters: { dataset } } as never, {} as never);
  expect(of('cifar10').classNames?.[3]).toBe('cat');
  expect(of('mnist').classNames).toBeNull();
});
