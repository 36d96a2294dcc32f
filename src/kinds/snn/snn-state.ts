/** The state of a network: everything that training and calibration change, and how it is read from stored arrays. */
import { LocusError } from '../../errors.js';
import type { Network } from '../../core/network/network.js';
import type { LinearClassifier, Score } from '../../readout/index.js';
import type { StoredArrays } from '../../store/index.js';
import { type History, isSetByHand, type StateSet } from './history.js';
import { countIterations } from './image-order.js';
import type { Origin } from './original/origin.js';
import { convSize, type NetworkType, type SnnParameters } from './parameters.js';
import { countWeightsXY, xyName, yyName } from './snn-network.js';
import type { ReadoutState } from './snn-readout.js';

interface Shaped {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything of a network that training and calibration change. */
export interface SnnState extends History {
  readonly weightsXY: Shaped;
  readonly weightsYY: Shaped | null;
  readonly theta: Float32Array;
  readonly readout: ReadoutState;
  readonly trainingSetSize: number;
  /** Where it was imported from; null: trained here from the start. */
  readonly origin: Origin | null;
}

/** How the arrays of confusion matrices are named: this, then the method. */
export const confusionPrefix = 'confusion_';

/** The state in a record's arrays and meta data; what is missing is named. */
export function readSnnState(
  place: string,
  arrays: StoredArrays,
  meta: Readonly<Record<string, unknown>>,
  scores: Readonly<Record<string, Score | undefined>>,
): SnnState {
  const optional = (name: string) => {
    const array = arrays[name];
    if (array === undefined) return null;
    if (!(array.data instanceof Float32Array)) throw broken(place, `${name} of float32`);
    return { shape: array.shape, data: array.data };
  };
  const required = (name: string) => {
    const array = optional(name);
    if (!array) throw broken(place, `an array ${name}`);
    return array;
  };
  const details = meta as Partial<Pick<SnnState, 'segments' | 'trainingSetSize' | 'origin'>> & {
    sets?: readonly StateSet[];
    calibrationImages?: number;
    classifier?: Omit<LinearClassifier, 'weights' | 'bias'> | null;
  };
  const weights = optional('lc_weights');
  const confusion = Object.entries(arrays)
    .filter(([name]) => name.startsWith(confusionPrefix))
    .map(([name, { data }]) => [name.slice(confusionPrefix.length), data]);
  return {
    weightsXY: required('w_xy'),
    weightsYY: optional('w_yy'),
    theta: required('theta').data,
    readout: {
      votes: optional('votes')?.data ?? null,
      classifier:
        weights && details.classifier
          ? { ...details.classifier, weights: weights.data, bias: required('lc_bias').data }
          : null,
      calibrationImages: details.calibrationImages ?? 0,
      confusion: Object.fromEntries(confusion) as ReadoutState['confusion'],
      scores: { ...scores },
    },
    segments: details.segments ?? [],
    sets: details.sets ?? [],
    trainingSetSize: details.trainingSetSize ?? 0,
    origin: details.origin ?? null,
  };
}

/** Throws unless every array of a state has the size that the parameters ask for. */
export function checkSnnState(
  place: string,
  { weightsXY, weightsYY, theta, readout }: SnnState,
  type: NetworkType,
  parameters: SnnParameters,
): void {
  const { nFilters, cL } = parameters;
  const nPositions = convSize(parameters) ** 2;
  const nOutput = nFilters * nPositions;
  const { votes, classifier } = readout;
  if (cL && !weightsYY) throw broken(place, 'an array w_yy');
  const sizes: [name: string, length: number | undefined, expected: number][] = [
    ['w_xy', weightsXY.data.length, countWeightsXY(type, parameters)],
    ['w_yy', weightsYY?.data.length, nOutput * nFilters],
    ['theta', theta.length, nOutput],
    ['votes', votes?.length, nOutput * Math.max(1, Math.round((votes?.length ?? 0) / nOutput))],
    ['lc_weights', classifier?.weights.length, nOutput * (classifier?.bias.length ?? 0)],
  ];
  for (const [name, length, expected] of sizes) {
    if (length === undefined || length === expected) continue;
    throw new LocusError('STORE_CORRUPT', `${place}: expected ${expected} values of ${name}, got ${length}`);
  }
}

/** Gives a network its weights and thresholds. */
export function writeSnnState(network: Network, type: NetworkType, state: SnnState): void {
  // What is imported is taken as it is: it sums to the norm as nearly as the original computed it.
  const isAsImported = state.origin?.nIter === countIterations(state.segments);
  const isLearned = !isAsImported && !isSetByHand(state);
  const normalized = isLearned && (state.segments.length > 0 || type !== 'C_SNN');
  network.setWeights(xyName, state.weightsXY.data, { normalized });
  if (state.weightsYY) network.setWeights(yyName, state.weightsYY.data);
  network.setVariable('Y', 'theta', state.theta);
}

function broken(place: string, expectation: string): LocusError {
  return new LocusError('STORE_CORRUPT', `${place}: expected ${expectation}, which is not there`);
}
