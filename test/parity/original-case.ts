/** A run of the original program, and the network that should repeat it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy } from '../../src/formats/npy.js';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { readMeta, walkCases } from '../support/walk-cases.js';

export const originalCases = walkCases('snn');

export interface OriginalMeta {
  network_type: 'LC_SNN' | 'C_SNN' | 'FC_SNN';
  n_filters: number;
  kernel_size: number;
  stride: number;
  crop: number;
  time_max: number;
  intensity: number;
  mean_weight: number;
  c_w: number;
  c_l: boolean;
  A_pos: number | null;
  A_neg: number | null;
  tau_pos: number;
  tau_neg: number;
  mnist_train_indices: number[];
  labels: number[];
  n_train: number;
  n_eval: number;
  refrac_Y: number;
  n_output: number;
}

export interface OriginalCase {
  readonly meta: OriginalMeta;
  readonly inputs: SpikeTrain[];
  /** Raster [step, neuron] of Y per image. */
  readonly outputs: Uint8Array[];
  /** Arrays by file name, without `.npy`. */
  array(name: string): Float32Array;
}

export function readOriginalCase(folder: string): OriginalCase {
  const meta = readMeta(folder) as OriginalMeta;
  const read = (file: string) => readNpy(readFileSync(join(folder, `${file}.npy`)), file);
  const rasters = (file: string, size: number) => {
    const packed = read(file).data as Uint8Array;
    return Array.from({ length: meta.n_train + meta.n_eval }, (_, image) =>
      unpack(packed, image, meta.time_max, size),
    );
  };
  const nInputs = meta.crop * meta.crop;
  return {
    meta,
    inputs: rasters('input_spikes', nInputs).map((raster) =>
      spikeTrainFromRaster(raster, meta.time_max, nInputs),
    ),
    outputs: rasters('output_spikes', meta.n_output),
    array: (file) => Float32Array.from(read(file).data as Float32Array),
  };
}

/** The images that the original showed without learning, behind the others: inputs, and spike counts [image, neuron]. */
export function evaluationOf({ meta, inputs, outputs }: OriginalCase): {
  inputs: SpikeTrain[];
  counts: Uint16Array;
} {
  const counts = new Uint16Array(meta.n_eval * meta.n_output);
  outputs.slice(meta.n_train).forEach((raster, image) => {
    raster.forEach((spike, i) => {
      counts[image * meta.n_output + (i % meta.n_output)] += spike;
    });
  });
  return { inputs: inputs.slice(meta.n_train), counts };
}

/** Bits of one image, most significant first along the last axis. */
function unpack(packed: Uint8Array, image: number, steps: number, size: number): Uint8Array {
  const stride = Math.ceil(size / 8);
  const raster = new Uint8Array(steps * size);
  for (let t = 0; t < steps; t++) {
    for (let n = 0; n < size; n++) {
      const byte = packed[(image * steps + t) * stride + (n >> 3)];
      raster[t * size + n] = (byte >> (7 - (n & 7))) & 1;
    }
  }
  return raster;
}

/** The network of a case with the original's initial weights. */
export function buildOriginalNetwork(original: OriginalCase, engine: string, threads = 1): Network {
  const { meta } = original;
  const { network_type, n_filters, kernel_size, stride, crop, mean_weight } = meta;
  const positions = network_type === 'FC_SNN' ? 1 : Math.floor((crop - kernel_size) / stride) + 1;
  const area = network_type === 'FC_SNN' ? crop * crop : kernel_size * kernel_size;
  const synapses = {
    w: original.array('w_xy_initial'),
    rule: new PostPre({ nu: [1e-4, 1e-2] }),
    wMin: 0,
    wMax: 1,
    norm: mean_weight * area,
    // The fixtures hold the weights that the first image saw: nothing is normalised before it.
    normalizeInitially: false,
  };
  const topology = {
    LC_SNN: () => new LocalConnection({ ...synapses, kernelSize: kernel_size, stride }),
    C_SNN: () => new Conv2dConnection({ ...synapses, kernelSize: kernel_size, stride }),
    FC_SNN: () => new Connection(synapses),
  };
  const competition = meta.c_l
    ? new LateralConnection({
        w: original.array('w_yy_initial'),
        rule: new PostPre({ nu: [meta.A_pos as number, meta.A_neg as number] }),
        wMax: 0,
      })
    : new LateralCompetition({ weight: meta.c_w });
  return new Network({ engine, threads })
    .addLayer('X', new Input({ shape: [crop, crop] }))
    .addLayer(
      'Y',
      new AdaptiveLIF({
        shape: [n_filters, positions, positions],
        refrac: meta.refrac_Y,
        tcTracePre: meta.tau_pos,
        tcTracePost: meta.tau_neg,
      }),
    )
    .addConnection('X', 'Y', topology[network_type]())
    .addConnection('Y', 'Y', competition);
}

/** Largest absolute difference of two arrays of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
