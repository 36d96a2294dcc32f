/** Where tests find real data. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const shared = resolve(process.env.LOCUS_SHARED ?? '../shared');

/** The four files of MNIST, gzipped. */
export const mnistFolder = join(shared, 'data/mnist');
/** `test_batch.bin.gz` in CIFAR-10's binary format. */
export const cifarFolder = join(shared, 'data/cifar10-jpeg');
/** Where Debian's package dataset-fashion-mnist puts its files. */
export const fashionFolder = '/usr/share/datasets/fashion-mnist';

export const hasMnist = existsSync(join(mnistFolder, 'train-images-idx3-ubyte.gz'));
export const hasCifar = existsSync(join(cifarFolder, 'test_batch.bin.gz'));
export const hasFashion = existsSync(join(fashionFolder, 'train-images-idx3-ubyte.gz'));
