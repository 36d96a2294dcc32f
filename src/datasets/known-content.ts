/** What the published data sets contain: the files of MNIST and Fashion-MNIST, and whole data sets, by their sha-256. */
import type { DatasetName } from './dataset-source.js';

/** A published file: its name, and sha-256 and size of its uncompressed content. */
export interface KnownFile {
  readonly name: IdxFileName;
  readonly sha256: string;
  readonly bytes: number;
}

export type IdxDatasetName = 'mnist' | 'fashion-mnist';

export type IdxFileName =
  | 'train-images-idx3-ubyte'
  | 'train-labels-idx1-ubyte'
  | 't10k-images-idx3-ubyte'
  | 't10k-labels-idx1-ubyte';

export const knownFiles: Record<IdxDatasetName, readonly KnownFile[]> = {
  mnist: [
    {
      name: 'train-images-idx3-ubyte',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      bytes: 47_040_016,
    },
    {
      name: 'train-labels-idx1-ubyte',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      bytes: 60_008,
    },
    {
      name: 't10k-images-idx3-ubyte',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      bytes: 7_840_016,
    },
    {
      name: 't10k-labels-idx1-ubyte',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      bytes: 10_008,
    },
  ],
  'fashion-mnist': [
    {
      name: 'train-images-idx3-ubyte',
      sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      bytes: 47040016,
    },
    {
      name: 'train-labels-idx1-ubyte',
      sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      bytes: 60008,
    },
    {
      name: 't10k-images-idx3-ubyte',
      sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      bytes: 7840016,
    },
    {
      name: 't10k-labels-idx1-ubyte',
      sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      bytes: 10008,
    },
  ],
};

/** Which published file has this sha-256; nothing for files of one's own. */
export function identifyContent(sha256: string): { dataset: IdxDatasetName; file: IdxFileName } | undefined {
  for (const dataset of ['mnist', 'fashion-mnist'] as const) {
    const file = knownFiles[dataset].find((known) => known.sha256 === sha256);
    if (file) return { dataset, file: file.name };
  }
  return undefined;
}

/** `Dataset.hash` of the data sets as published. CIFAR-10 is not among them: its files have no published hashes to verify it by. */
const knownDatasets: Partial<Record<DatasetName, string>> = {
  'mnist-10k': 'b2b7957c7fdd4978951331878a7275398624621a315cd787260ae618ccb86d50',
  mnist: 'c97a2c607853b499a01d274c02fa5de533f80f6f09404e77aa0e02ec99b4c1f5',
  'fashion-mnist': '226d5d26cf66f9dd337296b76bba77dac113680361e7a86720dc1de1dc6a2562',
};

/** Whether a data set of this name and `Dataset.hash` is the published one; others of the same name are somebody's own. */
export function isKnownDataset({
  name,
  hash,
}: {
  readonly name: DatasetName;
  readonly hash: string;
}): boolean {
  return knownDatasets[name] === hash;
}
