/** CIFAR-10 in its binary version: six batch files, gzipped or not, in a local folder. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LocusError } from '../errors.js';
import { cifarRecordBytes, parseCifarBatch } from './cifar-binary.js';
import { corruptData } from './data-error.js';
import { explainMissing, type LocatedFiles, locateFiles, readDataFile } from './data-files.js';
import type { Availability, DatasetSource } from './dataset-source.js';
import { type ImageSet, joinImageSets, type SplitName, splitNames } from './image-set.js';

const hint = '`locus data download cifar10` fetches the binary version';

/** Every batch file of CIFAR-10 has as many images. */
const batchImages = 10_000;

const batches: Record<SplitName, readonly string[]> = {
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin'],
  calibration: ['data_batch_5.bin'],
  test: ['test_batch.bin'],
};

const fileNames: readonly string[] = splitNames.flatMap((split) => batches[split]);

/** The folders in which the batch files may lie, in the order of search. */
function findFolders(dataDir: string): string[] {
  return [join(dataDir, 'cifar10'), join(dataDir, 'cifar-10-batches-bin'), dataDir];
}

/** A split needs its own files only, so the test images can be used where nothing else is there. */
export const cifar10: DatasetSource<'cifar10'> = {
  name: 'cifar10',
  title: 'CIFAR-10',
  nClasses: 10,
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  image: { channels: 3, size: 32 },
  files: {
    names: fileNames,
    folders: findFolders,
    remote: {
      mirrors: [
        'https://www.cs.toronto.edu/~kriz/',
        'https://cave.cs.toronto.edu/kriz/',
        'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/',
      ],
      files: [
        {
          name: 'cifar-10-binary.tar.gz',
          checked: 'the file',
          sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
          bytes: 170_052_171,
        },
      ],
    },
    isWhole: isWholeBatch,
  },
  sbs: { mode: 'CIFAR10' },
  load: async (dataDir, splits) => {
    const folders = findFolders(dataDir);
    const located = await locateFiles(
      splits.flatMap((split) => batches[split]),
      folders,
    );
    if (located.missing.length > 0) {
      throw new LocusError(
        'DATA_MISSING',
        `CIFAR-10 is not there: ${explainMissing(located, folders, hint)}`,
      );
    }
    return Promise.all(splits.map((split) => loadSplitFiles(split, located)));
  },
  describe: async (dataDir): Promise<Availability> => {
    const folders = findFolders(dataDir);
    const located = await locateFiles(fileNames, folders);
    const { folder, missing, paths } = located;
    if (paths.size === 0) return { splits: [], counts: {}, detail: explainMissing(located, folders, hint) };
    for (const path of paths.values()) {
      const { size } = await stat(path);
      if (!path.endsWith('.gz') && size !== batchImages * cifarRecordBytes) {
        const detail = corruptData(path, expectedBytes, `${size}`).message;
        return { splits: [], folder, counts: {}, detail };
      }
    }
    const splits = splitNames.filter((split) => batches[split].every((name) => paths.has(name)));
    return {
      splits,
      folder,
      counts: Object.fromEntries(splits.map((split) => [split, batches[split].length * batchImages])),
      detail: missing.length === 0 ? `found in ${folder}` : explainMissing(located, folders, hint),
    };
  },
};

const expectedBytes = `${batchImages * cifarRecordBytes} bytes for ${batchImages} images`;

async function loadSplitFiles(split: SplitName, { paths }: LocatedFiles): Promise<ImageSet> {
  const sets: ImageSet[] = [];
  for (const name of batches[split]) {
    const path = paths.get(name) as string;
    const set = await loadCifarBatch(path);
    if (set.count !== batchImages) throw corruptData(path, `${batchImages} images`, `${set.count}`);
    sets.push(set);
  }
  return joinImageSets(`cifar10/${split}`, sets);
}

/** Loads one file of CIFAR-10's binary format, gzipped or not, with any number of images; its name is its path. */
export async function loadCifarBatch(path: string): Promise<ImageSet> {
  return parseCifarBatch(await readDataFile(path), path);
}

/** Whether a file is a batch of CIFAR-10 as published: whole, in the format, and of the right number of images. */
async function isWholeBatch(path: string): Promise<boolean> {
  const set = await loadCifarBatch(path).catch(() => undefined);
  return set?.count === batchImages;
}
