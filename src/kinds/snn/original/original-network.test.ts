/** Network folders of the original program: what they hold, and what becomes of damaged and hostile ones. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../../test/support/make-folder.js';
import { makeOriginal, originalKinds, writeExample } from '../../../../test/support/example-originals.js';
import {
  copyOriginal,
  type OriginalFile,
  realOriginals,
  withFile,
  withParameters,
} from '../../../../test/support/original-folders.js';
import { call, name, storage, tensor, text, torchFile } from '../../../../test/support/pickle-bytes.js';
import { describeCases } from '../../../../test/support/walk-cases.js';
import { writeOriginal } from '../../../../test/support/write-original.js';
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

describe('networks as the original saved them', () => {
  it.each(originalKinds)('%s: everything comes back, in the layouts of this project', (kind) => {
    const original = makeOriginal(kind);
    expect(readOriginalNetwork(writeOriginal(original))).toEqual(original);
  });

  it('keeps the parameters with their published names, infinity included', () => {
    const folder = withParameters(writeExample('trainedCompetition'), { anything: -Infinity });
    const { parameters } = readOriginalNetwork(folder);
    expect(parameters).toMatchObject({
      network_type: 'LC_SNN',
      c_l: true,
      c_w_min: -Infinity,
      c_w_max: null,
    });
    expect(parameters.anything).toBe(-Infinity);
  });

  it('takes constants from the network file, whatever parameters.json says', () => {
    const { parameters, constants } = readOriginalNetwork(
      withParameters(writeExample('fullyConnected'), { tau_pos: 8 }),
    );
    expect(parameters.tau_pos).toBe(8);
    expect(constants.traces.y).toMatchObject({ tcTracePre: 20, tcTracePost: 20 });
  });

  it('notices thresholds that are all zero', () => {
    const theta = new Float32Array(12);
    expect(readOriginalNetwork(writeExample('convolutional', { theta })).thetaMissing).toBe(true);
  });

  it('reads a confusion matrix with images that had no prediction, which come before label 0 there', () => {
    const matrix = (first: bigint) => {
      const counts = BigInt64Array.from({ length: 121 }, (_, i) => (i < 11 ? 0n : BigInt(i)));
      counts[3] = first;
      const stored = storage('LongStorage', '1', 121);
      const file = torchFile(tensor(stored, 0, [11, 11], [11, 1]), { 1: counts });
      return withFile(writeExample('convolutional'), 'confusion_matrix', file);
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
    const folder = writeExample('convolutional');
    for (const file of ['votes', 'score.json', 'confusion_matrix']) rmSync(join(folder, file));
    expect(readOriginalNetwork(folder)).toMatchObject({ votes: null, confusion: null, scores: {} });
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

describe('folders that contradict themselves', () => {
  it.each([
    ['other filters', { n_filters: 4 }, /Y\.n: expected 16 neurons, as parameters.json says, got 12/],
    ['an immense number of filters', { n_filters: 2 ** 40 }, /Y\.n: expected \d+ neurons/],
    ['half a filter', { n_filters: 2.5 }, /n_filters: expected a whole number ≥ 1, got 2.5/],
    ['another kernel', { kernel_size: 2 }, /X_to_Y\.kernel_size: expected 2 × 2, got 4 × 4/],
    ['a kernel beyond the image', { kernel_size: 8 }, /at most 6, the side of the image, got 8/],
    ['another stride', { stride: 1 }, /X_to_Y\.stride: expected 1 × 1, got 2 × 2/],
    ['no stride', { stride: 0 }, /stride: expected a whole number ≥ 1, got 0/],
    ['another crop', { crop: 28 }, /X\.n: expected 784 neurons/],
    ['another kind', { network_type: 'C_SNN' }, /X_to_Y: expected Conv2dConnection, got "LocalConnection"/],
    ['competition neither trained nor fixed', { c_l: 'yes' }, /expected true or false, got "yes"/],
  ])('%s', (_, change, message) => {
    expect(errorOf(withParameters(writeExample('locallyConnected'), change)).message).toMatch(message);
  });

  it('trained competition that is said to be fixed', () => {
    const folder = withParameters(writeExample('trainedCompetition'), { c_l: false });
    expect(errorOf(folder).message).toMatch(/Y_to_Y\.w: expected -?[\d.]+ for every pair/);
  });

  it('votes of another network', () => {
    const votes = readFileSync(join(writeExample('convolutional'), 'votes'));
    const folder = withFile(writeExample('fullyConnected'), 'votes', votes);
    expect(errorOf(folder).message).toMatch(/votes: expected a tensor of 50 elements, got 10 × 3 × 2 × 2/);
  });

  it('files in place of each other', () => {
    const folder = writeExample('convolutional');
    const confusion = readFileSync(join(folder, 'confusion_matrix'));
    const votes = readFileSync(join(folder, 'votes'));
    expect(errorOf(withFile(folder, 'network', votes)).message).toMatch(/Network, got a tensor/);
    expect(errorOf(withFile(folder, 'votes', confusion)).message).toMatch(/elements, got a ndarray/);
    expect(errorOf(withFile(folder, 'confusion_matrix', votes)).message).toMatch(
      /a matrix of 10 × 10 or 11 × 11/,
    );
  });

  it('weights outside the receptive fields, biases, and numbers that are none', () => {
    const folder = writeExample('locallyConnected');
    const original = readFileSync(join(folder, 'network'));
    // The dense matrix [36 pixels, 12 neurons] is the only storage of its length: its first weight belongs to neuron 0.
    const start = original.indexOf(Buffer.from(BigInt64Array.of(432n).buffer)) + 8;
    const patched = (offset: number, value: number) => {
      const bytes = Buffer.from(original);
      bytes.writeFloatLE(value, start + 4 * offset);
      return withFile(folder, 'network', bytes);
    };
    expect(errorOf(patched(1, 0.5)).message).toMatch(
      /X_to_Y\.w: expected no weights outside the receptive fields, got 0\.5/,
    );
    expect(errorOf(patched(0, Number.NaN)).message).toMatch(/X_to_Y\.w: expected finite numbers, got NaN/);
    expect(readOriginalNetwork(patched(0, 0.5)).wXY[0]).toBe(0.5);
  });

  it('scores that are none', () => {
    const folder = writeExample('convolutional');
    const refusal = (json: string) => errorOf(withFile(folder, 'score.json', json)).message;
    expect(refusal('{"lc": {"accuracy": 3, "error": 0, "n_iter": 1}}')).toMatch(/score\.json, lc: expected/);
    expect(refusal('{"lc": 0.9}')).toMatch(/accuracy, error and n_iter/);
    expect(refusal('{"lc": {"accuracy": 0.9, "error": null, "n_iter": 1}}')).toMatch(/with the accuracy/);
    expect(refusal('{"__proto__": null}')).toMatch(/voting method, got "__proto__"/);
  });
});

describe('hostile files', () => {
  it.each(['network', 'votes', 'confusion_matrix'] as const)('%s that names os.system is refused', (file) => {
    const marker = join(makeFolder(), 'executed');
    const hostile = torchFile(call(name('os', 'system'), text(`touch ${marker}`)));
    const error = errorOf(withFile(writeExample('convolutional'), file, hostile));
    expect(error.code).toBe('FOREIGN_CONTENT');
    expect(error.message).toContain(`${file}, byte `);
    expect(error.message).toContain('"os.system"');
    expect(existsSync(marker)).toBe(false);
  });

  it('truncated at 200 places: an error each time', () => {
    const folder = writeExample('convolutional');
    for (const file of ['network', 'votes', 'confusion_matrix'] as const) {
      const original = readFileSync(join(folder, file));
      const copy = copyOriginal(folder);
      for (let i = 0; i < 200; i += 1) {
        writeFileSync(join(copy, file), original.subarray(0, Math.floor((original.length * i) / 200)));
        expect(errorOf(copy).code).toBe('DATA_CORRUPT');
      }
    }
  });

  it.each([
    ['locallyConnected', 'network', Infinity, 500],
    ['convolutional', 'network', Infinity, 500],
    // Its pickle comes without source texts: nearly every byte of it is an instruction.
    ['fullyConnected', 'network', Infinity, 500],
    ['trainedCompetition', 'network', Infinity, 500],
    ['convolutional', 'votes', 400, 300],
    ['convolutional', 'confusion_matrix', Infinity, 300],
    ['convolutional', 'parameters.json', Infinity, 300],
    ['convolutional', 'score.json', Infinity, 300],
  ] as const)(
    '%s, %s mutated at random: refused or read whole, within a second',
    (kind, file, reach, times) => {
      expect(mutateOften(writeExample(kind), file, reach, times)).toEqual([]);
    },
  );
});

describe('networks of the original program', () => {
  describeCases(realOriginals, ({ folder }) => {
    it('weights of every neuron or kernel sum to its norm; no competition of a filter with itself', () => {
      const network = readOriginalNetwork(folder);
      assertWhole(network);
      const { wXY, wYY, nFilters, kernelSize, constants, parameters } = network;
      const nTaps = kernelSize ** 2;
      expect(constants.xy.norm).toBeCloseTo((parameters.mean_weight as number) * nTaps, 10);
      for (let start = 0; start < wXY.length; start += nTaps) {
        const sum = wXY.subarray(start, start + nTaps).reduce((total, weight) => total + weight, 0);
        expect(sum).toBeCloseTo(constants.xy.norm as number, 3);
      }
      const isWrong = (weight: number, i: number) =>
        Math.floor(i / nFilters) % nFilters === i % nFilters ? weight !== 0 : weight > 0;
      const wrongCompetition =
        wYY.kind === 'fixed'
          ? wYY.weight !== Math.fround(parameters.c_w as number)
          : wYY.weights.some(isWrong);
      expect(wrongCompetition).toBe(false);
    });

    it('factors per step follow from the time constants', () => {
      const { constants } = readOriginalNetwork(folder);
      const factor = (tc: number) => Math.fround(Math.exp(-constants.dt / tc));
      expect(constants.decay).toBe(factor(constants.tcDecay));
      expect(constants.thetaDecay).toBe(factor(constants.tcThetaDecay));
      for (const traces of Object.values(constants.traces)) {
        expect(traces.traceDecayPre).toBe(factor(traces.tcTracePre));
        expect(traces.traceDecayPost).toBe(factor(traces.tcTracePost));
      }
    });

    it('the confusion matrix counts what one of the scores says', () => {
      const { confusion, scores } = readOriginalNetwork(folder);
      if (confusion === null) throw new Error('expected a confusion matrix');
      const total = confusion.reduce((sum, count) => sum + count, 0);
      const correct = confusion.reduce((sum, count, i) => (i % 12 === 0 ? sum + count : sum), 0);
      const accuracies = Object.values(scores).map((score) => score?.accuracy);
      expect(accuracies.some((accuracy) => Math.abs((accuracy ?? 2) - correct / total) < 1e-9)).toBe(true);
    });

    it('mutated at random: refused or read whole, within a second', () => {
      expect(mutateOften(folder, 'network', 6300, 100)).toEqual([]);
      expect(mutateOften(folder, 'network', Infinity, 50)).toEqual([]);
    });
  });
});

/** Reads the folder with its file mutated in many ways; complaints, unless each was refused properly or read whole, in time. */
function mutateOften(folder: string, file: OriginalFile, reach: number, times: number): string[] {
  const copy = copyOriginal(folder);
  const original = readFileSync(join(folder, file));
  const complaints: string[] = [];
  let refused = 0;
  for (let run = 0; run < times; run += 1) {
    writeFileSync(join(copy, file), mutate(original, reach, new RandomStream(1, 'user', run)));
    const { code, milliseconds } = readCompletely(copy);
    if (code !== undefined) refused += 1;
    if (![undefined, 'DATA_CORRUPT', 'FOREIGN_CONTENT'].includes(code)) complaints.push(`${run}: ${code}`);
    if (milliseconds > 1000) complaints.push(`${run}: ${milliseconds} ms`);
  }
  if (refused <= times / 10) complaints.push(`only ${refused} refused`);
  if (Object.hasOwn(Object.prototype, 'polluted')) complaints.push('a polluted prototype');
  return complaints;
}

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
