/** Which segments a training consists of, and what the connections are for each of them. */
import { invalidArgument } from '../../errors.js';
import { checkBatchSize } from '../../core/network/check-presentation.js';
import type { Network } from '../../core/network/network.js';
import { checkCount } from './check-count.js';
import type { TrainingSegment } from './image-order.js';
import type { NetworkType, SnnParameters } from './parameters.js';
import type { TrainOptions, TwoStepOptions } from './snn-options.js';
import { xyName, yyName } from './snn-network.js';

/** What is trained. */
interface Trainee {
  readonly type: NetworkType;
  readonly parameters: Readonly<SnnParameters>;
}

/**
 * One segment in which everything learns.
 *
 * @param setSize number of training images
 */
export function planTraining({ type }: Trainee, options: TrainOptions, setSize: number): TrainingSegment[] {
  return [planSegment(type, options, setSize, 'both')];
}

/** XY alone, then competition alone. Errors: `INVALID_ARGUMENT` also where competition does not learn. */
export function planTwoSteps(
  { type, parameters: { cL } }: Trainee,
  options: TwoStepOptions,
  setSize: number,
): TrainingSegment[] {
  if (!cL) throw invalidArgument(`${type}.trainTwoSteps`, 'trained competition (cL: true)', cL);
  const second = { ...options, nIter: options.nIterCompetition ?? options.nIter };
  return [planSegment(type, options, setSize, 'xy'), planSegment(type, second, setSize, 'yy')];
}

function planSegment(
  type: NetworkType,
  { nIter, interval, shuffle, batchSize = 1 }: TrainOptions,
  setSize: number,
  learns: TrainingSegment['learns'],
): TrainingSegment {
  const place = `${type}.train`;
  if (nIter === undefined && interval === undefined) {
    throw invalidArgument(place, 'nIter (a number of images) or interval ([from, to])', undefined);
  }
  const [first, end] = interval ?? [0, setSize];
  if (!Number.isInteger(first) || !Number.isInteger(end) || first < 0 || end <= first || end > setSize) {
    throw invalidArgument(place, `interval [from, to) within 0 … ${setSize}`, interval);
  }
  const order = (shuffle ?? interval === undefined) ? 'random' : 'sequential';
  checkBatchSize(batchSize, place);
  return {
    nIter: checkCount(nIter ?? end - first, place),
    learns,
    order,
    first,
    end,
    ...(batchSize > 1 ? { batchSize } : {}),
  };
}

/** Sets the competition weights that a segment for one of the two connections begins with; returns what takes that back. */
export function beginSegment(
  network: Network,
  { parameters }: Trainee,
  { learns }: TrainingSegment,
): () => void {
  if (learns === 'both') return () => {};
  const { nFilters, cW } = parameters;
  const held = learns === 'xy' ? Math.fround(cW) : 0;
  const before = network.getWeights(yyName).data;
  network.setWeights(
    yyName,
    before.map((_, i) => (Math.floor(i / nFilters) % nFilters === i % nFilters ? 0 : held)),
  );
  return () => network.setWeights(yyName, before);
}

/** Sets which connections learn in a segment, whatever was set before. */
export function holdConnections(
  network: Network,
  { parameters }: Trainee,
  { learns }: TrainingSegment,
): void {
  network.setPlastic(xyName, learns !== 'yy');
  if (parameters.cL) network.setPlastic(yyName, learns !== 'xy');
}
