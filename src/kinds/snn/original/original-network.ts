/** Reads a network folder of the original program: parameters, trained state and scores in this project's layouts. */
import { basename, join, resolve } from 'node:path';
import { damaged, damagedAs } from '../../../formats/damaged.js';
import { readLegacyTorchFile } from '../../../formats/legacy-torch.js';
import { ModuleView, readNumbers } from './module-view.js';
import type { OriginalScore, ParameterValue } from './original-files.js';
import { readFileOf, readParameters, readScores, requireFileOf } from './original-files.js';
import { readNetworkType, readOriginalShape } from './original-shape.js';
import type { OriginalShape } from './original-shape.js';
import type { OriginalCompetition, OutsideWeights } from './original-weights.js';
import { readCompetition, readInputWeights } from './original-weights.js';
import { readTensor, showShape } from '../../../formats/tensor.js';
import { isKind } from '../../../formats/torch-value.js';

/** Decay times of the two traces of a layer [ms], and the factors per step that the original had computed from them. */
export interface OriginalTraces {
  tcTracePre: number;
  tcTracePost: number;
  traceDecayPre: number;
  traceDecayPost: number;
}

/** How a connection learned: rates before and after a spike (`null` if it did not learn), bounds, and sum per target neuron. */
export interface OriginalLearning {
  nu: readonly [number, number] | null;
  wmin: number;
  wmax: number;
  norm: number | null;
  /** Subtracted from every weight in every step */
  weightDecay: number;
}

/** What the network file itself says of its neurons and connections; where parameters.json differs, this is what ran. */
export interface OriginalConstants {
  /** Length of a step [ms] */
  dt: number;
  /** Voltages [mV] */
  rest: number;
  reset: number;
  thresh: number;
  /** Steps after a spike in which a neuron takes no input */
  refrac: number;
  /** Membrane time constant [ms] and its factor per step */
  tcDecay: number;
  decay: number;
  /** Growth of the adaptive threshold per spike [mV], its time constant [ms] and factor per step */
  thetaPlus: number;
  tcThetaDecay: number;
  thetaDecay: number;
  traces: { x: OriginalTraces; y: OriginalTraces };
  xy: OriginalLearning;
  yy: OriginalLearning;
}

/** A trained network of the original program. Neuron order: `(filter · convSize + row) · convSize + column`. */
export interface OriginalNetwork extends OriginalShape {
  /** The folder's name: the original's hash of the parameters */
  name: string;
  /** As in parameters.json, and `kernel_size`, `stride` and `conv_size` where it lacks them */
  parameters: Record<string, ParameterValue>;
  constants: OriginalConstants;
  /** LC [filter, row, column, ky, kx], C [filter, ky, kx], FC [filter, y, x] */
  wXY: Float32Array;
  wYY: OriginalCompetition;
  /** Adaptive thresholds [neuron], mV above `thresh` */
  theta: Float32Array;
  /** The file holds no thresholds, or only zeros as no trained network has them: it was saved without, and scores worse */
  thetaMissing: boolean;
  /** Mean spike counts [label, neuron] of ten labels, or `null` if the network was never calibrated */
  votes: Float32Array | null;
  /** Numbers of test images, 10 true labels × 11 predicted ones (none last), or `null` if the folder has no matrix */
  confusion: Int32Array | null;
  /** By the original's names of the methods; `null` where one was not tested */
  scores: Record<string, OriginalScore | null>;
  /** What is not as in the folder; absent where everything is */
  changed?: OriginalChanges;
}

/** What of a folder is not imported as it is there. */
export interface OriginalChanges {
  /** Votes that were no numbers and are 0 now. */
  readonly votes?: number;
  /** Weights of the competition outside the receptive fields, which were left out. */
  readonly outside?: OutsideWeights;
  /** Side of a confusion matrix of fewer than ten labels: it does not say of which, and was left out. */
  readonly confusion?: number;
}

const nLabels = 10;
const largestCount = 2 ** 31 - 1;

/** What of a folder may be changed to make it a network that runs here. */
export interface ReadOriginalOptions {
  /** Sets votes that are no numbers, as of a label that was never shown, to 0. */
  readonly repairVotes?: boolean;
  /** Leaves out weights of the competition outside the receptive fields. */
  readonly dropOutside?: boolean;
}

/**
 * The network in `folder`: `parameters.json`, `network` and, where they exist, `score.json`, `votes` and
 * `confusion_matrix`. Nothing of the files is executed.
 *
 * @throws LocusError `DATA_MISSING` for a file that is not there, `FOREIGN_CONTENT` for one that names anything but the parts
 * of a network, `DATA_CORRUPT` for one that is damaged or does not fit the others
 */
export function readOriginalNetwork(
  folder: string,
  { repairVotes = false, dropOutside = false }: ReadOriginalOptions = {},
): OriginalNetwork {
  const parameters = readParameters(folder);
  const parametersPlace = join(folder, 'parameters.json');
  const networkType = readNetworkType(parameters, parametersPlace);
  const place = join(folder, 'network');
  const network = new ModuleView(
    readLegacyTorchFile(requireFileOf(folder, 'network'), place),
    ['Network'],
    place,
  );
  const x = network.module('X', ['Input']);
  const y = network.module('Y', ['AdaptiveLIFNodes']);
  const xy = network.module('X_to_Y', [networkType === 'C_SNN' ? 'Conv2dConnection' : 'LocalConnection']);
  const yy = network.module('Y_to_Y', ['Connection']);

  const shape = readOriginalShape(networkType, parameters, xy, parametersPlace);
  checkLayer(x, shape.crop ** 2);
  checkLayer(y, shape.nNeurons);
  y.expect('lbound', null);
  // The weights come first: what they take of the file bounds the number of neurons that it may claim.
  const wXY = readInputWeights(xy, shape);
  const { outside, ...wYY } = readCompetition(yy, shape, parameters, dropOutside);
  const theta = y.hasBuffer('theta') ? y.buffer('theta', shape.nNeurons) : new Float32Array(shape.nNeurons);
  const { votes, nRepaired } = readVotes(folder, shape, repairVotes);
  const { confusion, nTested, unlabelledSide } = readConfusion(folder);
  const changed = {
    ...(nRepaired > 0 ? { votes: nRepaired } : {}),
    ...(outside ? { outside } : {}),
    ...(unlabelledSide === null ? {} : { confusion: unlabelledSide }),
  };
  const derived = { kernel_size: shape.kernelSize, stride: shape.stride, conv_size: shape.convSize };
  return {
    ...shape,
    name: basename(resolve(folder)),
    parameters: { ...derived, ...Object.fromEntries(parameters) },
    constants: readConstants(network, x, y, xy, yy),
    wXY,
    wYY,
    theta,
    thetaMissing: theta.every((value) => value === 0),
    votes,
    confusion,
    scores: readScores(folder, nTested),
    ...(Object.keys(changed).length > 0 ? { changed } : {}),
  };
}

function checkLayer(layer: ModuleView, nNeurons: number): void {
  layer.expect('traces_additive', false);
  const n = layer.number('n');
  if (n !== nNeurons) throw damaged(layer.place('n'), `${nNeurons} neurons, as parameters.json says`, n);
}

function readConstants(
  network: ModuleView,
  x: ModuleView,
  y: ModuleView,
  xy: ModuleView,
  yy: ModuleView,
): OriginalConstants {
  return {
    dt: network.number('dt'),
    rest: y.scalar('rest'),
    reset: y.scalar('reset'),
    thresh: y.scalar('thresh'),
    refrac: y.scalar('refrac'),
    tcDecay: y.scalar('tc_decay'),
    decay: y.scalar('decay'),
    thetaPlus: y.scalar('theta_plus'),
    tcThetaDecay: y.scalar('tc_theta_decay'),
    thetaDecay: y.scalar('theta_decay'),
    traces: { x: readTraces(x), y: readTraces(y) },
    xy: readLearning(xy),
    yy: readLearning(yy),
  };
}

/** Older files know one trace, which served before and after a spike. */
function readTraces(layer: ModuleView): OriginalTraces {
  const [pre, post] = layer.hasBuffer('tc_trace_pre') ? ['_pre', '_post'] : ['', ''];
  return {
    tcTracePre: layer.scalar(`tc_trace${pre}`),
    tcTracePost: layer.scalar(`tc_trace${post}`),
    traceDecayPre: layer.scalar(`trace_decay${pre}`),
    traceDecayPost: layer.scalar(`trace_decay${post}`),
  };
}

function readLearning(connection: ModuleView): OriginalLearning {
  return {
    nu: connection.ratesOrNone('nu'),
    wmin: connection.bound('wmin'),
    wmax: connection.bound('wmax'),
    norm: connection.numberOrNone('norm'),
    weightDecay: connection.numberOrNone('weight_decay') ?? 0,
  };
}

function readVotes(
  folder: string,
  { nNeurons }: OriginalShape,
  repair: boolean,
): { readonly votes: Float32Array | null; readonly nRepaired: number } {
  const bytes = readFileOf(folder, 'votes');
  if (bytes === undefined) return { votes: null, nRepaired: 0 };
  const place = join(folder, 'votes');
  const votes = readNumbers(readLegacyTorchFile(bytes, place), nLabels * nNeurons, place);
  const wrong = votes.find((vote) => vote < 0 || vote === Infinity);
  if (wrong !== undefined) throw damaged(place, 'mean spike counts ≥ 0', wrong);
  const missing = [...votes.keys()].filter((i) => Number.isNaN(votes[i]));
  if (missing.length > 0 && !repair) {
    throw damagedAs(
      place,
      'numbers',
      `NaN for ${describeMissing(missing, nNeurons)}. To set them to 0: repairVotes: true, --repair-votes`,
    );
  }
  for (const i of missing) votes[i] = 0;
  return { votes, nRepaired: missing.length };
}

/** `all neurons at the labels 0, 2` or `the neurons 3, 17 at the labels 4`; the original divided by the images that it had shown. */
function describeMissing(missing: readonly number[], nNeurons: number): string {
  const listFirst = (numbers: Iterable<number>) => {
    const all = [...new Set(numbers)].sort((a, b) => a - b);
    return `${all.slice(0, 10).join(', ')}${all.length > 10 ? `, … (${all.length})` : ''}`;
  };
  const labels = missing.map((i) => Math.floor(i / nNeurons));
  const isWhole = missing.length === new Set(labels).size * nNeurons;
  const neurons = isWhole ? 'all neurons' : `the neurons ${listFirst(missing.map((i) => i % nNeurons))}`;
  return `${neurons} at the labels ${listFirst(labels)}`;
}

/**
 * The original's matrix has a row and a column before the others, for "no label", if one prediction was none. After a test of a few
 * images it has only the labels that occurred, and does not say which.
 */
function readConfusion(folder: string): {
  readonly confusion: Int32Array | null;
  /** Test images, or null without a matrix. */
  readonly nTested: number | null;
  /** Side of a matrix of unknown labels. */
  readonly unlabelledSide: number | null;
} {
  const bytes = readFileOf(folder, 'confusion_matrix');
  if (bytes === undefined) return { confusion: null, nTested: null, unlabelledSide: null };
  const place = join(folder, 'confusion_matrix');
  const value = readLegacyTorchFile(bytes, place);
  const matrix = isKind(value, 'ndarray') ? value.content : value;
  const sides = [nLabels, nLabels + 1];
  const [side = 0, other] = isKind(matrix, 'tensor') && matrix.shape.length === 2 ? matrix.shape : [];
  if (!isKind(matrix, 'tensor') || side !== other || side < 1 || side > nLabels + 1) {
    const expectation = `a matrix of ${sides.map((length) => `${length} × ${length}`).join(' or ')}`;
    throw isKind(matrix, 'tensor')
      ? damagedAs(place, expectation, showShape(matrix.shape))
      : damaged(place, expectation, value);
  }
  const counts = Array.from(readTensor(matrix, place), Number);
  const wrong = counts.find((count) => !Number.isInteger(count) || count < 0 || count > largestCount);
  if (wrong !== undefined) throw damaged(place, 'numbers of images', wrong);
  const nTested = counts.reduce((sum, count) => sum + count, 0);
  if (side < nLabels) return { confusion: null, nTested, unlabelledSide: side };
  // Row and column of a label; the column of "no label" goes behind the others.
  const first = side - nLabels;
  const unlabelled = counts.slice(0, first * side).find((count) => count > 0);
  if (unlabelled !== undefined) throw damaged(place, 'a label for every test image', unlabelled);
  const confusion = Int32Array.from({ length: nLabels * (nLabels + 1) }, (_, i) => {
    const [label, prediction] = [Math.floor(i / (nLabels + 1)), i % (nLabels + 1)];
    const column = prediction < nLabels ? first + prediction : first - 1;
    return column < 0 ? 0 : counts[(first + label) * side + column];
  });
  return { confusion, nTested, unlabelledSide: null };
}
