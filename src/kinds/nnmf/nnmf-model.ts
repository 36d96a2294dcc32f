/** A trained NNMF network out of a record of the database. */
import type { ImageSet } from '../../datasets/index.js';
import { invalidArgument } from '../../errors.js';
import type { NetworkRecord } from '../../store/index.js';
import { centreCrops } from '../../layers/augmentation.js';
import { Conv2d } from '../../layers/conv2d.js';
import type { DeepModel, TrainingEntry } from '../layered/deep-model.js';
import { checkNetworkRecord } from '../check-record.js';
import { loadWeights } from '../layered/network-weights.js';
import { makeNnmfNetwork } from './nnmf-network.js';
import { nnmfRecordShape } from './nnmf-record.js';
import type { EpochResult } from './nnmf-training.js';
import { NNMF2d } from '../../layers/nnmf2d.js';
import { reconstructMap, splitKernel } from '../../layers/reconstruct.js';
import type { Sequential } from '../../layers/sequential.js';
import { reshape, type Tensor } from '../../layers/tensor.js';
import { Unfold } from '../../layers/unfold.js';
import type { Window } from '../../layers/window.js';

/** Errors: `STORE_CORRUPT` naming the field and the expectation. */
export function readNnmfModel(record: NetworkRecord): DeepModel {
  const { parameters, meta, arrays } = checkNetworkRecord(nnmfRecordShape, record);
  const { options, batchSize } = parameters;
  const { network } = makeNnmfNetwork(options);
  loadWeights(network, arrays);
  network.setTraining(false);
  const crop = (set: ImageSet, chosen: ArrayLike<number>) => centreCrops(set, chosen, options.inputSize);
  return {
    network,
    unit: 'epoch',
    canReconstruct: inferenceLayers(network)[0]?.layer instanceof NNMF2d,
    history: meta.history.map(toEntry),
    batchSize,
    weights: () => inferenceLayers(network).map(({ weights, window }) => splitKernel(weights(), window)),
    infer: (set, chosen) => network.forward(crop(set, chosen)),
    reconstruct: (set, image) => {
      const [{ layer, weights, window, index }] = inferenceLayers(network);
      if (!(layer instanceof NNMF2d)) {
        throw invalidArgument('reconstruct', 'a network of NNMF layers', `the control "${record.name}"`);
      }
      const x = crop(set, [image]);
      const h = network.layers.slice(0, index + 1).reduce((map, each) => each.forward(map), x);
      return { input: dropImage(x), reconstruction: dropImage(reconstructMap(x, h, weights(), window)) };
    },
  };
}

interface Inference {
  readonly index: number;
  readonly layer: NNMF2d | Conv2d;
  readonly window: Window;
  /** [neuron, input · ky · kx] */
  readonly weights: () => Tensor;
}

/** The layers behind an `Unfold`: NNMF layers, or the convolutions that stand for them. */
function inferenceLayers({ layers }: Sequential): Inference[] {
  return layers.flatMap((unfold, at) => {
    if (!(unfold instanceof Unfold)) return [];
    const index = layers.findIndex(
      (layer, i) => i > at && (layer instanceof NNMF2d || layer instanceof Conv2d),
    );
    const layer = layers[index] as NNMF2d | Conv2d;
    const weights = () =>
      layer instanceof NNMF2d
        ? layer.normalizedWeights()
        : reshape(layer.weight.value, layer.weight.value.shape.slice(0, 2));
    return [{ index, layer, window: unfold.window, weights }];
  });
}

function toEntry({ epoch, trainLoss, trainCorrect, testCorrect }: EpochResult): TrainingEntry {
  return { x: epoch + 1, loss: trainLoss, trainCorrect, testCorrect };
}

/** [1, channel, row, column] → [channel, row, column] */
export function dropImage(map: Tensor): Tensor {
  return reshape(map, map.shape.slice(1));
}
