/** A trained ReLU network from a folder of NumPy files: `conv1.npy`, …, `fc.npy` or `fc1.npy`, …, in the order of its layers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy } from '../../formats/npy.js';
import { LocusError } from '../../errors.js';
import { isFile } from '../../node/is-file.js';
import { filledText } from '../../options.js';
import type { Sequential } from '../../layers/sequential.js';
import { type Architecture, makeReluNetwork, parseArchitecture } from './architecture.js';

/**
 * Reads the weights: convolutions [output, input, ky, kx] of a cross-correlation, fully connected layers [output, input].
 *
 * @param notation of the architecture; default: `network` of the folder's `meta.json`, up to its first comma
 * @throws LocusError `DATA_MISSING` naming a file that is not there, `DATA_CORRUPT` one that does not fit
 */
export function readNpyNetwork(
  folder: string,
  notation?: string,
): { network: Sequential; architecture: Architecture } {
  filledText('readNpyNetwork', 'folder', folder);
  const architecture = parseArchitecture(notation ?? readNotation(folder));
  const network = makeReluNetwork(architecture, { dropout: 0 });
  const counts = { conv: 0, fc: 0 };
  const nDense = architecture.layers.filter(({ kind }) => kind === 'dense').length;
  for (const { value } of network.parameters()) {
    const kind = value.shape.length === 4 ? 'conv' : 'fc';
    const name = kind === 'fc' && nDense === 1 ? 'fc' : `${kind}${++counts[kind]}`;
    const file = join(folder, `${name}.npy`);
    if (!isFile(file))
      throw new LocusError(
        'DATA_MISSING',
        `network ${architecture.notation}: expected its weights, found no ${file}`,
      );
    const { shape, data } = readNpy(readFileSync(file), file);
    if (
      shape.join() !== value.shape.join() ||
      !(data instanceof Float32Array || data instanceof Float64Array)
    ) {
      throw new LocusError(
        'DATA_CORRUPT',
        `${file}: expected floats [${value.shape.join(', ')}], got [${shape.join(', ')}]`,
      );
    }
    value.data.set(data);
  }
  return { network, architecture };
}

function readNotation(folder: string): string {
  const file = join(folder, 'meta.json');
  if (!isFile(file)) {
    throw new LocusError(
      'DATA_MISSING',
      `network in ${folder}: expected its architecture, found no ${file} with "network"`,
    );
  }
  let network: unknown;
  try {
    network = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>).network;
  } catch (error) {
    throw new LocusError('DATA_CORRUPT', `${file}: expected JSON, got text that is not`, { cause: error });
  }
  if (typeof network !== 'string')
    throw new LocusError('DATA_CORRUPT', `${file}: expected "network" to be text, got ${String(network)}`);
  return network.split(',')[0];
}
