/** Bounds of weights: those that are given, and those that follow from the signs of sources (Dale's law). */
import { invalidArgument } from '../../errors.js';
import { type Floats, makeFloats, type Precision, roundTo } from '../precision.js';
import { engineOrder, type LayerShape } from './shape.js';
import { listSynapses, type SynapticConnection, type Wiring } from './topology/topology.js';

export interface WeightBounds {
  /** Of all weights; where every weight has its own, −Infinity and Infinity. */
  readonly wMin: number;
  readonly wMax: number;
  /** Of every weight [row, column]; null: the same for all. */
  readonly ownBounds: { readonly low: Floats; readonly high: Floats } | null;
  /** 1 or −1, of all weights or of every row; null: weights may have any sign. */
  readonly sign: number | Int8Array | null;
}

interface WiredSource {
  readonly wiring: Wiring;
  readonly source: LayerShape;
  readonly precision: Precision;
  /** Names the connection in errors. */
  readonly place: string;
}

/** @throws LocusError naming bounds and signs that do not fit the weights, the sources or one another */
export function compileBounds(
  { wMin, wMax, sign: signs }: Pick<SynapticConnection, 'wMin' | 'wMax' | 'sign'>,
  wired: WiredSource,
): WeightBounds {
  const { precision, place } = wired;
  const round = roundTo[precision];
  const sign = signs === null || typeof signs === 'number' ? signs : signRows(signs, wired);
  if (typeof wMin === 'number' && typeof wMax === 'number' && !(sign instanceof Int8Array)) {
    const [low, high] = holdSign(round(wMin), round(wMax), sign ?? 0);
    checkOrder(low, high, 'a weight', place);
    return { wMin: low, wMax: high, ownBounds: null, sign };
  }
  const low = spread(wMin, Number.NEGATIVE_INFINITY, 'wMin', wired);
  const high = spread(wMax, Number.POSITIVE_INFINITY, 'wMax', wired);
  const { rowLength } = wired.wiring.fanOut;
  for (let at = 0; at < low.length; at++) {
    const own = sign instanceof Int8Array ? sign[Math.floor(at / rowLength)] : (sign ?? 0);
    [low[at], high[at]] = holdSign(low[at], high[at], own);
  }
  // Where there is no synapse, the weight is held at 0 whatever the bounds.
  listSynapses(wired.wiring)?.forEach((isSynapse, at) => {
    if (isSynapse === 0) [low[at], high[at]] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  });
  wired.wiring.engineIndex.forEach((at, weight) => checkOrder(low[at], high[at], `weight ${weight}`, place));
  return {
    wMin: Number.NEGATIVE_INFINITY,
    wMax: Number.POSITIVE_INFINITY,
    ownBounds: { low, high },
    sign,
  };
}

/** The weights with the sign of their sources. @param weights published order */
export function takeSign<T extends Floats>(weights: T, { sign }: WeightBounds, wiring: Wiring): T {
  if (sign === null) return weights;
  return weights.map((w, i) => Math.abs(w) * signOf(sign, wiring, i)) as T;
}

/** @throws LocusError naming the first weight that has not the sign of its source */
export function checkSigns(weights: Floats, { sign }: WeightBounds, wiring: Wiring, place: string): void {
  if (sign === null) return;
  const stray = weights.findIndex((w, i) => w * signOf(sign, wiring, i) < 0);
  if (stray < 0) return;
  const expectation = `weights ${signOf(sign, wiring, stray) > 0 ? '≥ 0 (sign 1)' : '≤ 0 (sign −1)'}, at weight ${stray}`;
  throw invalidArgument(place, expectation, weights[stray]);
}

function signOf(sign: number | Int8Array, { engineIndex, fanOut }: Wiring, weight: number): number {
  return typeof sign === 'number' ? sign : sign[Math.floor(engineIndex[weight] / fanOut.rowLength)];
}

function holdSign(low: number, high: number, sign: number): [low: number, high: number] {
  return [sign > 0 ? Math.max(low, 0) : low, sign < 0 ? Math.min(high, 0) : high];
}

function checkOrder(low: number, high: number, weight: string, place: string): void {
  if (low <= high) return;
  throw invalidArgument(place, `wMin ≤ wMax of ${weight}, signs included`, [low, high]);
}

/** Bounds [row, column] of one for all, or of one for every published weight. */
function spread(
  bound: number | ArrayLike<number>,
  missing: number,
  name: string,
  { wiring: { engineIndex, weightShape, fanOut }, precision, place }: WiredSource,
): Floats {
  const all = makeFloats(precision, fanOut.nRows * fanOut.rowLength).fill(missing);
  if (typeof bound !== 'number' && bound.length !== engineIndex.length) {
    const expectation = `${name} to be a number or ${engineIndex.length} of them (${weightShape.join(' × ')})`;
    throw invalidArgument(place, expectation, bound.length);
  }
  for (let i = 0; i < engineIndex.length; i++)
    all[engineIndex[i]] = typeof bound === 'number' ? bound : bound[i];
  return all;
}

/** Signs of rows from those of sources, published order; rows that nobody has count as excitatory. */
function signRows(signs: ArrayLike<number>, { wiring: { fanOut }, source, place }: WiredSource): Int8Array {
  const order = engineOrder(source);
  if (signs.length !== order.length)
    throw invalidArgument(place, `a sign for all sources, or ${order.length} of them`, signs.length);
  const found = new Int8Array(fanOut.nRows);
  for (let i = 0; i < order.length; i++) {
    for (let e = fanOut.start[order[i]]; e < fanOut.start[order[i] + 1]; e++) {
      const own = found[fanOut.row[e]];
      if (own !== 0 && own !== signs[i]) {
        const expectation = `one sign of all sources that share weights (source ${i} and others)`;
        throw invalidArgument(place, expectation, signs[i]);
      }
      found[fanOut.row[e]] = signs[i];
    }
  }
  return found.map((sign) => sign || 1);
}
