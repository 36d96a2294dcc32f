/** Reads a network folder of the original program: parameters, trained state and scores in this project's layouts. */
import { basename, join, resolve } from 'node:path';
import { damaged, damagedAs } from '../../../formats/damaged.js';
import { readLegacyTorchFile } from '../../../formats/legacy-torch.js';
import { ModuleView, readFloats } from './module-view.js';
import type { OriginalScore, ParameterValue } from './original-files.js';
import { readFileOf, readParameters, readScores, requireFileOf } from './original-files.js';
import { readNetworkType, readOriginalShape } from './original-shape.js';
import type { OriginalShape } from './original-shape.js';
import type { OriginalCompetition } from './original-weights.js';
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
}

const nLabels = 10;
const largestCount = 2 ** 31 - 1;

/**
 * The network in `folder`: `parameters.json`, `network` and, where they exist, `score.json`, `votes` and
 * `confusion_matrix`. Nothing of the files is executed.
 *
 * @throws LocusError `DATA_MISSING` for a file that is not there, `FOREIGN_CONTENT` for one that names anything but the parts
 * of a network, `DATA_CORRUPT` for one that is damaged or does not fit the others
 */
export function readOriginalNetwork(folder: string): OriginalNetwork {
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
  const wYY = readCompetition(yy, shape, parameters);
  const theta = y.hasBuffer('theta') ? y.buffer('theta', shape.nNeurons) : new Float32Array(shape.nNeurons);
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
    votes: readVotes(folder, shape.nNeurons),
    confusion: readConfusion(folder),
    scores: readScores(folder),
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
    nu: connection.pairOrNone('nu'),
    wmin: connection.bound('wmin'),
    wmax: connection.bound('wmax'),
    norm: connection.numberOrNone('norm'),
    weightDecay: connection.numberOrNone('weight_decay') ?? 0,
  };
}

function readVotes(folder: string, nNeurons: number): Float32Array | null {
  const bytes = readFileOf(folder, 'votes');
  if (bytes === undefined) return null;
  const place = join(folder, 'votes');
  const votes = readFloats(readLegacyTorchFile(bytes, place), nLabels * nNeurons, place);
  const negative = votes.find((vote) => vote < 0);
  if (negative !== undefined) throw damaged(place, 'mean spike counts ≥ 0', negative);
  return votes;
}

/** The original's matrix has a row and a column before the others, for "no label", if one prediction was none. */
function readConfusion(folder: string): Int32Array | null {
  const bytes = readFileOf(folder, 'confusion_matrix');
  if (bytes === undefined) return null;
  const place = join(folder, 'confusion_matrix');
  const value = readLegacyTorchFile(bytes, place);
  const matrix = isKind(value, 'ndarray') ? value.content : value;
  const sides = [nLabels, nLabels + 1];
  const side = sides.find(
    (length) => isKind(matrix, 'tensor') && matrix.shape.join() === `${length},${length}`,
  );
  if (!isKind(matrix, 'tensor') || side === undefined) {
    const expectation = `a matrix of ${sides.map((length) => `${length} × ${length}`).join(' or ')}`;
    throw isKind(matrix, 'tensor')
      ? damagedAs(place, expectation, showShape(matrix.shape))
      : damaged(place, expectation, value);
  }
  const counts = Array.from(readTensor(matrix, place), Number);
  const wrong = counts.find((count) => !Number.isInteger(count) || count < 0 || count > largestCount);
  if (wrong !== undefined) throw damaged(place, 'numbers of images', wrong);
  // Row and column of a label; the column of "no label" goes behind the others.
  const first = side - nLabels;
  const unlabelled = counts.slice(0, first * side).find((count) => count > 0);
  if (unlabelled !== undefined) throw damaged(place, 'a label for every test image', unlabelled);
  return Int32Array.from({ length: nLabels * (nLabels + 1) }, (_, i) => {
    const [label, prediction] = [Math.floor(i / (nLabels + 1)), i % (nLabels + 1)];
    const column = prediction < nLabels ? first + prediction : first - 1;
    return column < 0 ? 0 : counts[(first + label) * side + column];
  });
}
