/**
 * What made a network of the state that it has: its trainings, and what was set by hand. In a normal form, so that a name can be
 * the hash of it: two histories are the same exactly when one is the other by construction.
 */
import type { Parameters } from '../../store/index.js';
import { countIterations, describeMethod, describeOrder, type TrainingSegment } from './image-order.js';

/** Weights or thresholds that were not learned but set, through the simulator's network. */
export interface StateSet {
  /** Images trained on before. */
  readonly at: number;
  /** Hash of weights and thresholds before; null where that was not known, as in the middle of a presentation. */
  readonly before: string | null;
  /** Hash of weights and thresholds after. */
  readonly state: string;
}

export interface History {
  /** Segments of training as `segmentsUntil` joins them. */
  readonly segments: readonly TrainingSegment[];
  /** At most one for each number of images, ascending: of several in a row, the last one alone decides. */
  readonly sets: readonly StateSet[];
}

/** What a history is told against. */
export interface HistoryContext {
  /** Label of the network's data set, if it has one. */
  readonly data: string | undefined;
  /** Images of that training set. */
  readonly setSize: number;
  /** Images whose outcome another parameter tells: those of the program that the network was imported from. */
  readonly nImported: number;
}

/** The history after the state was set; setting what is there already, or back to what was there, adds nothing. */
export function addStateSet(
  { segments, sets }: History,
  { before, state }: Pick<StateSet, 'before' | 'state'>,
): History {
  if (before === state) return { segments, sets };
  const at = countIterations(segments);
  const last = sets.at(-1);
  const isRepeated = last?.at === at;
  const original = isRepeated ? last.before : before;
  const others = isRepeated ? sets.slice(0, -1) : sets;
  return { segments, sets: state === original ? others : [...others, { at, before: original, state }] };
}

/** Whether the present weights and thresholds are not those that training left. */
export function isSetByHand({ segments, sets }: History): boolean {
  return sets.at(-1)?.at === countIterations(segments);
}

/**
 * The history as published parameters. They summarise it; where another history has the same summary too, `history` tells all of
 * it. The most plain one goes without, and keeps the name that it always had.
 */
export function describeHistory(history: History, context: HistoryContext): Parameters {
  const { segments } = history;
  const summary = {
    n_iter: countIterations(segments),
    ...describeMethod(segments),
    train_order: describeOrder(segments, context.setSize),
  };
  return isSummarised(history, summary, context) ? summary : { ...summary, history: spellHistory(history) };
}

/** All of a history in one line, a clause for each entry: different histories, different lines. */
export function spellHistory({ segments, sets }: History): string {
  return [
    ...segments.map(spellSegment),
    ...sets.map(({ at, state }) => `set after ${at} images to ${state}`),
  ].join('; ');
}

function spellSegment({ learns, order, first, end, nIter, batchSize = 1, data }: TrainingSegment): string {
  const batches = batchSize === 1 ? '' : ` in batches of ${batchSize}`;
  return `${learns} ${order} ${first}-${end} x ${nIter}${batches}${data === undefined ? '' : ` of ${data}`}`;
}

/** Whether the summary stands for this history: of all that it fits, the one from which it can be told without a doubt. */
function isSummarised(
  { segments, sets }: History,
  { train_method, train_order, batch_size }: ReturnType<typeof describeMethod> & { train_order: string },
  { data, nImported }: HistoryContext,
): boolean {
  if (sets.length > 0 || !isOfOneData(segments, data, nImported)) return false;
  const learns = segments.map((segment) => segment.learns).join();
  if (train_method === 'two_steps') return learns === 'xy' || learns === 'xy,yy';
  const isListed = train_order !== 'random' || typeof batch_size === 'string';
  return isListed || segments.length <= 1;
}

function isOfOneData(
  segments: readonly TrainingSegment[],
  data: string | undefined,
  nImported: number,
): boolean {
  let end = 0;
  return segments.every((segment) => {
    end += segment.nIter;
    return end <= nImported || segment.data === data;
  });
}
