/** Data sets in the form of MNIST: four IDX files, gzipped or not, in a local folder. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LocusError } from '../errors.js';
import { corruptData } from './data-error.js';
import {
  explainMissing,
  type LocatedFiles,
  locateFiles,
  readDataFile,
  readDataPrefix,
} from './data-files.js';
import type { Availability, DatasetSource } from './dataset-source.js';
import { imageHeaderBytes, parseIdxImageHeader, parseIdxImages, parseIdxLabels } from './idx.js';
import { type ImageSet, type SplitName, sliceImageSet, splitNames } from './image-set.js';
import type { Labels } from '../readout/class-numbers.js';
import { numberClasses } from './number-classes.js';
import type { RemoteSource } from './download/remote-sources.js';

type IdxPart = 'train' | 't10k';

type IdxFileName = `${IdxPart}-${'images-idx3-ubyte' | 'labels-idx1-ubyte'}`;

/** A published file: its name, and sha-256 and size of its uncompressed content. */
interface PublishedFile {
  readonly name: IdxFileName;
  readonly sha256: string;
  readonly bytes: number;
}

interface IdxDataset<Name extends string>
  extends Pick<DatasetSource<Name>, 'name' | 'title' | 'classNames' | 'hash' | 'sbs' | 'standIn'> {
  readonly mirrors: readonly string[];
  readonly files: readonly PublishedFile[];
  /** Another way to get the files, for people. */
  readonly alternative?: string;
  /** Advice for somebody who cannot download them: a sentence. */
  readonly remark?: string;
}

/** What the functions below need of a data set. */
interface Described {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
}

const parts: readonly IdxPart[] = ['train', 't10k'];

/** Which file of which data set a published content is, by its sha-256; nothing for files that somebody made. */
const published = new Map<string, { readonly title: string; readonly file: IdxFileName }>();

/**
 * A data set in the form of MNIST. Other files of that form are welcome (any size of images, the same in all files; labels
 * of any integers, which become the classes). The training file is cut five to one: 50,000 images to train and 10,000 to calibrate where it is MNIST.
 */
export function defineIdxDataset<const Name extends string>({
  name,
  title,
  classNames,
  hash,
  sbs,
  standIn,
  mirrors,
  files,
  alternative,
  remark,
}: IdxDataset<Name>): DatasetSource<Name> {
  for (const { name: file, sha256 } of files) published.set(sha256, { title, file });
  const download = `\`locus data download ${name}\` fetches them`;
  const described = {
    name,
    title,
    hint: alternative === undefined ? download : `${download} (or, ${alternative})`,
  };
  return {
    name,
    title,
    nClasses: 10,
    classNames,
    hash,
    image: { channels: 1, size: 28 },
    sbs,
    standIn,
    files: {
      names: files.map((file) => file.name),
      folders: (dataDir) => findFolders(name, dataDir),
      remote: { mirrors, files: files.map(gzipped) },
      remark,
    },
    load: async (dataDir, splits) => {
      const needed = parts.filter((part) => splits.some((split) => partOf(split) === part));
      const located = await locateParts(described, dataDir, needed);
      const classes = numberClasses(await loadLabels(located, needed), located.folder);
      const sets = await Promise.all(
        needed.map(async (part, i) => {
          const set = await loadPart(title, part, located, classes.labels[i]);
          return { ...set, classNames: classes.classNames };
        }),
      );
      checkSameSize(sets);
      return splits.map((split) => cutSplit(sets[needed.indexOf(partOf(split))], `${name}/${split}`, split));
    },
    describe: (dataDir) => describeFiles(described, dataDir),
  };
}

/** The folders in which the files of a data set may lie, in the order of search. */
function findFolders(name: string, dataDir: string): string[] {
  return [join(dataDir, name), dataDir];
}

/** Mirrors offer the files gzipped. */
function gzipped({ name, sha256, bytes }: PublishedFile): RemoteSource['files'][number] {
  return { name: `${name}.gz`, checked: 'its uncompressed content', sha256, bytes };
}

async function locateParts(
  { name, title, hint }: Described,
  dataDir: string,
  needed: readonly IdxPart[],
): Promise<LocatedFiles> {
  const folders = findFolders(name, dataDir);
  const located = await locateFiles(needed.flatMap(fileNames), folders);
  if (located.missing.length > 0) {
    throw new LocusError('DATA_MISSING', `${title} is not there: ${explainMissing(located, folders, hint)}`);
  }
  return located;
}

/** The labels of the parts, and behind them those of any other part that is there: classes are the same for every split. */
async function loadLabels(
  { folder, paths }: LocatedFiles,
  needed: readonly IdxPart[],
): Promise<Int32Array[]> {
  const labelFiles = (of: readonly IdxPart[]) => of.map((part) => fileNames(part)[1]);
  const others = await locateFiles(labelFiles(parts.filter((part) => !needed.includes(part))), [folder]);
  const all = [...labelFiles(needed).map((file) => paths.get(file) as string), ...others.paths.values()];
  return Promise.all(all.map(async (path) => parseIdxLabels(await readDataFile(path), path)));
}

async function loadPart(
  title: string,
  part: IdxPart,
  { paths }: LocatedFiles,
  labels: Labels,
): Promise<ImageSet> {
  const [imagePath, labelPath] = fileNames(part).map((file) => paths.get(file) as string);
  const [imageFile, labelFile] = await Promise.all([readDataFile(imagePath), readDataFile(labelPath)]);
  const { count, height, width, images } = parseIdxImages(imageFile, imagePath);
  if (labels.length !== count) {
    throw corruptData(
      labelPath,
      `${count} labels, one for each image of ${imagePath}`,
      `${labels.length} labels`,
    );
  }
  refuseOther(title, fileNames(part)[0], imageFile, imagePath);
  refuseOther(title, fileNames(part)[1], labelFile, labelPath);
  return { name: imagePath, count, height, width, channels: 1, images, labels };
}

/** A published file under the name of another one would give quietly wrong results; unknown content is the user's own. */
function refuseOther(title: string, file: IdxFileName, content: Uint8Array, path: string): void {
  const known = published.get(createHash('sha256').update(content).digest('hex'));
  if (known && (known.title !== title || known.file !== file)) {
    throw corruptData(path, `${file} of ${title}`, `${known.file} of ${known.title}`);
  }
}

function checkSameSize(sets: readonly ImageSet[]): void {
  for (const { name: path, height, width } of sets) {
    if (height !== sets[0].height || width !== sets[0].width) {
      const size = `${sets[0].height} × ${sets[0].width}`;
      throw corruptData(path, `images of ${size}, as in ${sets[0].name}`, `${height} × ${width}`);
    }
  }
}

function cutSplit(set: ImageSet, name: string, split: SplitName): ImageSet {
  const [from, to] = splitBounds(set.count, split);
  if (to === from)
    throw corruptData(set.name, 'at least 2 images, to train and to calibrate', `${set.count}`);
  return sliceImageSet(set, name, from, to);
}

/** First and last (excluded) image of a split in its file of `count` images. */
function splitBounds(count: number, split: SplitName): readonly [number, number] {
  const trained = Math.floor((count * 5) / 6);
  if (split === 'test') return [0, count];
  return split === 'train' ? [0, trained] : [trained, count];
}

async function describeFiles({ name, title, hint }: Described, dataDir: string): Promise<Availability> {
  const folders = findFolders(name, dataDir);
  const located = await locateFiles(parts.flatMap(fileNames), folders);
  const { folder, missing, paths } = located;
  const whole = parts.filter((part) => fileNames(part).every((file) => paths.has(file)));
  if (whole.length === 0) return { splits: [], counts: {}, detail: explainMissing(located, folders, hint) };
  try {
    const counts: Partial<Record<SplitName, number>> = {};
    for (const part of whole) {
      const [imageFile, labelFile] = fileNames(part);
      const imagePath = paths.get(imageFile) as string;
      const labelPath = paths.get(labelFile) as string;
      refuseOther(title, labelFile, await readDataFile(labelPath), labelPath);
      const { count } = parseIdxImageHeader(await readDataPrefix(imagePath, imageHeaderBytes), imagePath);
      for (const split of splitNames.filter((each) => partOf(each) === part)) {
        const [from, to] = splitBounds(count, split);
        if (to > from) counts[split] = to - from;
      }
    }
    const splits = splitNames.filter((split) => counts[split] !== undefined);
    const detail = missing.length === 0 ? `found in ${folder}` : explainMissing(located, folders, hint);
    return { splits, folder, counts, detail };
  } catch (error) {
    if (!(error instanceof LocusError)) throw error;
    return { splits: [], folder, counts: {}, detail: error.message };
  }
}

function partOf(split: SplitName): IdxPart {
  return split === 'test' ? 't10k' : 'train';
}

/** The image file and the label file of a part. */
function fileNames(part: IdxPart): [IdxFileName, IdxFileName] {
  return [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
}
