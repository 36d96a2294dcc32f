/** The one data structure of every topology: which rows of a weight matrix a source spike reaches, and where they fall. */

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

/** Makes a fan-out from (source, row, target) entries listed in ascending order of target. */
export function buildFanOut(
  nSources: number,
  nRows: number,
  rowLength: number,
  entries: Iterable<readonly [source: number, row: number, target: number]>,
): FanOut {
  const list = [...entries];
  const start = new Uint32Array(nSources + 1);
  for (const [source] of list) start[source + 1]++;
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
