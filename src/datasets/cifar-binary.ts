/** The binary format of CIFAR-10, read from bytes: a label, then three planes of 32 × 32. */
import { corruptData, describeBytes } from './data-error.js';
import type { ImageSet } from './image-set.js';

const size = 32;
const channels = 3;
const nClasses = 10;
const imageBytes = channels * size * size;

/** One label byte and the image's three planes (red, green, blue). */
export const cifarRecordBytes = 1 + imageBytes;

/** The images of one batch file, in its order. `path` is named in errors (`DATA_CORRUPT`). */
export function parseCifarBatch(bytes: Uint8Array, path: string): ImageSet {
  const count = bytes.length / cifarRecordBytes;
  if (count === 0 || !Number.isInteger(count)) {
    throw corruptData(
      path,
      `CIFAR-10 records of ${cifarRecordBytes} bytes`,
      `${bytes.length} bytes, no whole number of records: ${describeBytes(bytes)}`,
    );
  }
  const images = new Uint8Array(count * imageBytes);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const start = image * cifarRecordBytes;
    labels[image] = bytes[start];
    if (labels[image] >= nClasses) {
      throw corruptData(path, `labels from 0 to ${nClasses - 1}`, `label ${labels[image]} of image ${image}`);
    }
    images.set(bytes.subarray(start + 1, start + cifarRecordBytes), image * imageBytes);
  }
  return { name: path, count, height: size, width: size, channels, images, labels };
}
