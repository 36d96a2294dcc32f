/** The history of a stored network as a timeline: what happened between which images. */
import { requirePackage } from '../../node/require-package.js';
import { checkField } from '../check-record.js';
import { labelData, readDataIdentity } from '../data-identity.js';
import { type TrainingSegment, withData } from './image-order.js';
import { makeHistory } from './snn-shape.js';

/** Images that a network learned from, one kind of training throughout. */
export interface TrainedPart {
  readonly kind: 'trained';
  /** First and last image, counted from 1 at the network's first. */
  readonly from: number;
  readonly to: number;
  /** What learned: the weights from the image (`xy`), the competition (`yy`), or both. */
  readonly learns: TrainingSegment['learns'];
  readonly order: TrainingSegment['order'];
  /** Images of the training set: from the first up to the second, which is excluded. */
  readonly range: readonly [first: number, end: number];
  readonly batchSize: number;
  /** Name of the data set, with its hash where it is not the published one. */
  readonly data?: string;
  /** The program that trained it, where that was another one. */
  readonly program?: string;
  /** Images before the segment that this is a part of: there its order and its minibatches began. */
  readonly began: number;
}

/** Weights or thresholds set by hand. */
export interface SetPart {
  readonly kind: 'set';
  /** Images before. */
  readonly after: number;
  /** Hash of weights and thresholds. */
  readonly state: string;
}

export type TimelinePart = TrainedPart | SetPart;

/**
 * The timeline in a record's parameters and meta data; empty for networks that are not of the table.
 *
 * @param place names the network in errors
 * @throws LocusError `STORE_CORRUPT` for meta data that hold no history
 */
export function readTimeline(
  parameters: Readonly<Record<string, unknown>>,
  meta: Readonly<Record<string, unknown>>,
  place: string,
): TimelinePart[] {
  const schema = makeHistory(requirePackage('zod').z);
  const { segments, sets, origin } = checkField('meta', schema, meta, { place });
  const imported = origin?.nIter ?? 0;
  const cuts = [...sets.map(({ at }) => at), imported];
  let began = 0;
  const trained = withData(segments, labelData(readDataIdentity(parameters))).flatMap((segment) => {
    const start = began;
    began += segment.nIter;
    const inside = cuts.filter((cut) => cut > start && cut < start + segment.nIter);
    const bounds = [...new Set([start, ...inside, start + segment.nIter])].sort((a, b) => a - b);
    return bounds
      .slice(1)
      .map((to, i) => toPart(segment, start, bounds[i], to, to <= imported ? origin?.program : undefined));
  });
  const parts: TimelinePart[] = [...trained];
  for (const { at, state } of sets) {
    const place = parts.findIndex((part) => part.kind === 'trained' && part.from > at);
    parts.splice(place < 0 ? parts.length : place, 0, { kind: 'set', after: at, state });
  }
  return parts;
}

function toPart(
  { learns, order, first, end, batchSize = 1, data }: TrainingSegment,
  began: number,
  before: number,
  to: number,
  program: string | undefined,
): TrainedPart {
  return {
    kind: 'trained',
    from: before + 1,
    to,
    learns,
    order,
    range: [first, end],
    batchSize,
    ...(data === undefined ? {} : { data }),
    ...(program === undefined ? {} : { program }),
    began,
  };
}

const learners = { both: 'everything learns', xy: 'XY learns', yy: 'competition learns' } as const;
const orders = { random: 'at random from', sequential: 'in order from' } as const;

/** One line for people. */
export function describePart(part: TimelinePart): string {
  if (part.kind === 'set') return `after image ${part.after}: set by hand to ${part.state.slice(0, 12)}`;
  const { from, to, learns, order, range, batchSize, data, program } = part;
  return [
    `${from === to ? `image ${to}` : `images ${from}–${to}`}: ${learners[learns]}`,
    `${orders[order]} ${range[0]}–${range[1] - 1}${data === undefined ? '' : ` of ${shorten(data)}`}`,
    ...(batchSize > 1 ? [`${batchSize} at once`] : []),
    ...(program === undefined ? [] : [`in the ${program}`]),
  ].join(', ');
}

/** The common beginning of two timelines, and how each goes on. */
export function compareTimelines(
  a: readonly TimelinePart[],
  b: readonly TimelinePart[],
): { common: TimelinePart[]; a: TimelinePart[]; b: TimelinePart[] } {
  const differs = a.findIndex((part, i) => JSON.stringify(part) !== JSON.stringify(b[i]));
  const count = differs < 0 ? a.length : differs;
  const common = a.slice(0, count);
  const [restA, restB] = [a.slice(count), b.slice(count)];
  const shared = shareBeginning(restA.at(0), restB.at(0));
  if (!shared) return { common, a: restA, b: restB };
  const goOn = ([first, ...others]: readonly TimelinePart[]) =>
    first.kind === 'trained' && first.to > shared.to
      ? [{ ...first, from: shared.to + 1 }, ...others]
      : others;
  return { common: [...common, shared], a: goOn(restA), b: goOn(restB) };
}

/** The training that two parts begin with alike, if there is any. */
function shareBeginning(a: TimelinePart | undefined, b: TimelinePart | undefined): TrainedPart | undefined {
  if (a?.kind !== 'trained' || b?.kind !== 'trained') return undefined;
  if (JSON.stringify({ ...a, to: 0 }) !== JSON.stringify({ ...b, to: 0 })) return undefined;
  // Where the shorter one ends, its last minibatch may be a smaller one than the other's.
  const end = Math.min(a.to, b.to);
  const to = end - ((end - a.began) % a.batchSize);
  return to < a.from ? undefined : { ...a, to };
}

function shorten(data: string): string {
  return data.replace(/:([0-9a-f]{12})[0-9a-f]+$/, ':$1');
}
