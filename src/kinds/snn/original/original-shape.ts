/** What kind of network a folder holds and how large it is, as parameters.json and the network file agree on it. */
import { type NetworkType, networkTypes } from '../../../published-networks.js';
import { damaged, damagedAs } from '../../../formats/damaged.js';
import type { ModuleView } from './module-view.js';
import type { ParameterValue } from './original-files.js';

export interface OriginalShape {
  networkType: NetworkType;
  /** Side of the input image [pixels] */
  crop: number;
  nFilters: number;
  /** Side of a receptive field [pixels]; the fully connected network's is the image */
  kernelSize: number;
  /** Distance between receptive fields [pixels] */
  stride: number;
  /** Receptive fields in a row and in a column */
  convSize: number;
  /** `nFilters · convSize²` */
  nNeurons: number;
}

export function readNetworkType(parameters: ReadonlyMap<string, ParameterValue>, place: string): NetworkType {
  const given = parameters.get('network_type');
  const networkType = networkTypes.find((name) => name === given);
  if (networkType === undefined) throw damaged(`${place}, network_type`, networkTypes.join(', '), given);
  return networkType;
}

/**
 * The network's measures. The fully connected network has no kernel in parameters.json: it is one receptive field as large as
 * the image, and its stride, though without effect, stands in the network file only.
 *
 * @param xy the connection from the image, whose own kernel and stride must agree
 */
export function readOriginalShape(
  networkType: NetworkType,
  parameters: ReadonlyMap<string, ParameterValue>,
  xy: ModuleView,
  place: string,
): OriginalShape {
  const isFull = networkType === 'FC_SNN';
  const crop = readCount(parameters.get('crop'), `${place}, crop`);
  const nFilters = readCount(parameters.get('n_filters'), `${place}, n_filters`);
  const kernelSize = isFull ? crop : readCount(parameters.get('kernel_size'), `${place}, kernel_size`);
  const stride = isFull
    ? readCount(xy.pair('stride')[0], xy.place('stride'))
    : readCount(parameters.get('stride'), `${place}, stride`);
  if (kernelSize > crop) {
    throw damaged(`${place}, kernel_size`, `at most ${crop}, the side of the image`, kernelSize);
  }
  expectPair(xy, 'kernel_size', kernelSize);
  expectPair(xy, 'stride', stride);
  if (networkType === 'C_SNN') {
    expectPair(xy, 'padding', 0);
    expectPair(xy, 'dilation', 1);
  }

  const convSize = Math.floor((crop - kernelSize) / stride) + 1;
  return { networkType, crop, nFilters, kernelSize, stride, convSize, nNeurons: nFilters * convSize ** 2 };
}

function readCount(value: ParameterValue | undefined, place: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw damaged(place, 'a whole number ≥ 1', value);
  }
  return value;
}

/** Refuses a connection whose measures are not those of the parameters, or not the same in both directions. */
function expectPair(xy: ModuleView, name: string, expected: number): void {
  const [height, width] = xy.pair(name);
  if (height !== expected || width !== expected) {
    throw damagedAs(xy.place(name), `${expected} × ${expected}`, `${height} × ${width}`);
  }
}
