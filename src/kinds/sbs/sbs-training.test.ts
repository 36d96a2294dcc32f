import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../formats/npy.js';
import type { ImageSet } from '../../datasets/index.js';
import { RandomStream } from '../../core/random/stream.js';
import { makeEpsilonT, parseSbsConfig } from './sbs-config.js';
import { agreesWithSbsFiles, loadSbsFiles, overloadSbsFiles, saveSbsFiles } from './sbs-files.js';
import { SbsTraining } from './sbs-training.js';
import { makeSbsStep } from './sbs-shape.js';
import { makeTrainingShape, readTraining, toCheckpoint } from '../layered/training-state.js';
import { makeFolder } from '../../../test/support/make-folder.js';

const minimal = `{
  // comments are allowed
  number_of_spikes: 4,
  network_structure: {
    number_of_output_neurons: 3,
    forward_neuron_numbers: [[2, 5], [5, 5], [5, 3]],
    is_pooling_layer: [false, true, false],
    forward_kernel_size: [[3, 3], [2, 2], [4, 4]],
    strides: [[1, 1], [2, 2], [1, 1]],
  },
}`;
const changed = (from: string, to: string) => minimal.replace(from, to);

describe('parseSbsConfig', () => {
  it('fills in the defaults of the reference', () => {
    const config = parseSbsConfig(minimal, 'net.json');
    expect(config).toMatchObject({
      data_mode: '',
      data_path: './',
      batch_size: 500,
      learning_step: 0,
      learning_step_max: 10000,
      number_of_cpu_processes: -1,
      cooldown_after_number_of_spikes: 0,
      weight_path: './Weights/',
      eps_xy_path: './EpsXY/',
      reduction_cooldown: 25,
      epsilon_0: 1,
      update_after_x_batch: 1,
      image_statistics: { mean: [], the_size: [] },
    });
    expect(config.learning_parameters).toEqual({
      learning_active: true,
      loss_mode: 0,
      loss_coeffs_mse: 0.5,
      loss_coeffs_kldiv: 1,
      optimizer_name: 'Adam',
      learning_rate_gamma_w: -1,
      learning_rate_gamma_eps_xy: -1,
      learning_rate_threshold_w: 1e-5,
      learning_rate_threshold_eps_xy: 1e-5,
      lr_schedule_name: 'ReduceLROnPlateau',
      lr_scheduler_factor_w: 0.75,
      lr_scheduler_patience_w: -1,
      lr_scheduler_factor_eps_xy: 0.75,
      lr_scheduler_patience_eps_xy: -1,
      number_of_batches_for_one_update: 1,
      overload_path: './Previous',
      weight_noise_amplitude: 0.01,
      test_every_x_learning_steps: 50,
      test_during_learning: true,
      alpha_number_of_iterations: 0,
    });
    expect(config.augmentation).toEqual({
      crop_width_in_pixel: 2,
      flip_p: 0.5,
      jitter_brightness: 0.5,
      jitter_contrast: 0.1,
      jitter_saturation: 0.1,
      jitter_hue: 0.15,
      use_on_off_filter: true,
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'an unknown key',
      changed('number_of_spikes', 'number_of_spike'),
      /^net.json: unknown key "number_of_spike"\. Did you mean "number_of_spikes"\?/,
    ],
    [
      'an unknown key within',
      changed('strides', 'stride'),
      /unknown key "network_structure\.stride"\. Did you mean "strides"\?/,
    ],
    ['a missing part', '{ number_of_spikes: 4 }', /^net.json: network_structure: /],
    [
      'a wrong type',
      changed('[5, 3]]', '[5, "3"]]'),
      /network_structure\.forward_neuron_numbers\.2\.1: expected a whole number ≥ 1, got /,
    ],
    [
      'a wrong length',
      changed('[false, true, false]', '[false, true]'),
      /network_structure\.is_pooling_layer: expected 3 entries, one per layer, got 2/,
    ],
    [
      'layers that do not meet',
      changed('[5, 5], ', '[4, 5], '),
      /forward_neuron_numbers\.1\.0: expected 5, the neurons of the layer before, got 4/,
    ],
    [
      'no spikes',
      changed('number_of_spikes: 4', 'number_of_spikes: 0'),
      /number_of_spikes: expected 1 or more, got 0/,
    ],
    [
      'neither form',
      changed('is_pooling_layer: [false, true, false],', ''),
      /expected either is_pooling_layer or layer_type/,
    ],
    [
      'another output',
      changed('output_neurons: 3', 'output_neurons: 4'),
      /number_of_output_neurons: expected 3, .* got 4/,
    ],
    ['no JSON', '{ a: ', /^net.json: JSON5: /],
  ])('refuses %s, naming its path', (_, text, message) => {
    expect(() => parseSbsConfig(text, 'net.json')).toThrow(message);
  });

  it('cools down in the earlier form, and falls with the root in the later', () => {
    const cooled = changed(
      'number_of_spikes: 4',
      'number_of_spikes: 4, cooldown_after_number_of_spikes: 2, reduction_cooldown: 5',
    );
    expect([...makeEpsilonT(parseSbsConfig(cooled, 'net.json'))]).toEqual([1, 1, 0.2, 0.2]);
    const later = changed(
      'is_pooling_layer: [false, true, false]',
      "layer_type: ['SbS', 'Average Pooling', 'SbS']",
    );
    expect([...makeEpsilonT(parseSbsConfig(later, 'net.json'))]).toEqual([
      1,
      1 / Math.sqrt(2),
      1 / Math.sqrt(3),
      0.5,
    ]);
  });
});

/** Bright bars: rows, columns, or a square. */
function makeSet(count: number, seed: number): ImageSet {
  const size = 14;
  const stream = new RandomStream(seed, 'user');
  const labels = Uint8Array.from({ length: count }, () => stream.nextBelow(3));
  const images = new Uint8Array(count * size * size);
  for (let at = 0; at < images.length; at++) {
    const label = labels[Math.floor(at / (size * size))];
    const [row, column] = [Math.floor(at / size) % size, at % size];
    const isBright = [row % 4 < 2, column % 4 < 2, row > 3 && row < 10 && column > 3 && column < 10][label];
    images[at] = isBright ? 255 - stream.nextBelow(40) : stream.nextBelow(40);
  }
  return { name: 'bars', count, height: size, width: size, channels: 1, images, labels };
}

const text = changed(
  'number_of_spikes: 4',
  `number_of_spikes: 60, batch_size: 30, data_mode: 'MNIST',
  augmentation: { crop_width_in_pixel: 2 }, learning_parameters: { learning_rate_gamma_w: 0.01 }`,
);
const config = parseSbsConfig(text, 'net.json');
/** The rate falls when the loss does not. */
const resting = parseSbsConfig(
  text.replace('learning_rate_gamma_w', 'lr_scheduler_patience_w: 1, learning_rate_gamma_w'),
  'net.json',
);
const train = makeSet(90, 1);
const test = makeSet(60, 2);
const watch = { now: () => 0 };

describe('SbsTraining', () => {
  it('learns, keeps weights normalised above the threshold, and leaves pooling weights alone', async () => {
    const training = new SbsTraining(config, train, 3);
    const pooling = training.built.sbsLayers.get(1)?.weights.data.slice();
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) losses.push((await training.runStep(watch)).loss);
    expect(losses[29]).toBeLessThan(losses[0] / 2);
    expect(await training.test(test)).toBeGreaterThan(0.9);
    expect(training.built.sbsLayers.get(1)?.weights.data).toEqual(pooling);
    const { data, shape } = training.built.sbsLayers.get(2)!.weights;
    expect(Math.min(...data)).toBeGreaterThan(0.9e-5);
    const sum = [...data].reduce((total, w, at) => (at % shape[1] === 0 ? total + w : total), 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  it('does the same again from the same seed, with any batches of the test', async () => {
    const run = async (batchSize: number) => {
      const training = new SbsTraining(config, train, 4);
      await training.runStep(watch);
      return [training.built.sbsLayers.get(0)?.weights.data, await training.test(test, { batchSize })];
    };
    expect(await run(7)).toEqual(await run(60));
  });

  it('resumes from a checkpoint to the bit, with moments, rates and history', async () => {
    const whole = new SbsTraining(resting, train);
    for (let i = 0; i < 6; i++) await whole.runStep(watch);

    const begun = new SbsTraining(resting, train);
    for (let i = 0; i < 3; i++) await begun.runStep(watch);
    const identity = { parameters: { network_type: 'SBS' }, datasetHash: null };
    const { meta, ...checkpoint } = toCheckpoint(begun.save(), identity);
    const stored = { key: 'digits', ...checkpoint, meta: JSON.parse(JSON.stringify(meta)) as typeof meta };
    const resumed = new SbsTraining(resting, train);
    const shape = makeTrainingShape((z) => z.unknown().transform(() => resumed.layout), makeSbsStep);
    resumed.restore(readTraining(shape, stored));
    for (let i = 0; i < 3; i++) await resumed.runStep(watch);
    expect(resumed.save()).toEqual(whole.save());
    expect(whole.save().optimizers[0].rate).toBeLessThan(0.01);
  });

  it('notes tests beside their updates', async () => {
    const training = new SbsTraining(config, train);
    await training.runStep(watch);
    const tested = await training.testStep(test);
    await training.runStep(watch);
    expect(training.history.map(({ testCorrect }) => testCorrect)).toEqual([tested, null]);
  });

  it('saves what it trains, and goes on from the files', async () => {
    const folder = makeFolder();
    const folders = { weights: join(folder, 'Weights'), epsilonXy: join(folder, 'EpsXY') };
    const training = new SbsTraining(config, train);
    await training.runStep(watch);
    saveSbsFiles(training.built, folders, 0, (layer) => training.trains(layer));
    expect(readdirSync(folders.weights).sort()).toEqual(['Weight_L0_S0.npy', 'Weight_L2_S0.npy']);
    expect(readdirSync(folders.epsilonXy).length).toBe(3);
    const { parameters } = training.save();
    expect(agreesWithSbsFiles(training.built, folders, 0, parameters)).toBe(true);
    expect(agreesWithSbsFiles(training.built, folders, 1, parameters)).toBe(false);
    parameters[4].data[3] += 1e-7;
    expect(agreesWithSbsFiles(training.built, folders, 0, parameters)).toBe(false);

    const again = new SbsTraining(config, train);
    expect(loadSbsFiles(again.built, folders, 0).length).toBe(5);
    const [ours, theirs] = [training, again].map(({ built }) => built.sbsLayers.get(2)!.weights.data);
    ours.forEach((w, i) => expect(theirs[i]).toBeCloseTo(w, 7));
    expect(() => loadSbsFiles(again.built, folders, 7)).toThrow(/expected files Weight_L\*_S7\.npy/);
  });

  it('refuses a file in the place of a folder', () => {
    const { built } = new SbsTraining(config, train);
    const folder = makeFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const all = () => ({ weights: true, epsilonXy: true });
    for (const folders of [
      { weights: file, epsilonXy: folder },
      { weights: folder, epsilonXy: file },
    ]) {
      const refused = { name: 'LocusError', code: 'INVALID_ARGUMENT' };
      expect(() => saveSbsFiles(built, folders, 0, all)).toThrow(
        expect.objectContaining({ ...refused, message: expect.stringContaining(`got ${file} (EEXIST`) }),
      );
      expect(() => loadSbsFiles(built, folders, 0)).toThrow(
        expect.objectContaining({
          ...refused,
          message: `loadSbsFiles: expected the path of a folder, got "${file}"`,
        }),
      );
    }
  });

  it('overloads from a folder with one file per layer, and refuses two', () => {
    const folder = makeFolder();
    const { built } = new SbsTraining(config, train);
    const weights = { shape: [80, 3], data: new Float64Array(240).fill(0.5) };
    writeFileSync(join(folder, 'Weight_L2_S31.npy'), writeNpy(weights));
    expect(overloadSbsFiles(built, folder).length).toBe(1);
    expect(built.sbsLayers.get(2)?.weights.data[0]).toBeCloseTo(1 / 80, 6);
    writeFileSync(join(folder, 'Weight_L2_S32.npy'), writeNpy(weights));
    expect(() => overloadSbsFiles(built, folder)).toThrow(/one file Weight_L2_\*\.npy, found .*S31.*S32/);
    expect(overloadSbsFiles(built, join(folder, 'none'))).toEqual([]);
  });

  it('refuses a network for other inputs', () => {
    const unsplit = parseSbsConfig(
      text.replace('crop_width_in_pixel: 2', 'use_on_off_filter: false'),
      'net.json',
    );
    expect(() => new SbsTraining(unsplit, train)).toThrow(
      /forward_neuron_numbers\.0\.0: expected 1, the channels/,
    );
  });
});
