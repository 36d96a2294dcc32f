/** Brings the weights of the original's connections, dense matrices mostly of zeros, into this project's layouts. */
import { damaged, damagedAs } from '../../../formats/damaged.js';
import type { ModuleView } from './module-view.js';
import type { ParameterValue } from './original-files.js';
import type { OriginalShape } from './original-shape.js';

/** Weights of the competition that lie outside a receptive field, or on a neuron itself. */
export interface OutsideWeights {
  readonly count: number;
  /** Largest absolute value [mV]. */
  readonly largest: number;
}

/** Competition within a receptive field: one weight for all pairs of filters, or [position, source filter, target filter]. */
export type OriginalCompetition =
  | { kind: 'fixed'; weight: number }
  | { kind: 'trained'; weights: Float32Array };

/**
 * Weights from the image: LC [filter, row, column, ky, kx], C [filter, ky, kx], FC [filter, y, x].
 *
 * The original keeps a convolution as [filter, 1, ky, kx], and both other kinds as a dense matrix [pixel, neuron] that is 0
 * outside the receptive fields.
 */
export function readInputWeights(xy: ModuleView, shape: OriginalShape): Float32Array {
  const { networkType, crop, kernelSize, nFilters, nNeurons } = shape;
  const nTaps = kernelSize ** 2;
  if (networkType === 'C_SNN') {
    checkBias(xy, nFilters);
    return xy.parameter('w', nFilters * nTaps);
  }
  checkBias(xy, nNeurons);
  const nPositions = shape.convSize ** 2;
  const dense = xy.parameter('w', crop ** 2 * nNeurons);
  const pixels = receptiveFields(shape);
  checkLocations(xy, pixels, nPositions);

  const weights = new Float32Array(nNeurons * nTaps);
  for (let neuron = 0; neuron < nNeurons; neuron += 1) {
    const position = neuron % nPositions;
    for (let tap = 0; tap < nTaps; tap += 1) {
      const index = pixels[position * nTaps + tap] * nNeurons + neuron;
      weights[neuron * nTaps + tap] = dense[index];
      dense[index] = 0;
    }
  }
  checkAllZero(dense, xy.place('w'), 'no weights outside the receptive fields');
  return weights;
}

/**
 * Competition between the filters of a receptive field. The original keeps it as a dense matrix
 * [source neuron, target neuron], whether its weights were trained (`c_l`) or are all `c_w`.
 *
 * @param dropOutside leaves out weights between other neurons, which the original did not forbid
 */
export function readCompetition(
  yy: ModuleView,
  shape: OriginalShape,
  parameters: ReadonlyMap<string, ParameterValue>,
  dropOutside: boolean,
): OriginalCompetition & { outside: OutsideWeights | null } {
  const { nFilters, nNeurons } = shape;
  const nPositions = shape.convSize ** 2;
  const dense = yy.parameter('w', nNeurons ** 2);
  checkBias(yy, nNeurons);
  const weights = new Float32Array(nPositions * nFilters ** 2);
  for (let position = 0, at = 0; position < nPositions; position += 1) {
    for (let source = 0; source < nFilters; source += 1) {
      for (let target = 0; target < nFilters; target += 1, at += 1) {
        if (source === target) continue;
        const index = (source * nPositions + position) * nNeurons + target * nPositions + position;
        weights[at] = dense[index];
        dense[index] = 0;
      }
    }
  }
  const weightPlace = yy.place('w');
  const outside = findOutside(dense);
  if (outside && !dropOutside) {
    throw damagedAs(
      weightPlace,
      'competition between different filters of one receptive field only',
      `${describeOutside(outside)}. To leave them out: dropOutside: true, --drop-outside`,
    );
  }
  const isTrained = parameters.get('c_l');
  if (isTrained === true || isTrained === 1) return { kind: 'trained', weights, outside };
  if (isTrained !== false && isTrained !== 0)
    throw damaged(`${weightPlace}, c_l in parameters.json`, 'true or false', isTrained);
  return { kind: 'fixed', weight: uniformWeight(weights, nFilters, weightPlace), outside };
}

/** `2 weights outside, as large as 1500 mV` */
export function describeOutside({ count, largest }: OutsideWeights): string {
  return `${count} ${count === 1 ? 'weight' : 'weights'} outside, as large as ${largest} mV`;
}

function findOutside(rest: Float32Array): OutsideWeights | null {
  let [count, largest] = [0, 0];
  for (const weight of rest) {
    if (weight === 0) continue;
    count += 1;
    largest = Math.max(largest, Math.abs(weight));
  }
  return count === 0 ? null : { count, largest };
}

/** The one weight of all pairs; a filter without another to compete with has no pair, and no competition. */
function uniformWeight(weights: Float32Array, nFilters: number, place: string): number {
  const weight = nFilters > 1 ? weights[1] : 0;
  const differs = (value: number, i: number) => {
    const pair = i % nFilters ** 2;
    return value !== weight && Math.floor(pair / nFilters) !== pair % nFilters;
  };
  const other = weights.find(differs);
  if (other !== undefined)
    throw damaged(place, `${weight} for every pair, as parameters.json has c_l false`, other);
  return weight;
}

/** Pixel of each [position, tap], in rows of the image. */
function receptiveFields({ crop, kernelSize, stride, convSize }: OriginalShape): Uint32Array {
  const pixels = new Uint32Array((convSize * kernelSize) ** 2);
  let at = 0;
  for (let row = 0; row < convSize; row += 1) {
    for (let column = 0; column < convSize; column += 1) {
      for (let ky = 0; ky < kernelSize; ky += 1) {
        const start = (row * stride + ky) * crop + column * stride;
        for (let kx = 0; kx < kernelSize; kx += 1, at += 1) pixels[at] = start + kx;
      }
    }
  }
  return pixels;
}

/** The file says itself which pixel each [tap, position] is; the weights mean what we think only if it says the same. */
function checkLocations(xy: ModuleView, pixels: Uint32Array, nPositions: number): void {
  const nTaps = pixels.length / nPositions;
  const locations = xy.buffer('locations', pixels.length);
  for (let i = 0; i < locations.length; i += 1) {
    const expected = pixels[(i % nPositions) * nTaps + Math.floor(i / nPositions)];
    if (locations[i] !== expected) {
      throw damaged(xy.place('locations'), `receptive fields of this kernel and stride`, locations[i]);
    }
  }
}

/** The original's networks have no biases; one that has would behave differently here. */
function checkBias(connection: ModuleView, nTargets: number): void {
  checkAllZero(connection.parameter('b', nTargets), connection.place('b'), 'no bias');
}

function checkAllZero(values: Float32Array, place: string, expectation: string): void {
  const other = values.find((value) => value !== 0);
  if (other !== undefined) throw damaged(place, expectation, other);
}
