/** Where the data sets can be fetched, and how a fetched file is known to be the right one. */
import type { DatasetName } from '../dataset-source.js';
import { knownFiles } from '../known-content.js';

/** A file that mirrors offer under `name`, below their base address. */
export interface RemoteFile {
  readonly name: string;
  /** What `sha256` and `bytes` are taken of: mirrors of a gzipped file may have compressed it differently. */
  readonly checked: 'the file' | 'its uncompressed content';
  readonly sha256: string;
  readonly bytes: number;
}

export interface RemoteSource {
  /** Base addresses, each with a final slash, in the order they are tried. */
  readonly mirrors: readonly string[];
  readonly files: readonly RemoteFile[];
}

export type DownloadableName = Exclude<DatasetName, 'mnist-10k'>;

export const remoteSources: Record<DownloadableName, RemoteSource> = {
  mnist: {
    mirrors: [
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'https://raw.githubusercontent.com/fgnt/mnist/master/',
    ],
    files: gzippedFiles('mnist'),
  },
  'fashion-mnist': {
    mirrors: [
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
      'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
    files: gzippedFiles('fashion-mnist'),
  },
  cifar10: {
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
};

function gzippedFiles(name: 'mnist' | 'fashion-mnist'): RemoteFile[] {
  return knownFiles[name].map((file) => ({
    name: `${file.name}.gz`,
    checked: 'its uncompressed content',
    sha256: file.sha256,
    bytes: file.bytes,
  }));
}
