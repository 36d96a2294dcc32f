/** Layers, losses and optimisers for custom networks. */
export { type Augmentation, centreCrops, colourJitter, noJitter, randomCrops } from './augmentation.js';
export { AvgPool2d, type AvgPool2dOptions } from './avg-pool2d.js';
export { BatchNorm2d, type BatchNorm2dOptions } from './batch-norm2d.js';
export { Conv2d, type Conv2dOptions } from './conv2d.js';
export { Dropout } from './dropout.js';
export { Flatten } from './flatten.js';
export { Fold, type FoldOptions } from './fold.js';
export { layerThreads, setLayerThreads } from './kernels/select-kernels.js';
export { L1Norm } from './l1-norm.js';
export { Layer, Parameter } from './layer.js';
export { Linear, type LinearOptions } from './linear.js';
export { loadStateDict } from './load-state-dict.js';
export {
  countCorrect,
  crossEntropyLoss,
  type Loss,
  type MixtureCoefficients,
  mixtureLoss,
  mseLoss,
  predictLabels,
} from './losses.js';
export { NNMF2d, type NNMF2dOptions } from './nnmf2d.js';
export {
  Adam,
  type AdamOptions,
  type Optimizer,
  type OptimizerState,
  SGD,
  type SgdOptions,
} from './optimizers.js';
export type { PositiveFunctionType } from './positive-function.js';
export { type PlateauOptions, ReduceLROnPlateau } from './reduce-lr-on-plateau.js';
export { reconstructMap } from './reconstruct.js';
export { ReLU } from './relu.js';
export { SbS, type SbSOptions, type SpikeStream } from './sbs.js';
export { Sequential } from './sequential.js';
export { Softmax } from './softmax.js';
export { SplitOnOff } from './split-on-off.js';
export { makeTensor, makeZeros, reshape, type Tensor, type TensorData } from './tensor.js';
export { Unfold } from './unfold.js';
export type { WindowOptions } from './window.js';
