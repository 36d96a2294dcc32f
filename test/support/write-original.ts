/** Writes a network as the original program saved it: five files in a folder, legacy PyTorch pickles among them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  OriginalLearning,
  OriginalNetwork,
  OriginalTraces,
} from '../../src/kinds/snn/original/index.js';
import { makeFolder } from './make-folder.js';
import {
  call,
  dictionary,
  dtype,
  float,
  instance,
  int,
  list,
  name,
  ndarray,
  no,
  none,
  orderedDictionary,
  persistent,
  type Piece,
  raw,
  storage,
  tensor,
  text,
  torchFile,
  tuple,
} from './pickle-bytes.js';

type Attributes = Record<string, Piece>;

/** A folder with the network's name, removed when the test ends; returns its path. */
export function writeOriginal(original: OriginalNetwork): string {
  const folder = join(makeFolder(), original.name);
  mkdirSync(folder);
  const { votes, confusion, scores, nFilters, convSize } = original;
  const write = (file: string, content: string | Uint8Array) => writeFileSync(join(folder, file), content);
  write('parameters.json', pythonJson(publishedParameters(original)));
  write('network', networkFile(original));
  if (votes) {
    const stored = new TensorWriter();
    write('votes', torchFile(stored.floats(votes, [10, nFilters, convSize, convSize]), stored.storages));
  }
  if (confusion) write('confusion_matrix', torchFile(confusionMatrix(confusion)));
  const published = Object.entries(scores).map(([method, score]) => [
    method,
    { accuracy: score?.accuracy ?? null, error: score?.error ?? null, n_iter: score?.nIter ?? null },
  ]);
  if (published.length > 0) write('score.json', JSON.stringify(Object.fromEntries(published)));
  return folder;
}

/** What the reader derives is not in parameters.json; the fully connected network has no kernel there either. */
function publishedParameters({ networkType, parameters }: OriginalNetwork): object {
  const derived = networkType === 'FC_SNN' ? ['conv_size', 'kernel_size', 'stride'] : ['conv_size'];
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !derived.includes(key)));
}

/** JSON with Python's words for infinite numbers. */
export function pythonJson(value: object): string {
  const marked = JSON.stringify(value, (_, item: unknown) =>
    item === Infinity || item === -Infinity ? `number:${item}` : item,
  );
  return marked.replaceAll(/"number:(-?Infinity)"/g, '$1');
}

/** Collects the storages of a file while its tensors are described. */
class TensorWriter {
  readonly storages: Record<string, Float32Array | BigInt64Array> = {};

  floats(data: Float32Array, shape: number[]): Piece {
    return this.#describe('FloatStorage', data, shape);
  }

  integers(data: ArrayLike<number>, shape: number[]): Piece {
    return this.#describe('LongStorage', BigInt64Array.from(data, BigInt), shape);
  }

  /** A tensor without dimensions. */
  scalar(value: number): Piece {
    return this.floats(Float32Array.of(value), []);
  }

  #describe(type: string, data: Float32Array | BigInt64Array, shape: number[]): Piece {
    const key = `storage ${Object.keys(this.storages).length}`;
    this.storages[key] = data;
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    return tensor(storage(type, key, data.length), 0, shape, strides);
  }
}

/** The network. The older program, which wrote the fully connected ones, pickled no source texts and knew a single trace. */
function networkFile(original: OriginalNetwork): Buffer {
  const { networkType, nFilters, convSize, crop, nNeurons, constants, theta, thetaMissing } = original;
  const isOlder = networkType === 'FC_SNN';
  const stored = new TensorWriter();
  const scalars = (values: Record<string, number>): Attributes =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, stored.scalar(value)]));
  const traces = (of: OriginalTraces) =>
    scalars(
      isOlder
        ? { tc_trace: of.tcTracePre, trace_decay: of.traceDecayPre }
        : {
            tc_trace_pre: of.tcTracePre,
            tc_trace_post: of.tcTracePost,
            trace_decay_pre: of.traceDecayPre,
            trace_decay_post: of.traceDecayPost,
          },
    );
  const module = (path: string, type: string, parts: Parameters<typeof moduleState>[0]) =>
    instance(className(`bindsnet.${path}`, type, isOlder), moduleState(parts));

  const layer = { traces_additive: no, lbound: none };
  const x = module('network.nodes', 'Input', {
    buffers: traces(constants.traces.x),
    attributes: { ...layer, n: int(crop ** 2), shape: list(int(1), int(crop), int(crop)) },
  });
  const y = module('network.nodes', 'AdaptiveLIFNodes', {
    buffers: {
      ...traces(constants.traces.y),
      ...scalars({
        rest: constants.rest,
        reset: constants.reset,
        thresh: constants.thresh,
        refrac: constants.refrac,
        tc_decay: constants.tcDecay,
        decay: constants.decay,
        theta_plus: constants.thetaPlus,
        tc_theta_decay: constants.tcThetaDecay,
        theta_decay: constants.thetaDecay,
      }),
      ...(thetaMissing ? {} : { theta: stored.floats(theta, [nFilters, convSize, convSize]) }),
    },
    attributes: { ...layer, n: int(nNeurons), shape: list(...[nFilters, convSize, convSize].map(int)) },
  });
  const parameter = (data: Float32Array, shape: number[]): Piece =>
    call(
      name('torch._utils', '_rebuild_parameter'),
      stored.floats(data, shape),
      no,
      call(name('collections', 'OrderedDict')),
    );
  const { kernelSize, stride } = original;
  const pairs = {
    kernel_size: tuple(int(kernelSize), int(kernelSize)),
    stride: tuple(int(stride), int(stride)),
  };
  const isConvolution = networkType === 'C_SNN';
  const xy = module('network.topology', isConvolution ? 'Conv2dConnection' : 'LocalConnection', {
    parameters: isConvolution
      ? {
          w: parameter(original.wXY, [nFilters, 1, kernelSize, kernelSize]),
          b: parameter(new Float32Array(nFilters), [nFilters]),
        }
      : {
          w: parameter(denseInputWeights(original), [crop ** 2, nNeurons]),
          b: parameter(new Float32Array(nNeurons), [nNeurons]),
        },
    buffers: isConvolution
      ? {}
      : { locations: stored.integers(locations(original), [kernelSize ** 2, convSize ** 2]) },
    attributes: {
      ...pairs,
      ...(isConvolution ? { padding: tuple(int(0), int(0)), dilation: tuple(int(1), int(1)) } : {}),
      ...learning(constants.xy),
    },
  });
  const yy = module('network.topology', 'Connection', {
    parameters: {
      w: parameter(denseCompetition(original), [nNeurons, nNeurons]),
      b: parameter(new Float32Array(nNeurons), [nNeurons]),
    },
    attributes: learning(constants.yy),
  });
  const network = module('network.network', 'Network', {
    modules: { X: x, Y: y, X_to_Y: xy, Y_to_Y: yy },
    attributes: { dt: float(constants.dt), learning: no },
  });
  return torchFile(network, stored.storages);
}

/** A class by its name; newer files carry its source text with it. */
function className(module: string, type: string, isOlder: boolean): Piece {
  const named = name(module, type);
  const source = `class ${type}(torch.nn.Module):\n    pass\n`;
  return isOlder ? named : persistent(text('module'), named, text(`${module}.py`), text(source));
}

function moduleState({
  parameters = {},
  buffers = {},
  modules = {},
  attributes,
}: {
  parameters?: Attributes;
  buffers?: Attributes;
  modules?: Attributes;
  attributes: Attributes;
}): Piece {
  const flat = (entries: Attributes) => Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return dictionary(
    text('training'),
    no,
    text('_parameters'),
    orderedDictionary(...flat(parameters)),
    text('_buffers'),
    orderedDictionary(...flat(buffers)),
    text('_modules'),
    orderedDictionary(...flat(modules)),
    ...flat(attributes),
  );
}

function learning({ nu, wmin, wmax, norm, weightDecay }: OriginalLearning): Attributes {
  return {
    nu: describeRates(nu),
    wmin: float(wmin),
    wmax: float(wmax),
    norm: norm === null ? none : float(norm),
    weight_decay: float(weightDecay),
  };
}

/** Rates in lists as deep as they are given. */
function describeRates(rates: unknown): Piece {
  if (rates === null) return none;
  return Array.isArray(rates) ? list(...rates.map(describeRates)) : float(rates as number);
}

/** Pixel of a tap of a receptive field. */
function pixelOf(
  { crop, kernelSize, stride, convSize }: OriginalNetwork,
  position: number,
  tap: number,
): number {
  const [row, column] = [Math.floor(position / convSize), position % convSize];
  const [ky, kx] = [Math.floor(tap / kernelSize), tap % kernelSize];
  return (row * stride + ky) * crop + column * stride + kx;
}

/** Weights [pixel, neuron], zero outside the receptive fields. */
function denseInputWeights(original: OriginalNetwork): Float32Array {
  const { crop, kernelSize, convSize, nNeurons, wXY } = original;
  const nTaps = kernelSize ** 2;
  const dense = new Float32Array(crop ** 2 * nNeurons);
  wXY.forEach((weight, i) => {
    const neuron = Math.floor(i / nTaps);
    dense[pixelOf(original, neuron % convSize ** 2, i % nTaps) * nNeurons + neuron] = weight;
  });
  return dense;
}

/** Pixels [tap, position]. */
function locations(original: OriginalNetwork): number[] {
  const nPositions = original.convSize ** 2;
  return Array.from({ length: original.kernelSize ** 2 * nPositions }, (_, i) =>
    pixelOf(original, i % nPositions, Math.floor(i / nPositions)),
  );
}

/** Weights [source, target] between neurons of different filters at one position. */
function denseCompetition({ nFilters, convSize, nNeurons, wYY }: OriginalNetwork): Float32Array {
  const nPositions = convSize ** 2;
  return Float32Array.from({ length: nNeurons ** 2 }, (_, i) => {
    const [source, target] = [Math.floor(i / nNeurons), i % nNeurons];
    const [from, to] = [source, target].map((neuron) => Math.floor(neuron / nPositions));
    const position = source % nPositions;
    if (from === to || position !== target % nPositions) return 0;
    return wYY.kind === 'fixed' ? wYY.weight : wYY.weights[(position * nFilters + from) * nFilters + to];
  });
}

/** An array of 10 × 10 counts; of 11 × 11 where images had no prediction, which then come first. */
function confusionMatrix(confusion: Int32Array): Piece {
  const columns = 11;
  const unpredicted = confusion.filter((_, i) => i % columns === columns - 1);
  const side = unpredicted.some((count) => count > 0) ? columns : columns - 1;
  const first = side - (columns - 1);
  const counts = BigInt64Array.from({ length: side ** 2 }, (_, i) => {
    const label = Math.floor(i / side) - first;
    const prediction = (i % side) - first;
    if (label < 0) return 0n;
    return BigInt(confusion[label * columns + (prediction < 0 ? columns - 1 : prediction)]);
  });
  return ndarray([side, side], dtype('i8'), no, raw(...new Uint8Array(counts.buffer)));
}
