/** The deep network of NNMF layers, and its control with plain 1 × 1 convolutions in their place. */
import type { DatasetSource } from '../../datasets/dataset-source.js';
import { type DatasetName, listDatasets } from '../../datasets/registry.js';
import {
  count,
  type Field,
  flag,
  list,
  objectWith,
  pickOptions,
  readOptions,
  required,
  type Schema,
} from '../../options.js';
import { BatchNorm2d } from '../../layers/batch-norm2d.js';
import { Conv2d } from '../../layers/conv2d.js';
import { Flatten } from '../../layers/flatten.js';
import { Fold } from '../../layers/fold.js';
import { L1Norm } from '../../layers/l1-norm.js';
import type { Layer, Parameter } from '../../layers/layer.js';
import { NNMF2d, type NNMF2dOptions, nnmfFields } from '../../layers/nnmf2d.js';
import { seedField } from '../../core/random/stream.js';
import { ReLU } from '../../layers/relu.js';
import { Sequential } from '../../layers/sequential.js';
import { Softmax } from '../../layers/softmax.js';
import { Unfold } from '../../layers/unfold.js';
import { makeWindow, outputSize, type Pair } from '../../layers/window.js';

export interface NnmfInput {
  readonly channels: number;
  readonly size: number;
}

/** Channels and size of the crops of a data set that the network sees: four pixels smaller than its images. */
export function describeNnmfInput({ image }: DatasetSource): NnmfInput {
  return { channels: image.channels, size: image.size - 4 };
}

/** The same by the names of the data sets. */
export const nnmfInputs = Object.fromEntries(
  listDatasets().map((source) => [source.name, describeNnmfInput(source)]),
) as Readonly<Record<DatasetName, NnmfInput>>;

export interface NnmfNetworkOptions extends Omit<NNMF2dOptions, 'item'> {
  readonly inputChannels: number;
  /** Height and width of the input. */
  readonly inputSize: number;
  /** Output channels of the four blocks. Default: [32, 64, 96, 10]. */
  readonly channels?: readonly [number, number, number, number];
  /** Side of the kernels of the first two blocks. Default: 5. */
  readonly kernelSize?: number;
  /** Plain 1 × 1 convolutions in place of the NNMF layers: the control. Default: false. */
  readonly mlpEquivalent?: boolean;
}

/** Parameters by the optimiser that trains them. */
export interface NnmfGroups {
  readonly cnnTop: Parameter[];
  readonly nnmf: Parameter[];
  readonly batchNorm2d: Parameter[];
}

export interface NnmfNetwork {
  readonly network: Sequential;
  readonly groups: NnmfGroups;
}

const groupsField = objectWith<NnmfGroups>('cnnTop', 'nnmf', 'batchNorm2d');
export const networkField = objectWith<NnmfNetwork>('network', 'groups');

export const nnmfNetworkSchema: Schema<NnmfNetworkOptions> = {
  ...nnmfFields,
  seed: seedField,
  inputChannels: required(count({ unit: 'channels' })),
  inputSize: required(count({ unit: 'pixels' })),
  channels: list(count(), { length: 4 }) as Field<readonly [number, number, number, number]>,
  kernelSize: count({ unit: 'pixels' }),
  mlpEquivalent: flag,
};

const poolKernel = 2;

/** Errors: `INVALID_ARGUMENT`. */
export function makeNnmfNetwork(given: NnmfNetworkOptions): NnmfNetwork {
  const options = readOptions('makeNnmfNetwork', nnmfNetworkSchema, given);
  const { inputChannels, inputSize, channels = [32, 64, 96, 10], kernelSize = 5 } = options;
  const builder = new NetworkBuilder(inputChannels, [inputSize, inputSize], options);
  builder.addBlock(channels[0], [kernelSize, kernelSize]);
  builder.addPooling(channels[0]);
  builder.addBlock(channels[1], [kernelSize, kernelSize]);
  builder.addPooling(channels[1]);
  builder.addBlock(channels[2], builder.size);
  builder.addBlock(channels[3], [1, 1]);
  return builder.finish();
}

/** The structure and the numbers of parameters, as the reference program prints them. */
export function describeNnmfNetwork(described: NnmfNetwork): string {
  const { network, groups } = networkField('describeNnmfNetwork', 'network', described);
  const counts = countNnmfParameters(groups);
  return (
    `${String(network)}\ncnn_top: ${counts.cnnTop}   nnmf: ${counts.nnmf}   ` +
    `batchnorm2d: ${counts.batchNorm2d}   total number of parameter: ${counts.total}`
  );
}

export function countNnmfParameters(groups: NnmfGroups): Record<keyof NnmfGroups | 'total', number> {
  groupsField('countNnmfParameters', 'groups', groups);
  const count = (parameters: readonly Parameter[]) =>
    parameters.reduce((sum, { value }) => sum + value.data.length, 0);
  const cnnTop = count(groups.cnnTop);
  const nnmf = count(groups.nnmf);
  const batchNorm2d = count(groups.batchNorm2d);
  return { cnnTop, nnmf, batchNorm2d, total: cnnTop + nnmf + batchNorm2d };
}

class NetworkBuilder {
  readonly #layers: Layer[] = [];
  readonly #groups: NnmfGroups = { cnnTop: [], nnmf: [], batchNorm2d: [] };

  constructor(
    public channels: number,
    public size: Pair,
    private readonly options: NnmfNetworkOptions,
  ) {}

  /** An NNMF layer over patches, normalised, recombined and normalised again. */
  addBlock(channels: number, kernel: Pair): void {
    this.#addNnmf(channels, kernel, 1);
    this.#addNorm();
    const top = new Conv2d(channels, channels, { kernelSize: 1 });
    top.weight.value.data.fill(0);
    for (let i = 0; i < channels; i++) top.weight.value.data[i * channels + i] = 1;
    top.bias?.value.data.fill(0);
    this.#add(top, this.#groups.cnnTop);
    this.#addNorm();
  }

  addPooling(channels: number): void {
    this.#addNnmf(channels, [poolKernel, poolKernel], poolKernel);
    this.#addNorm();
  }

  finish(): NnmfNetwork {
    this.#layers.push(new Softmax(), new Flatten());
    return { network: new Sequential(this.#layers), groups: this.#groups };
  }

  #addNnmf(channels: number, kernel: Pair, stride: number): void {
    const geometry = { kernelSize: kernel, stride };
    this.size = outputSize('makeNnmfNetwork', this.size, makeWindow('makeNnmfNetwork', geometry));
    this.#layers.push(
      new ReLU(),
      new Unfold(geometry),
      new Fold({ outputSize: this.size, kernelSize: [1, 1] }),
      new L1Norm(),
    );
    const inputs = this.channels * kernel[0] * kernel[1];
    // Every layer draws its initial weights from an item of its own: its index.
    const item = this.#layers.length;
    const { mlpEquivalent = false, seed } = this.options;
    this.#add(
      mlpEquivalent
        ? new Conv2d(inputs, channels, { kernelSize: 1, bias: false, seed, item })
        : new NNMF2d(inputs, channels, { ...pickOptions(nnmfFields, this.options), seed, item }),
      this.#groups.nnmf,
    );
    this.channels = channels;
  }

  /** A map of one pixel is not normalised. */
  #addNorm(): void {
    if (this.size[0] * this.size[1] === 1) return;
    this.#add(new BatchNorm2d(this.channels, { trackRunningStats: false }), this.#groups.batchNorm2d);
  }

  #add(layer: Layer, group: Parameter[]): void {
    this.#layers.push(layer);
    group.push(...layer.parameters());
  }
}
