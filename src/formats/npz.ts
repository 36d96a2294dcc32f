/** Reads NumPy's `.npz` archives: several arrays, each under a name. */
import { filledText, instance } from '../options.js';
import { damaged } from './damaged.js';
import { type NpyArray, readNpy } from './npy.js';
import { readZip } from './zip.js';

/**
 * The arrays in the bytes of an `.npz` file by their names, stored (`np.savez`) or deflated (`np.savez_compressed`).
 *
 * @param place names the file in errors; the array follows behind a comma
 * @throws LocusError `DATA_CORRUPT` if the archive is damaged or holds anything but arrays that {@link readNpy} reads
 */
export function readNpz(bytes: Uint8Array, place: string): Map<string, NpyArray> {
  instance(Uint8Array)('readNpz', 'bytes', bytes);
  filledText('readNpz', 'place', place);
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of readZip(bytes, place)) {
    if (!file.endsWith('.npy')) throw damaged(place, 'arrays, as NAME.npy', file);
    arrays.set(file.slice(0, -'.npy'.length), readNpy(content, `${place}, ${file}`));
  }
  return arrays;
}
