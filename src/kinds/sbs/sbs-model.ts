/** A trained Spike-by-Spike network out of a record of the database. */
import type { NetworkRecord } from '../../store/index.js';
import type { DeepModel, TrainingEntry } from '../layered/deep-model.js';
import { dropImage } from '../nnmf/nnmf-model.js';
import { neuronsFirst, reconstructMap, splitKernel } from '../../layers/reconstruct.js';
import { SbsImages } from './sbs-images.js';
import { makeSbsNetwork } from './sbs-network.js';
import { loadSbsArrays } from './sbs-record.js';
import { readSbsRecord } from './sbs-shape.js';
import { inferSbs, type SbsStep } from './sbs-training.js';
import { makeZeros, mapShape, type Tensor } from '../../layers/tensor.js';

/** Errors: `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT` naming the field and the expectation. */
export function readSbsModel(record: NetworkRecord): DeepModel {
  const { parameters, meta, arrays } = readSbsRecord(record);
  const { config } = meta;
  const { the_size: size, mean } = config.image_statistics;
  const margin = 2 * config.augmentation.crop_width_in_pixel;
  const shape = { channels: mean.length, height: size[0] + margin, width: size[1] + margin };
  const images = new SbsImages(config, shape);
  const built = makeSbsNetwork(config, images.size, parameters.seed);
  loadSbsArrays(built, arrays);
  const layers = [...built.sbsLayers.values()].map((layer) => ({
    layer,
    weights: () => neuronsFirst(layer.weights),
    window: layer.window,
  }));
  return {
    network: built.network,
    unit: 'update',
    canReconstruct: true,
    history: meta.history.map(toEntry),
    batchSize: Math.min(config.batch_size, 100),
    weights: () => layers.map(({ weights, window }) => splitKernel(weights(), window)),
    infer: (set, chosen) => inferSbs(built, images.test(set, chosen), chosen[0]),
    reconstruct: (set, image) => {
      const [{ layer, weights, window }] = layers;
      const x = images.test(set, [image]);
      inferSbs(built, x, image);
      const h = layer.lastOutput;
      const back = (map: Tensor) => dropImage(images.isSplit ? joinOnOff(map, mean) : map);
      return { input: back(x), reconstruction: back(reconstructMap(x, h, weights(), window)) };
    },
  };
}

/** What is above the mean less what is below, and the mean. */
function joinOnOff(map: Tensor, mean: readonly number[]): Tensor {
  const [batch, channels, height, width] = mapShape('joinOnOff', map);
  const half = channels / 2;
  const pixels = height * width;
  const out = makeZeros([batch, half, height, width], map.data);
  for (let i = 0; i < out.data.length; i++) {
    const image = Math.floor(i / (half * pixels));
    const on = i + image * half * pixels;
    out.data[i] = map.data[on] - map.data[on + half * pixels] + mean[Math.floor(i / pixels) % half];
  }
  return out;
}

function toEntry({ step, loss, correct, testCorrect }: SbsStep): TrainingEntry {
  return { x: step + 1, loss, trainCorrect: correct, testCorrect };
}
