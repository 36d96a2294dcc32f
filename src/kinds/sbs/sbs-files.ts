/** Weights and epsilon of a Spike-by-Spike network as the reference program keeps them: one `.npy` file per layer and step. */
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy, writeNpy } from '../../formats/npy.js';
import { invalidArgument, LocusError } from '../../errors.js';
import type { SbsConfig } from './sbs-config.js';
import { prepareFolder } from '../../node/make-folder.js';
import { count, filledText, readOptions, required, type Schema } from '../../options.js';
import type { SbsNetwork } from './sbs-network.js';
import { makeTensor, type Tensor } from '../../layers/tensor.js';

export interface SbsFolders {
  readonly weights: string;
  readonly epsilonXy: string;
}

const foldersSchema: Schema<SbsFolders> = {
  weights: required(filledText),
  epsilonXy: required(filledText),
};

const stepField = count({ least: 0 });

const weightPrefix = 'Weight_L';
const epsilonPrefix = 'EpsXY_L';
/** Ends the name of a file that is not in use yet. */
const stagedEnd = '.part';

/** The layers whose weights and epsilon are written. */
export type SbsFileChoice = (layer: number) => { readonly weights: boolean; readonly epsilonXy: boolean };

/** Writes `Weight_L{layer}_S{step}.npy` and `EpsXY_L{layer}_S{step}.npy` of the layers that `choose` names. */
export function saveSbsFiles(
  network: SbsNetwork,
  folders: SbsFolders,
  step: number,
  choose: SbsFileChoice,
): void {
  readOptions('saveSbsFiles', foldersSchema, folders);
  stepField('saveSbsFiles', 'step', step);
  stageSbsFiles(network, folders, step, choose);
  placeSbsFiles(folders, step);
}

/** Writes the files of a step under names that nothing reads, until `placeSbsFiles` gives them their own. */
export function stageSbsFiles(
  { sbsLayers }: SbsNetwork,
  folders: SbsFolders,
  step: number,
  choose: SbsFileChoice,
): void {
  const write = (folder: string, prefix: string, layer: number, tensor: Tensor) =>
    writeTensor(folder, `${prefix}${layer}_S${step}.npy${stagedEnd}`, tensor);
  for (const [index, layer] of sbsLayers) {
    const chosen = choose(index);
    if (chosen.weights) write(folders.weights, weightPrefix, index, layer.weights);
    if (chosen.epsilonXy) write(folders.epsilonXy, epsilonPrefix, index, layer.epsilonXy);
  }
}

/** Puts the files that were staged for a step, as far as there are any, in the place of those of that step. */
export function placeSbsFiles({ weights, epsilonXy }: SbsFolders, step: number): void {
  for (const folder of new Set([weights, epsilonXy])) {
    for (const name of namesIn('saveSbsFiles', folder)) {
      if (!name.endsWith(`_S${step}.npy${stagedEnd}`)) continue;
      renameSync(join(folder, name), join(folder, name.slice(0, -stagedEnd.length)));
    }
  }
}

/**
 * Reads the files of a step into the network, as far as they are there; returns their paths.
 * Errors: `DATA_MISSING` where there is none at all; `DATA_CORRUPT`; `INVALID_ARGUMENT` where one does not fit its layer.
 */
export function loadSbsFiles(network: SbsNetwork, folders: SbsFolders, step: number): string[] {
  readOptions('loadSbsFiles', foldersSchema, folders);
  stepField('loadSbsFiles', 'step', step);
  const read = readFiles(network, (prefix, layer) => {
    const folder = prefix === weightPrefix ? folders.weights : folders.epsilonXy;
    const wanted = `${prefix}${layer}_S${step}.npy`;
    return namesIn('loadSbsFiles', folder).includes(wanted) ? [join(folder, wanted)] : [];
  });
  if (read.length === 0) {
    const place = [...new Set([folders.weights, folders.epsilonXy])].join(' and ');
    throw new LocusError(
      'DATA_MISSING',
      `SbS: expected files ${weightPrefix}*_S${step}.npy in ${place}, found none`,
    );
  }
  return read;
}

/**
 * Whether the files of a step, as far as they are there, hold exactly these values; false where there is none.
 *
 * @param parameters of the network, in their order
 */
export function agreesWithSbsFiles(
  { sbsLayers }: SbsNetwork,
  folders: SbsFolders,
  step: number,
  parameters: readonly Tensor[],
): boolean {
  const files = [...sbsLayers.keys()].flatMap((layer) => [
    join(folders.weights, `${weightPrefix}${layer}_S${step}.npy`),
    join(folders.epsilonXy, `${epsilonPrefix}${layer}_S${step}.npy`),
  ]);
  const found = files.flatMap((path, index) => (existsSync(path) ? [{ path, index }] : []));
  return (
    found.length > 0 &&
    found.every(({ path, index }) => {
      const { data } = readTensor(path);
      const own = parameters[index].data;
      return data.length === own.length && data.every((value, i) => value === own[i]);
    })
  );
}

/**
 * Reads the one file of every layer in a folder, of whatever step, into the network; returns their paths.
 * Errors: `INVALID_ARGUMENT` where there are several for a layer, or one does not fit.
 */
export function overloadSbsFiles(network: SbsNetwork, folder: string): string[] {
  filledText('overloadSbsFiles', 'folder', folder);
  const names = namesIn('overloadSbsFiles', folder).sort();
  if (names.length === 0) return [];
  return readFiles(network, (prefix, layer) => {
    const found = names.filter((name) => name.startsWith(`${prefix}${layer}_`) && name.endsWith('.npy'));
    if (found.length > 1) {
      throw new LocusError(
        'INVALID_ARGUMENT',
        `${folder}: expected one file ${prefix}${layer}_*.npy, found ${found.join(', ')}`,
      );
    }
    return found.map((name) => join(folder, name));
  });
}

function readFiles({ sbsLayers }: SbsNetwork, find: (prefix: string, layer: number) => string[]): string[] {
  return [...sbsLayers].flatMap(([index, layer]) => {
    const weights = find(weightPrefix, index);
    const epsilon = find(epsilonPrefix, index);
    for (const path of weights) layer.weights = readTensor(path);
    for (const path of epsilon) layer.epsilonXy = readTensor(path);
    return weights.concat(epsilon);
  });
}

/** The names in a folder, none where it is missing. @throws LocusError `INVALID_ARGUMENT` where it is a file */
function namesIn(place: string, folder: string): string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw invalidArgument(place, 'the path of a folder', folder);
  return readdirSync(folder);
}

function readTensor(path: string): Tensor {
  const { shape, data } = readNpy(readFileSync(path), path);
  if (data instanceof Float32Array || data instanceof Float64Array) return makeTensor(shape, data);
  throw new LocusError('DATA_CORRUPT', `${path}: expected float32 or float64, got ${data.constructor.name}`);
}

function writeTensor(folder: string, name: string, { shape, data }: Tensor): void {
  prepareFolder('saveSbsFiles', folder);
  writeFileSync(join(folder, name), writeNpy({ shape, data: Float32Array.from(data) }));
}

/** Where a configuration keeps its files. */
export function foldersOf({ weight_path, eps_xy_path }: SbsConfig): SbsFolders {
  return { weights: weight_path, epsilonXy: eps_xy_path };
}

/** The latest step with files of weights, or undefined where there are none. */
export function findLastSbsStep({ weights }: SbsFolders): number | undefined {
  const names = namesIn('SbS weights', weights);
  const steps = names.flatMap((name) => /^Weight_L\d+_S(\d+)\.npy$/.exec(name)?.[1] ?? []).map(Number);
  return steps.length === 0 ? undefined : Math.max(...steps);
}
