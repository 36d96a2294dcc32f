/** The one data structure of every topology: which rows of a weight matrix a source spike reaches, and where they fall. */
import { invalidArgument } from '../../../errors.js';
import { count } from '../../../options.js';

/** Of sources, rows, and channels of a target. */
export const mostFanOutRows = 2 ** 31;

const wholeNumber = count({ most: mostFanOutRows });

/**
 * Source neuron `i` reaches the entries `start[i] … start[i + 1]`; entry `e` adds the `rowLength` weights of row `row[e]`
 * to the inputs of `rowLength` consecutive target neurons from `target[e]`: the channels of one position.  Entries of a
 * source ascend by target.  All indices are in engine order.
 */
export interface FanOut {
  readonly nSources: number;
  readonly nRows: number;
  /** Channels of the target layer. */
  readonly rowLength: number;
  readonly start: Uint32Array;
  readonly row: Uint32Array;
  readonly target: Uint32Array;
}

/**
 * Makes a fan-out.
 *
 * @param nSources neurons of the source layer
 * @param nRows rows of the weight matrix, each of `rowLength` weights
 * @param rowLength channels of the target layer
 * @param entries (source neuron, row, first target neuron of the row), ascending by target; engine order
 * @throws LocusError `INVALID_ARGUMENT` for an entry of a source or row that there is not
 */
export function buildFanOut(
  nSources: number,
  nRows: number,
  rowLength: number,
  entries: Iterable<readonly [source: number, row: number, target: number]>,
): FanOut {
  for (const [name, value] of Object.entries({ nSources, nRows, rowLength })) {
    wholeNumber('buildFanOut', name, value);
  }
  const list = [...entries];
  const start = new Uint32Array(nSources + 1);
  for (const [source, r] of list) {
    if (!(source >>> 0 === source && source < nSources && r >>> 0 === r && r < nRows)) {
      const expectation = `entries of sources below ${nSources} and rows below ${nRows}`;
      throw invalidArgument('buildFanOut', expectation, [source, r]);
    }
    start[source + 1]++;
  }
  for (let i = 0; i < nSources; i++) start[i + 1] += start[i];
  const cursor = start.slice(0, nSources);
  const row = new Uint32Array(list.length);
  const target = new Uint32Array(list.length);
  for (const [source, r, t] of list) {
    const at = cursor[source]++;
    row[at] = r;
    target[at] = t;
  }
  return { nSources, nRows, rowLength, start, row, target };
}
