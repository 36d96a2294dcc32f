/** Runs of BindsNET with kernels: their connections here, and the order of their weights. */
import {
  Conv2dConnection,
  type KernelParameters,
  LocalConnection,
} from '../../src/core/network/topology/index.js';

export interface KernelMeta {
  readonly connection: string;
  readonly rule: string;
  readonly dt: number;
  readonly steps: number;
  readonly source_shape: readonly [channels: number, height: number, width: number];
  readonly target_shape: readonly [filters: number, rows: number, columns: number];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, { readonly axes: readonly string[] }>>;
}

/** The connection of a case; what its norm sums over follows from its class there. */
export function makeKernelConnection(
  { connection, parameters }: KernelMeta,
  options: Partial<KernelParameters>,
): Conv2dConnection | LocalConnection {
  const [kernelSize, stride, padding] = ['kernel_size', 'stride', 'padding'].map((name) =>
    Number(parameters[name]),
  );
  const { norm } = parameters;
  // Its older class multiplies the norm by the taps, and sums over all of a target.
  const isOlder = connection === 'LocalConnection';
  const given: KernelParameters = {
    kernelSize,
    stride,
    padding,
    norm: typeof norm === 'number' ? norm * (isOlder ? kernelSize ** 2 : 1) : undefined,
    normalizeOver: isOlder ? 'target' : 'channel',
    normalizeInitially: false,
    ...options,
  };
  if (connection === 'Conv2dConnection') return new Conv2dConnection({ ...given, updates: 'summed' });
  if (isOlder || connection === 'LocalConnection2D') return new LocalConnection(given);
  throw new Error(`${connection}: no connection of that name is known here`);
}

/** Index of every weight there, in the order of the weights here: [filter, (row, column,) channel, ky, kx]. */
export function orderOfWeights({
  source_shape,
  target_shape,
  parameters,
  arrays,
}: Pick<KernelMeta, 'source_shape' | 'target_shape' | 'parameters' | 'arrays'>): number[] {
  const [channels, height, width] = source_shape;
  const [filters, rows, columns] = target_shape;
  const [kernel, stride, padding] = ['kernel_size', 'stride', 'padding'].map((name) =>
    Number(parameters[name]),
  );
  const axes = arrays.w_initial.axes.join();
  const nPositions = rows * columns;
  const nKernels = axes === 'filter,channel,ky,kx' ? 1 : nPositions;
  const taps = kernel ** 2;
  return Array.from({ length: filters * nKernels * channels * taps }, (_, at) => {
    const [tap, channel] = [at % taps, Math.floor(at / taps) % channels];
    const place = Math.floor(at / taps / channels);
    if (nKernels === 1) return at;
    // Filters come first in both orders, so that it is the number of the target neuron.
    if (axes !== 'source,target') return (channel * filters * nPositions + place) * taps + tap;
    const position = place % nPositions;
    const y = Math.floor(position / columns) * stride + Math.floor(tap / kernel) - padding;
    const x = (position % columns) * stride + (tap % kernel) - padding;
    return ((channel * height + y) * width + x) * filters * nPositions + place;
  });
}
