/** What a monitor recorded as `.npy` files, for NumPy. */
import { join } from 'node:path';
import { rasterFromSpikeTrain, type SpikeTrain } from '../core/encoding/spike-train.js';
import { Monitor, type Timing } from '../core/network/monitors.js';
import type { Precision } from '../core/precision.js';
import { invalidArgument } from '../errors.js';
import { refuseTaken, writeOutput } from '../node/output-file.js';
import { filledText, flag, instance, oneOf, readOptions, type Schema } from '../options.js';
import { type WritableArray, writeNpy } from './npy.js';

export interface WriteRecordingsOptions {
  /** Spikes as a list of [step, neuron], or as a raster of bytes, 0 or 1, [step, neuron]. Default: list. */
  spikes?: 'list' | 'raster';
  /** Whether files that are there already are replaced. Default: false, nothing is written then. */
  overwrite?: boolean;
}

const schema: Schema<WriteRecordingsOptions> = { spikes: oneOf(['list', 'raster']), overwrite: flag };

/**
 * Writes all that a monitor recorded, by layer or connection:
 *
 * - `Y.v.npy`, a file for each variable: values [step, neuron], of 32 bits, or 64 in double precision
 * - `Y.spikes.npy`: row and column of every spike in such an array, [spike, 2], or that array itself (`spikes: 'raster'`)
 * - `Y.recorded-times.npy`: when each of these steps began since the last reset [ms], [step]
 * - `Y.recorded-indices.npy`: `indices` of the monitor where it has them, [neuron]
 *
 * Characters of a name that some system allows in no file become `%` and their number: `X-%3EY.w.npy` holds the weights of `X->Y`.
 *
 * @param folder is made where it is missing
 * @returns the paths, absolute
 * @throws LocusError `INVALID_ARGUMENT` where nothing was recorded or a file cannot be written; `NAME_TAKEN` with a file that is there
 *   already
 *
 * @example
 * await writeRecordings(monitor, 'recorded'); // numpy.load('recorded/Y.v.npy')
 */
export async function writeRecordings(
  monitor: Monitor<Precision>,
  folder: string,
  options: WriteRecordingsOptions = {},
): Promise<string[]> {
  const place = 'writeRecordings';
  instance(Monitor)(place, 'monitor', monitor);
  filledText(place, 'folder', folder);
  const { spikes = 'list', overwrite = false } = readOptions(place, schema, options);
  const places = monitor.recorded;
  if (places.length === 0) throw invalidArgument(place, 'a monitor that was added to a network', null);
  const arrays = places.flatMap((of) => listArrays(monitor, of, spikes));
  const paths = arrays.map(({ name }) => join(folder, `${name}.npy`));
  if (!overwrite) refuseTaken(place, paths);
  const written: string[] = [];
  for (const [i, array] of arrays.entries()) {
    written.push(await writeOutput(place, paths[i], writeNpy(array.read()), { overwrite }));
  }
  return written;
}

/** An array of a file; it is made when its turn comes, so that memory holds one at a time. */
interface NamedArray {
  readonly name: string;
  readonly read: () => WritableArray;
}

function listArrays(
  monitor: Monitor<Precision>,
  of: string,
  form: NonNullable<WriteRecordingsOptions['spikes']>,
): NamedArray[] {
  const { variables, indices } = monitor;
  const timing = monitor.timing(of);
  if (timing.steps === 0) throw invalidArgument('writeRecordings', `recorded steps of ${of}`, 0);
  const named = (what: string, read: NamedArray['read']) => ({ name: `${escapeName(of)}.${what}`, read });
  const values = variables.map((variable) =>
    named(variable, () => {
      if (variable === 'spikes') return arrangeSpikes(monitor.spikes(of), form);
      const { steps, size, data } = monitor.get(variable, of);
      return { shape: [steps, size], data };
    }),
  );
  // No variable has such a name, which its equations could not take.
  const times = named('recorded-times', () => ({ shape: [timing.steps], data: timesOf(timing) }));
  if (!indices) return [...values, times];
  return [...values, times, named('recorded-indices', () => ({ shape: [indices.length], data: indices }))];
}

function arrangeSpikes(train: SpikeTrain, form: 'list' | 'raster'): WritableArray {
  const { steps, size, offsets, neurons } = train;
  if (form === 'raster') return { shape: [steps, size], data: rasterFromSpikeTrain(train) };
  const data = new Uint32Array(2 * neurons.length);
  for (let t = 0; t < steps; t++) {
    for (let e = offsets[t]; e < offsets[t + 1]; e++) data.set([t, neurons[e]], 2 * e);
  }
  return { shape: [neurons.length, 2], data };
}

function timesOf({ steps, first, every, dt }: Timing): Float64Array {
  return Float64Array.from({ length: steps }, (_, t) => (first + t * every) * dt);
}

/** A name without the characters that Windows or POSIX has in no file's name. */
function escapeName(name: string): string {
  return Array.from(name, (character) =>
    /[<>:"/\\|?*%]/.test(character) || character < ' '
      ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
      : character,
  ).join('');
}
