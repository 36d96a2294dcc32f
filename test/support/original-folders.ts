/** The network folders of the original program that tests read where they are at hand. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readNpy } from '../../src/formats/npy.js';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { makeFolder } from './make-folder.js';

const root = resolve(process.env.LOCUS_SHARED ?? '../shared', 'fixtures/original-networks');

export const hasOriginals = existsSync(root);

/** Folders by the kind of network, each named by the original's hash. */
export const originals = {
  fullyConnected: join(root, '04cac8c5faccfe32961fb1860e246251abdba688706e9d2a54956bc4'),
  locallyConnected: join(root, '4d5903942a6b385e0bd867906efe112e4e37aba55a978cda35e27c0a'),
  convolutional: join(root, '522ee18cba17ffd2ba6ddcd50cb72cf13527f3c76f8bbbb134d9362a'),
  trainedCompetition: join(root, 'a00fb88cd2a9fb0a62c55afda5e2e30a376f5ae7b6338df6c91bf7b4'),
};

const originalFiles = ['parameters.json', 'score.json', 'network', 'votes', 'confusion_matrix'] as const;

export type OriginalFile = (typeof originalFiles)[number];

/** A copy of a folder that may be changed. */
export function copyOriginal(folder: string, name = basename(folder)): string {
  const copy = join(makeFolder(), name);
  mkdirSync(copy);
  // Written anew, because the originals may be read-only.
  for (const file of originalFiles) writeFileSync(join(copy, file), readFileSync(join(folder, file)));
  return copy;
}

/** A copy of the folder with one file's content changed. */
export function withFile(folder: string, file: OriginalFile, content: string | Uint8Array): string {
  const copy = copyOriginal(folder);
  writeFileSync(join(copy, file), content);
  return copy;
}

/** A copy of the folder with other parameters. */
export function withParameters(folder: string, change: Record<string, unknown>): string {
  const json = readFileSync(join(folder, 'parameters.json'), 'utf8').replaceAll('-Infinity', '-1e999');
  const parameters = { ...(JSON.parse(json) as object), ...change };
  return withFile(folder, 'parameters.json', JSON.stringify(parameters));
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

/** How many folders there are in all. */
export function countOriginals(): number {
  return readdirSync(root).length;
}
