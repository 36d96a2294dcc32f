/** Which image comes at which place: functions of the seed and the place alone, so that a resumed run sees the same. */
import { type Purpose, RandomStream } from '../../core/random/stream.js';

/** A segment of training: `nIter` images from [first, end) of the training set, at random with replacement or in order. */
export interface TrainingSegment {
  readonly nIter: number;
  /** `xy`: competition is held at cW; `yy`: XY is held, and competition begins at 0. */
  readonly learns: 'both' | 'xy' | 'yy';
  readonly order: 'random' | 'sequential';
  readonly first: number;
  readonly end: number;
  /** Images that learn at the same time, if more than one. */
  readonly batchSize?: number;
  /** Label of the data set that the images are from; a stored segment without one is of its network's data set. */
  readonly data?: string;
}

/** A training: its segments, and those that came before it. */
export interface TrainingPlan {
  readonly before: readonly TrainingSegment[];
  readonly segments: readonly TrainingSegment[];
}

export function countIterations(segments: readonly TrainingSegment[]): number {
  return segments.reduce((sum, { nIter }) => sum + nIter, 0);
}

/** The segment of a plan that iteration `nIter` belongs to, and the iteration it began at; null behind the last. */
export function currentSegment(
  { before, segments }: TrainingPlan,
  nIter: number,
): { readonly index: number; readonly began: number } | null {
  let began = countIterations(before);
  for (let index = 0; index < segments.length; index++) {
    if (nIter < began + segments[index].nIter) return { index, began };
    began += segments[index].nIter;
  }
  return null;
}

/** The images of `count` iterations from iteration `from` on, in a segment that began at iteration `began`. */
export function trainingImages(
  { order, first, end }: TrainingSegment,
  began: number,
  from: number,
  count: number,
  seed: number,
): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    const iteration = from + i;
    const offset =
      order === 'random'
        ? new RandomStream(seed, 'trainingOrder', iteration).nextBelow(end - first)
        : (iteration - began) % (end - first);
    return first + offset;
  });
}

/** Images and their random items for calibration or test. */
export interface Selection {
  readonly images: Uint32Array;
  readonly items: Uint32Array;
}

/**
 * `count` images of a set, none twice before all have come once.  An image's spikes depend on the image and the pass, not
 * on its place, so a larger selection repeats the spikes of a smaller one.
 */
export function selectImages(purpose: Purpose, seed: number, count: number, setSize: number): Selection {
  const images = new Uint32Array(count);
  const items = new Uint32Array(count);
  for (let pass = 0; pass * setSize < count; pass++) {
    const order = Uint32Array.from({ length: setSize }, (_, i) => i);
    new RandomStream(seed, purpose, pass).shuffle(order);
    for (let i = 0; i < setSize && pass * setSize + i < count; i++) {
      images[pass * setSize + i] = order[i];
      items[pass * setSize + i] = pass * setSize + order[i];
    }
  }
  return { images, items };
}

/** All segments of a plan as far as iteration `nIter`, counted from the network's first. */
export function segmentsUntil({ before, segments }: TrainingPlan, nIter: number): TrainingSegment[] {
  let left = nIter - countIterations(before);
  let reached: readonly TrainingSegment[] = before;
  for (const segment of segments) {
    reached = addSegment(reached, { ...segment, nIter: Math.min(left, segment.nIter) });
    left -= Math.min(left, segment.nIter);
  }
  return [...reached];
}

/** The same segments, of that data set where they name none. */
export function withData(segments: readonly TrainingSegment[], data: string | undefined): TrainingSegment[] {
  return segments.map((segment) =>
    segment.data === undefined && data !== undefined ? { ...segment, data } : segment,
  );
}

/** Adds a segment; random ones of the same range join, so that training 100 and 200 images is the same as 300. */
function addSegment(segments: readonly TrainingSegment[], added: TrainingSegment): TrainingSegment[] {
  if (added.nIter === 0) return [...segments];
  const last = segments.at(-1);
  const joins =
    last?.order === 'random' &&
    added.order === 'random' &&
    last.learns === added.learns &&
    // Competition alone begins at 0, so that a second segment of it does not go on with the first.
    added.learns !== 'yy' &&
    last.first === added.first &&
    last.end === added.end &&
    last.batchSize === added.batchSize &&
    last.data === added.data &&
    last.nIter % (last.batchSize ?? 1) === 0;
  return joins
    ? [...segments.slice(0, -1), { ...last, nIter: last.nIter + added.nIter }]
    : [...segments, added];
}

/** The order of training as a parameter: `random` over all `setSize` images, else its segments as `random 0–500 × 1000; …`. */
export function describeOrder(segments: readonly TrainingSegment[], setSize: number): string {
  const isDefault = ({ order, first, end }: TrainingSegment) =>
    order === 'random' && first === 0 && end === setSize;
  if (segments.every(isDefault)) return 'random';
  return segments.map(({ nIter, order, first, end }) => `${order} ${first}-${end} x ${nIter}`).join('; ');
}

/** How the connections were trained: both at once, or competition after XY (and on how many of the images). */
export function describeMethod(segments: readonly TrainingSegment[]): {
  train_method: string;
  n_iter_competition?: number;
  batch_size?: number | string;
} {
  const batches = describeBatches(segments);
  if (segments.every(({ learns }) => learns === 'both')) return { train_method: 'basic', ...batches };
  const competition = segments.filter(({ learns }) => learns === 'yy');
  return { train_method: 'two_steps', n_iter_competition: countIterations(competition), ...batches };
}

/** Images that learned at the same time, as a parameter; nothing where they learned one by one, or `1 x 500; 16 x 1000`. */
function describeBatches(segments: readonly TrainingSegment[]): { batch_size?: number | string } {
  const sizes = new Set(segments.map(({ batchSize = 1 }) => batchSize));
  if (sizes.size === 0 || (sizes.size === 1 && sizes.has(1))) return {};
  if (sizes.size === 1) return { batch_size: [...sizes][0] };
  return { batch_size: segments.map(({ batchSize = 1, nIter }) => `${batchSize} x ${nIter}`).join('; ') };
}

/**
 * How many images of a segment come next, `offset` images after it began, where about `count` are wanted: whole minibatches, or all
 * that are left.
 */
export function wholeBatches(
  { nIter, batchSize = 1 }: TrainingSegment,
  offset: number,
  count: number,
): number {
  return Math.min(nIter, Math.ceil((offset + count) / batchSize) * batchSize) - offset;
}
