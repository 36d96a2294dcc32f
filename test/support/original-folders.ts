/** Network folders of the original program: the real ones where they are, and copies with something changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readNpy } from '../../src/formats/npy.js';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { makeFolder } from './make-folder.js';
import { walkCases } from './walk-cases.js';
import { pythonJson } from './write-original.js';

/** The original's own networks, where they are. */
export const realOriginals = walkCases('original-networks');

const originalFiles = ['parameters.json', 'score.json', 'network', 'votes', 'confusion_matrix'] as const;

export type OriginalFile = (typeof originalFiles)[number];

/** A copy of a folder that may be changed. */
export function copyOriginal(folder: string, name = basename(folder)): string {
  const copy = join(makeFolder(), name);
  mkdirSync(copy);
  // Read and written, because the originals may be read-only.
  for (const file of originalFiles) {
    if (existsSync(join(folder, file))) writeFileSync(join(copy, file), readFileSync(join(folder, file)));
  }
  return copy;
}

/** A copy of the folder with one file's content changed. */
export function withFile(folder: string, file: OriginalFile, content: string | Uint8Array): string {
  const copy = copyOriginal(folder);
  writeFileSync(join(copy, file), content);
  return copy;
}

/** parameters.json as it is; `-Infinity` is a number. */
export function readPublishedParameters(folder: string): Record<string, unknown> {
  const json = readFileSync(join(folder, 'parameters.json'), 'utf8').replaceAll('-Infinity', '-1e999');
  return JSON.parse(json) as Record<string, unknown>;
}

/** A copy of the folder with other parameters. */
export function withParameters(folder: string, change: Record<string, unknown>): string {
  const parameters = { ...readPublishedParameters(folder), ...change };
  return withFile(folder, 'parameters.json', pythonJson(parameters));
}

/** The original program's rerun of a network on ten test images. */
export interface Rerun {
  readonly predictions: { readonly patch_voting: number[]; readonly all_voting: number[] };
  readonly refrac: number;
  readonly theta_mean: number;
  readonly inputs: SpikeTrain[];
  /** [image, neuron] */
  readonly counts: { readonly shape: readonly number[]; readonly data: Uint16Array };
}

export function readRerun(folder: string, nInputs: number): Rerun {
  const rerun = JSON.parse(readFileSync(join(folder, 'rerun.json'), 'utf8')) as Rerun;
  const counts = readNpy(
    readFileSync(join(folder, 'rerun_spike_counts.npy')),
    'rerun_spike_counts.npy',
    'u2',
  );
  return { ...rerun, inputs: readInputs(folder, nInputs), counts };
}

/** The input of every image, from bits packed along the last axis [image, step, byte], most significant first. */
function readInputs(folder: string, nInputs: number): SpikeTrain[] {
  const { shape, data } = readNpy(
    readFileSync(join(folder, 'rerun_input_spikes.npy')),
    'rerun_input_spikes.npy',
    'u1',
  );
  const [nImages, nSteps, nBytes] = shape;
  return Array.from({ length: nImages }, (_, image) => {
    const raster = Uint8Array.from({ length: nSteps * nInputs }, (_, i) => {
      const [step, neuron] = [Math.floor(i / nInputs), i % nInputs];
      return (data[(image * nSteps + step) * nBytes + (neuron >> 3)] >> (7 - (neuron & 7))) & 1;
    });
    return spikeTrainFromRaster(raster, nSteps, nInputs);
  });
}
