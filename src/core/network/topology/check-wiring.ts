/** Checks a topology when it is wired: engines trust its indices and would read foreign memory where one is wrong. */
import { invalidArgument } from '../../../errors.js';
import { countNeurons, countPositions, type LayerShape } from '../shape.js';
import { isObject } from '../../../options.js';
import type { FanOut } from './fan-out.js';
import type { Delivery, Wiring } from './topology.js';

/**
 * @param place names the connection in errors
 * @throws LocusError naming the part of the wiring, what it should be and what it is
 */
export function checkWiring(wiring: Wiring, source: LayerShape, target: LayerShape, place: string): void {
  checkForm(wiring, place);
  const { fanOut, nGroups, maskSelf } = wiring;
  const { nSources, nRows, rowLength, start } = fanOut;
  const isSparse = wiring.isSparse === true;
  const nPositions = countPositions(target);
  const expect = (isTrue: boolean, expectation: string, got: unknown) => {
    if (!isTrue) throw invalidArgument(place, expectation, got);
  };
  const size = countNeurons(source);
  expect(nSources === size, `fanOut.nSources to be the ${size} neurons of the source`, nSources);
  const rowRule = isSparse
    ? 'fanOut.rowLength of a sparse connection to be 1'
    : `fanOut.rowLength to be the ${target.channels} channels of the target`;
  expect(rowLength === (isSparse ? 1 : target.channels), rowRule, rowLength);
  expect(isSparse || nRows >= 1, 'fanOut.nRows to be a whole number ≥ 1', nRows);
  expect(nRows >= 0 && Number.isSafeInteger(nRows), 'fanOut.nRows to be a whole number ≥ 1', nRows);
  expect(start.length === nSources + 1, `fanOut.start to have ${nSources + 1} places`, start.length);
  expect(start[0] === 0, 'fanOut.start to begin with 0', start[0]);
  if (isSparse) {
    const nTargets = countNeurons(target);
    expect(nGroups === nTargets, `nGroups of a sparse connection to be the ${nTargets} targets`, nGroups);
    expect(!maskSelf && !wiring.mask, 'a sparse connection without masks', maskSelf || wiring.mask);
    checkSparseEntries(wiring, nTargets, place);
    checkWeights(wiring, place);
    return;
  }
  const isGrouped = nGroups === 1 || (nGroups === nPositions && nRows % nGroups === 0);
  expect(isGrouped, `nGroups to be 1 or the ${nPositions} positions of the target, in equal groups`, nGroups);
  const { normGroups = nGroups } = wiring;
  const splits = Number.isSafeInteger(normGroups) && normGroups >= 1 && nRows % normGroups === 0;
  const nests = normGroups % nGroups === 0 || nGroups % normGroups === 0;
  expect(splits && nests, `normGroups to split or join the ${nGroups} groups into equal ones`, normGroups);
  expect(!maskSelf || nRows % rowLength === 0, `whole squares of ${rowLength} rows for maskSelf`, nRows);
  const { mask } = wiring;
  expect(
    mask === undefined || mask.length === nRows * rowLength,
    `a mask of nRows × rowLength = ${nRows * rowLength} weights`,
    mask?.length,
  );
  checkEntries(wiring, nPositions, place);
  checkWeights(wiring, place);
}

/** What a topology in plain JavaScript may lack, or give in another form. */
function checkForm(wiring: Wiring, place: string): void {
  const expect = (isTrue: boolean, name: string, form: string, got: unknown) => {
    if (!isTrue) throw invalidArgument(place, `${name} of its wiring to be ${form}`, got);
  };
  const found = Object(wiring ?? {}) as Partial<Wiring>;
  const fanOut = Object(found.fanOut ?? {}) as Partial<Wiring['fanOut']>;
  expect(isObject(found.fanOut), 'fanOut', 'what buildFanOut makes', found.fanOut);
  for (const name of ['start', 'row', 'target'] as const)
    expect(fanOut[name] instanceof Uint32Array, `fanOut.${name}`, 'a Uint32Array', fanOut[name]);
  const { weightShape, engineIndex, mask, delivery, maskSelf } = found;
  const isShape = Array.isArray(weightShape) && weightShape.every((side) => Number.isSafeInteger(side));
  expect(isShape, 'weightShape', 'a list of whole numbers', weightShape);
  expect(engineIndex instanceof Uint32Array, 'engineIndex', 'a Uint32Array', engineIndex);
  expect(mask === undefined || mask instanceof Uint8Array, 'mask', 'a Uint8Array', mask);
  expect(typeof maskSelf === 'boolean', 'maskSelf', 'true or false', maskSelf);
  const isKnown = delivery === undefined || delivery?.kind === 'mean' || isMax(delivery);
  expect(
    isKnown,
    'delivery',
    "{ kind: 'mean' } or { kind: 'max', decay } with a decay from 0 to 1",
    delivery,
  );
}

function isMax(delivery: Delivery | null): boolean {
  return delivery?.kind === 'max' && delivery.decay >= 0 && delivery.decay <= 1;
}

/** The entry of a row is its synapse. */
function checkSparseEntries({ fanOut }: Wiring, nTargets: number, place: string): void {
  checkStarts(fanOut, place);
  const { nSources, nRows, start, row, target } = fanOut;
  if (row.length !== nRows) throw invalidArgument(place, `a row for each of ${row.length} entries`, nRows);
  for (let i = 0; i < nSources; i++) {
    for (let e = start[i]; e < start[i + 1]; e++) {
      if (row[e] !== e) throw invalidArgument(place, `fanOut.row of entry ${e} to be its number`, row[e]);
      if (!(target[e] < nTargets)) {
        throw invalidArgument(place, `fanOut.target below ${nTargets} (entry ${e})`, target[e]);
      }
      if (e > start[i] && target[e] < target[e - 1]) {
        const expectation = `the entries of source ${i} to ascend by target`;
        throw invalidArgument(place, expectation, [target[e - 1], target[e]]);
      }
    }
  }
}

/** There are as many entries as sources say. */
function checkStarts({ nSources, start, row, target }: FanOut, place: string): void {
  const end = start[nSources];
  if (row.length !== end || target.length !== end) {
    const got = [row.length, target.length];
    throw invalidArgument(place, `fanOut.row and fanOut.target of ${end} entries`, got);
  }
  const falls = start.findIndex((at, i) => i > 0 && at < start[i - 1]);
  if (falls > 0) throw invalidArgument(place, 'fanOut.start to ascend', [start[falls - 1], start[falls]]);
}

function checkEntries({ fanOut, nGroups }: Wiring, nPositions: number, place: string): void {
  checkStarts(fanOut, place);
  const { nSources, nRows, rowLength, start, row, target } = fanOut;
  const groupRows = nRows / nGroups;
  for (let i = 0; i < nSources; i++) {
    for (let e = start[i]; e < start[i + 1]; e++) {
      const position = target[e] / rowLength;
      if (!(row[e] < nRows)) throw invalidArgument(place, `fanOut.row below ${nRows} (entry ${e})`, row[e]);
      if (!Number.isInteger(position) || position >= nPositions) {
        const expectation = `fanOut.target to be the first neuron of a position, a multiple of ${rowLength} below ${nPositions * rowLength} (entry ${e})`;
        throw invalidArgument(place, expectation, target[e]);
      }
      if (e > start[i] && target[e] < target[e - 1]) {
        throw invalidArgument(place, `the entries of source ${i} to ascend by target`, [
          target[e - 1],
          target[e],
        ]);
      }
      if (nGroups > 1 && Math.floor(row[e] / groupRows) !== position) {
        const expectation = `rows of group ${position} onto position ${position} (entry ${e})`;
        throw invalidArgument(place, expectation, `row ${row[e]}`);
      }
    }
  }
}

/** Every weight has a place of its own, and every synapse a weight. */
function checkWeights({ fanOut, weightShape, engineIndex, mask }: Wiring, place: string): void {
  const size = fanOut.nRows * fanOut.rowLength;
  const published = weightShape.reduce((product, side) => product * side, 1);
  if (published !== engineIndex.length || (mask === undefined && published !== size)) {
    const expectation = `weightShape and engineIndex of nRows × rowLength = ${size} weights`;
    throw invalidArgument(place, expectation, [published, engineIndex.length]);
  }
  const isTaken = new Uint8Array(size);
  for (let w = 0; w < engineIndex.length; w++) {
    const at = engineIndex[w];
    if (at >= size || isTaken[at]) {
      throw invalidArgument(place, `engineIndex to name every place below ${size} once (weight ${w})`, at);
    }
    isTaken[at] = 1;
  }
  const stray = mask?.findIndex((isSynapse, at) => isSynapse !== 0 && !isTaken[at]) ?? -1;
  if (stray >= 0) throw invalidArgument(place, 'engineIndex to name every synapse of the mask', stray);
}
