/** Network folders of the original program: what four real ones hold, and what becomes of damaged and hostile ones. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../../test/support/make-folder.js';
import {
  copyOriginal,
  countOriginals,
  hasOriginals,
  originals,
  withFile,
  withParameters,
} from '../../../../test/support/original-folders.js';
import { call, name, storage, tensor, text, torchFile } from '../../../../test/support/pickle-bytes.js';
import { LocusError } from '../../../errors.js';
import { RandomStream } from '../../../core/random/stream.js';
import { type OriginalNetwork, readOriginalNetwork } from './index.js';

function errorOf(folder: string): LocusError {
  try {
    readOriginalNetwork(folder);
  } catch (error) {
    if (error instanceof LocusError) return error;
    throw error;
  }
  throw new Error('expected a LocusError');
}

/** Sum of `count` weights from `start`. */
function sum(weights: Float32Array, start: number, count: number): number {
  return weights.subarray(start, start + count).reduce((total, weight) => total + weight, 0);
}

describe.skipIf(!hasOriginals)('the four networks', () => {
  it('are all there is', () => expect(countOriginals()).toBe(Object.keys(originals).length));

  it('locally connected: weights of every neuron sum to its norm', () => {
    const network = readOriginalNetwork(originals.locallyConnected);
    expect(network).toMatchObject({
      name: '4d5903942a6b385e0bd867906efe112e4e37aba55a978cda35e27c0a',
      networkType: 'LC_SNN',
      crop: 20,
      nFilters: 25,
      kernelSize: 12,
      stride: 4,
      convSize: 3,
      nNeurons: 225,
      wYY: { kind: 'fixed', weight: Math.fround(-126.66666666666666) },
      thetaMissing: false,
    });
    expect(network.wXY).toHaveLength(25 * 9 * 144);
    for (let neuron = 0; neuron < 225; neuron += 1) {
      expect(sum(network.wXY, neuron * 144, 144)).toBeCloseTo(0.46 * 144, 3);
    }
    expect(Math.min(...network.theta)).toBeGreaterThan(40);
    expect(network.constants).toMatchObject({
      dt: 1,
      rest: -65,
      reset: -65,
      thresh: -52,
      refrac: 5,
      tcDecay: 20,
      thetaPlus: Math.fround(0.05),
      tcThetaDecay: 1e6,
      xy: { nu: [1e-4, 1e-2], wmin: 0, wmax: 1, weightDecay: 0 },
      yy: { nu: null, wmin: -Infinity, wmax: Infinity, norm: null },
    });
    expect(network.constants.xy.norm).toBeCloseTo(0.46 * 144, 12);
  });

  it('convolutional: one kernel per filter', () => {
    const network = readOriginalNetwork(originals.convolutional);
    expect(network).toMatchObject({
      networkType: 'C_SNN',
      nNeurons: 225,
      wYY: { kind: 'fixed', weight: -80 },
    });
    expect(network.wXY).toHaveLength(25 * 144);
    for (let filter = 0; filter < 25; filter += 1) {
      expect(sum(network.wXY, filter * 144, 144)).toBeCloseTo(0.5 * 144, 3);
    }
  });

  it('fully connected: one receptive field as large as the image, and the older single trace', () => {
    const network = readOriginalNetwork(originals.fullyConnected);
    expect(network).toMatchObject({
      networkType: 'FC_SNN',
      nFilters: 100,
      kernelSize: 20,
      convSize: 1,
      nNeurons: 100,
      wYY: { kind: 'fixed', weight: -80 },
      parameters: { kernel_size: 20, stride: 4, conv_size: 1, tau_pos: 8 },
    });
    for (let neuron = 0; neuron < 100; neuron += 1) {
      expect(sum(network.wXY, neuron * 400, 400)).toBeCloseTo(120, 3);
    }
    expect(network.constants.xy.norm).toBe(120);
    // parameters.json says tau_pos 8; the network ran with 20.
    expect(network.constants.traces.y).toMatchObject({ tcTracePre: 20, tcTracePost: 20 });
  });

  it('trained competition: weights by position, without self-connections; saved without its theta', () => {
    const network = readOriginalNetwork(originals.trainedCompetition);
    const { wYY, constants, theta } = network;
    if (wYY.kind !== 'trained') throw new Error('expected trained competition');
    expect(wYY.weights).toHaveLength(9 * 25 * 25);
    const onDiagonal = wYY.weights.filter((_, i) => Math.floor(i / 25) % 25 === i % 25);
    expect(onDiagonal).toEqual(new Float32Array(9 * 25));
    expect(Math.max(...wYY.weights)).toBe(0);
    expect(Math.min(...wYY.weights)).toBeCloseTo(-1515.3583, 3);
    expect(constants.yy).toMatchObject({ nu: [-0.05557006922455341, -1.6260407487677235], wmax: 0 });
    expect(constants.traces.y.tcTracePre).toBeCloseTo(17.7205788, 5);
    expect(constants.traces.y.tcTracePost).toBeCloseTo(16.4758659, 5);
    expect(network.thetaMissing).toBe(true);
    expect(theta).toEqual(new Float32Array(225));
  });

  it.each(Object.entries(originals))('%s: factors per step follow from the time constants', (_, folder) => {
    const { constants } = readOriginalNetwork(folder);
    const factor = (tc: number) => Math.fround(Math.exp(-constants.dt / tc));
    expect(constants.decay).toBe(factor(constants.tcDecay));
    expect(constants.thetaDecay).toBe(factor(constants.tcThetaDecay));
    for (const traces of Object.values(constants.traces)) {
      expect(traces.traceDecayPre).toBe(factor(traces.tcTracePre));
      expect(traces.traceDecayPost).toBe(factor(traces.tcTracePost));
    }
  });

  it('keeps the parameters with their published names, infinity included', () => {
    const { parameters } = readOriginalNetwork(originals.trainedCompetition);
    expect(parameters).toMatchObject({
      network_type: 'LC_SNN',
      n_iter: 4000,
      c_l: true,
      c_w: -100,
      c_w_min: -Infinity,
      c_w_max: null,
      A_pos: -0.05557006922455341,
      tau_neg: 16.475865309906567,
      train_method: 'basic',
      stride: 4,
    });
  });

  it('reads votes, scores and the confusion matrix', () => {
    const network = readOriginalNetwork(originals.locallyConnected);
    expect(network.votes).toHaveLength(10 * 225);
    expect(network.scores).toEqual({
      patch_voting: { accuracy: 0.8179, error: 0.0038592692313441936, nIter: 10000 },
      all_voting: { accuracy: 0.8183, error: 0.0038559708245784223, nIter: 10000 },
      spikes_first: { accuracy: 0.818, error: 0.003858445282753146, nIter: 10000 },
      lc: { accuracy: 0.8757, error: 0.003299234911308984, nIter: 10000 },
    });
    expect(network.confusion).toHaveLength(110);
    expect(Array.from(network.confusion!.subarray(0, 11))).toEqual([926, 11, 4, 2, 8, 11, 15, 8, 4, 3, 0]);
    expect(Array.from(network.confusion!.subarray(99))).toEqual([6, 23, 1, 11, 102, 24, 1, 15, 12, 806, 0]);
    expect(readOriginalNetwork(originals.fullyConnected).scores).toMatchObject({
      patch_voting: { accuracy: 0.734 },
      lc: null,
    });
  });

  it('reads a confusion matrix with images that had no prediction, which come before label 0 there', () => {
    const matrix = (first: bigint) => {
      const counts = BigInt64Array.from({ length: 121 }, (_, i) => (i < 11 ? 0n : BigInt(i)));
      counts[3] = first;
      const stored = storage('LongStorage', '1', 121);
      const file = torchFile(tensor(stored, 0, [11, 11], [11, 1]), { 1: counts });
      return withFile(originals.convolutional, 'confusion_matrix', file);
    };
    const { confusion } = readOriginalNetwork(matrix(0n));
    expect(confusion).toHaveLength(110);
    expect(Array.from(confusion!.subarray(0, 11))).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 11]);
    expect(Array.from(confusion!.subarray(99))).toEqual([
      111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 110,
    ]);
    expect(errorOf(matrix(2n)).message).toMatch(
      /confusion_matrix: expected a label for every test image, got 2/,
    );
  });

  it('reads a network that was never calibrated or tested', () => {
    const copy = copyOriginal(originals.convolutional);
    for (const file of ['votes', 'score.json', 'confusion_matrix']) rmSync(join(copy, file));
    expect(readOriginalNetwork(copy)).toMatchObject({ votes: null, confusion: null, scores: {} });
  });
});

describe('folders that are none', () => {
  it('names what is missing', () => {
    const folder = makeFolder();
    expect(errorOf(join(folder, 'nowhere'))).toMatchObject({ code: 'DATA_MISSING' });
    expect(errorOf(folder).message).toMatch(/parameters\.json: there is no such file; a network folder of/);
    writeFileSync(join(folder, 'parameters.json'), '{"network_type": "LC_SNN"}');
    expect(errorOf(folder).message).toMatch(/network: there is no such file/);
  });

  it('refuses a folder, or an immense file, in place of a file', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'parameters.json'));
    expect(errorOf(folder).message).toMatch(/parameters\.json: expected a file, got something else/);
    rmSync(join(folder, 'parameters.json'), { recursive: true });
    writeFileSync(join(folder, 'parameters.json'), Buffer.alloc(2 ** 20 + 1));
    expect(errorOf(folder).message).toMatch(/at most 1048576 bytes, got 1048577/);
  });

  it.each([
    ['no JSON', 'import os', /expected JSON, got /],
    ['no object', '[1]', /a JSON object/],
    ['deeply nested lists', '['.repeat(1e5), /expected JSON/],
    ['a nested parameter', '{"a": {"b": 1}}', /parameters\.json, a: expected a number, text/],
    ['a prototype', '{"__proto__": {"polluted": true}}', /the name of a parameter, got "__proto__"/],
    ['an unknown kind of network', '{"network_type": "GAN"}', /LC_SNN, C_SNN, FC_SNN, got "GAN"/],
    ['no kind of network', '{}', /LC_SNN, C_SNN, FC_SNN, got nothing/],
  ])('parameters.json with %s is refused', (_, json, message) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'parameters.json'), json);
    expect(errorOf(folder).message).toMatch(message);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe.skipIf(!hasOriginals)('folders that contradict themselves', () => {
  const { locallyConnected, convolutional, trainedCompetition, fullyConnected } = originals;

  it.each([
    ['other filters', { n_filters: 26 }, /Y\.n: expected 234 neurons, as parameters.json says, got 225/],
    ['an immense number of filters', { n_filters: 2 ** 40 }, /Y\.n: expected \d+ neurons/],
    ['half a filter', { n_filters: 2.5 }, /n_filters: expected a whole number ≥ 1, got 2.5/],
    ['another kernel', { kernel_size: 8 }, /X_to_Y\.kernel_size: expected 8 × 8, got 12 × 12/],
    ['a kernel beyond the image', { kernel_size: 24 }, /at most 20, the side of the image, got 24/],
    ['another stride', { stride: 2 }, /X_to_Y\.stride: expected 2 × 2, got 4 × 4/],
    ['no stride', { stride: 0 }, /stride: expected a whole number ≥ 1, got 0/],
    ['another crop', { crop: 28 }, /X\.n: expected 784 neurons/],
    ['another kind', { network_type: 'C_SNN' }, /X_to_Y: expected Conv2dConnection, got "LocalConnection"/],
    ['competition neither trained nor fixed', { c_l: 'yes' }, /expected true or false, got "yes"/],
  ])('%s', (_, change, message) => {
    expect(errorOf(withParameters(locallyConnected, change)).message).toMatch(message);
  });

  it('trained competition that is said to be fixed', () => {
    const folder = withParameters(trainedCompetition, { c_l: false });
    expect(errorOf(folder).message).toMatch(/Y_to_Y\.w: expected -?[\d.]+ for every pair/);
  });

  it('votes of another network', () => {
    const folder = withFile(fullyConnected, 'votes', readFileSync(join(convolutional, 'votes')));
    expect(errorOf(folder).message).toMatch(/votes: expected a tensor of 1000 elements, got 10 × 25 × 3 × 3/);
  });

  it('files in place of each other', () => {
    const confusion = readFileSync(join(convolutional, 'confusion_matrix'));
    const votes = readFileSync(join(convolutional, 'votes'));
    expect(errorOf(withFile(convolutional, 'network', votes)).message).toMatch(/Network, got a tensor/);
    expect(errorOf(withFile(convolutional, 'votes', confusion)).message).toMatch(/elements, got a ndarray/);
    expect(errorOf(withFile(convolutional, 'confusion_matrix', votes)).message).toMatch(
      /a matrix of 10 × 10 or 11 × 11/,
    );
  });

  it('weights outside the receptive fields, biases, and numbers that are none', () => {
    const original = readFileSync(join(locallyConnected, 'network'));
    // The dense matrix [400 pixels, 225 neurons] is the only storage of its length: its first weight belongs to neuron 0.
    const start = original.indexOf(Buffer.from(BigInt64Array.of(90_000n).buffer)) + 8;
    const patched = (offset: number, value: number) => {
      const bytes = Buffer.from(original);
      bytes.writeFloatLE(value, start + 4 * offset);
      return withFile(locallyConnected, 'network', bytes);
    };
    expect(errorOf(patched(1, 0.5)).message).toMatch(
      /X_to_Y\.w: expected no weights outside the receptive fields, got 0\.5/,
    );
    expect(errorOf(patched(0, Number.NaN)).message).toMatch(/X_to_Y\.w: expected finite numbers, got NaN/);
    expect(readOriginalNetwork(patched(0, 0.5)).wXY[0]).toBe(0.5);
  });

  it('scores that are none', () => {
    const refusal = (json: string) => errorOf(withFile(convolutional, 'score.json', json)).message;
    expect(refusal('{"lc": {"accuracy": 3, "error": 0, "n_iter": 1}}')).toMatch(/score\.json, lc: expected/);
    expect(refusal('{"lc": 0.9}')).toMatch(/accuracy, error and n_iter/);
    expect(refusal('{"lc": {"accuracy": 0.9, "error": null, "n_iter": 1}}')).toMatch(/with the accuracy/);
    expect(refusal('{"__proto__": null}')).toMatch(/voting method, got "__proto__"/);
  });
});

describe.skipIf(!hasOriginals)('hostile files', () => {
  const folder = originals.convolutional;

  it.each(['network', 'votes', 'confusion_matrix'] as const)('%s that names os.system is refused', (file) => {
    const marker = join(makeFolder(), 'executed');
    const hostile = torchFile(call(name('os', 'system'), text(`touch ${marker}`)));
    const error = errorOf(withFile(folder, file, hostile));
    expect(error.code).toBe('FOREIGN_CONTENT');
    expect(error.message).toContain(`${file}, byte `);
    expect(error.message).toContain('"os.system"');
    expect(existsSync(marker)).toBe(false);
  });

  it('truncated at 200 places: an error each time', () => {
    for (const file of ['network', 'votes', 'confusion_matrix'] as const) {
      const copy = copyOriginal(folder);
      const original = readFileSync(join(folder, file));
      for (let i = 0; i < 200; i += 1) {
        writeFileSync(join(copy, file), original.subarray(0, Math.floor((original.length * i) / 200)));
        expect(errorOf(copy).code).toBe('DATA_CORRUPT');
      }
    }
  });

  // The fully connected network's pickle comes without source texts: nearly every byte of it is an instruction.
  const { fullyConnected } = originals;
  it.each([
    ['the pickle of network', fullyConnected, 'network', 6300, 1000],
    ['all of network', folder, 'network', Infinity, 500],
    ['votes', folder, 'votes', 400, 300],
    ['confusion_matrix', folder, 'confusion_matrix', Infinity, 300],
    ['parameters.json', folder, 'parameters.json', Infinity, 300],
    ['score.json', folder, 'score.json', Infinity, 300],
  ] as const)('%s, mutated at random: a LocusError or a whole network, each within a second', (...row) => {
    const [, source, file, reach, times] = row;
    const copy = copyOriginal(source);
    const original = readFileSync(join(source, file));
    const outcomes: Outcome[] = [];
    for (let run = 0; run < times; run += 1) {
      writeFileSync(join(copy, file), mutate(original, reach, new RandomStream(1, 'user', run)));
      outcomes.push(readCompletely(copy));
    }
    expect(Math.max(...outcomes.map(({ milliseconds }) => milliseconds))).toBeLessThan(1000);
    const refused = outcomes.filter(({ code }) => code !== undefined);
    expect(refused.every(({ code }) => code === 'DATA_CORRUPT' || code === 'FOREIGN_CONTENT')).toBe(true);
    expect(refused.length).toBeGreaterThan(times / 10);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

/** A copy with one to four changes within the first `reach` bytes: bytes replaced, bits flipped, parts cut out, doubled or moved. */
function mutate(original: Buffer, reach: number, random: RandomStream): Buffer {
  const below = (limit: number) => Math.floor(random.nextFloat() * limit);
  let bytes = Buffer.from(original);
  for (let changes = 1 + below(4); changes > 0; changes -= 1) {
    const at = below(Math.min(reach, bytes.length));
    const length = 1 + below(16);
    const part = bytes.subarray(at, at + length);
    const kind = below(5);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] ^= 1 << below(8);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 3)
      bytes = Buffer.concat([bytes.subarray(0, at + length), part, bytes.subarray(at + length)]);
    else bytes.set(part.subarray(0, bytes.length - at), Math.min(below(reach), bytes.length - part.length));
  }
  return bytes;
}

interface Outcome {
  /** Why the folder was refused, if it was */
  code: string | undefined;
  milliseconds: number;
}

/** Reads a folder; throws whatever is neither a LocusError nor a network of one size with numbers in all places. */
function readCompletely(folder: string): Outcome {
  const start = performance.now();
  let code: string | undefined;
  try {
    assertWhole(readOriginalNetwork(folder));
  } catch (error) {
    if (!(error instanceof LocusError)) throw error;
    ({ code } = error);
  }
  return { code, milliseconds: performance.now() - start };
}

function assertWhole(network: OriginalNetwork): void {
  const { nNeurons, nFilters, kernelSize, networkType, wXY, wYY, theta, votes } = network;
  const nKernels = networkType === 'C_SNN' ? nFilters : nNeurons;
  const competition = wYY.kind === 'trained' ? wYY.weights : new Float32Array(nNeurons * nFilters);
  const arrays: [Float32Array | null, number][] = [
    [wXY, nKernels * kernelSize ** 2],
    [competition, nNeurons * nFilters],
    [theta, nNeurons],
    [votes, 10 * nNeurons],
  ];
  for (const [numbers, length] of arrays) {
    if (numbers?.length !== length || !numbers.every(Number.isFinite)) throw new Error('half a network');
  }
}
