/** The keys of a Spike-by-Spike configuration: types, limits and defaults of the reference program. */
import type { z as zod } from 'zod';
import { makeFields } from '../field-schemas.js';
import { listSbsModes } from './sbs-modes.js';

/** What a layer of the later form may be; the earlier form has `is_pooling_layer` in its place. */
const layerTypes = ['SbS', 'SbS Pooling', 'Average Pooling'] as const;

export type SbsSchema = ReturnType<typeof makeSbsSchema>;

/** The schema of the whole, and of its parts by their keys; made with `z`, which only a program with a configuration loads. */
export function makeSbsSchema(z: typeof zod) {
  const { count, countFrom1, positive, share, notNegative } = makeFields(z);
  const pair = z.tuple([countFrom1, countFrom1]);
  const padding = z.tuple([count, count]);

  const parts = {
    network_structure: z.strictObject({
      number_of_output_neurons: countFrom1,
      forward_neuron_numbers: z.array(pair).min(1),
      is_pooling_layer: z.array(z.boolean()).optional(),
      layer_type: z.array(z.enum(layerTypes)).optional(),
      forward_kernel_size: z.array(pair),
      strides: z.array(pair).optional(),
      dilation: z.array(pair).optional(),
      padding: z.array(padding).optional(),
      w_trainable: z.array(z.boolean()).optional(),
      eps_xy_trainable: z.array(z.boolean()).optional(),
      eps_xy_mean: z.array(z.boolean()).optional(),
    }),
    learning_parameters: z.strictObject({
      learning_active: z.boolean().default(true),
      /** 0: the mixture; 1: cross entropy, with the softmax of the output as in the reference. */
      loss_mode: z.literal([0, 1]).default(0),
      loss_coeffs_mse: notNegative.default(0.5),
      loss_coeffs_kldiv: notNegative.default(1),
      optimizer_name: z.literal('Adam').default('Adam'),
      /** Negative: the optimiser's default. */
      learning_rate_gamma_w: z.number().default(-1),
      learning_rate_gamma_eps_xy: z.number().default(-1),
      learning_rate_threshold_w: notNegative.default(1e-5),
      learning_rate_threshold_eps_xy: notNegative.default(1e-5),
      lr_schedule_name: z.literal('ReduceLROnPlateau').default('ReduceLROnPlateau'),
      lr_scheduler_factor_w: positive.lt(1).default(0.75),
      /** Not positive: no schedule. */
      lr_scheduler_patience_w: z.int().default(-1),
      lr_scheduler_factor_eps_xy: positive.lt(1).default(0.75),
      lr_scheduler_patience_eps_xy: z.int().default(-1),
      number_of_batches_for_one_update: countFrom1.default(1),
      overload_path: z.string().default('./Previous'),
      weight_noise_amplitude: notNegative.default(0.01),
      /** Default: 0.1; in the later form 1. */
      eps_xy_intitial: positive.optional(),
      test_every_x_learning_steps: countFrom1.default(50),
      test_during_learning: z.boolean().default(true),
      alpha_number_of_iterations: count.default(0),
    }),
    augmentation: z.strictObject({
      crop_width_in_pixel: count.default(2),
      flip_p: share.default(0.5),
      jitter_brightness: notNegative.default(0.5),
      jitter_contrast: notNegative.default(0.1),
      jitter_saturation: notNegative.default(0.1),
      jitter_hue: z.number().min(0).max(0.5).default(0.15),
      use_on_off_filter: z.boolean().default(true),
    }),
    image_statistics: z.strictObject({
      /** Per channel; empty: from the training images. */
      mean: z.array(z.number()).default([]),
      /** Empty: from the images. */
      the_size: z.array(countFrom1).max(2).default([]),
    }),
  };
  const config = z.strictObject({
    network_structure: parts.network_structure,
    learning_parameters: parts.learning_parameters.prefault({}),
    augmentation: parts.augmentation.prefault({}),
    image_statistics: parts.image_statistics.prefault({}),
    data_mode: z.enum(['', ...listSbsModes()]).default(''),
    data_path: z.string().default('./'),
    batch_size: countFrom1.default(500),
    learning_step: count.default(0),
    learning_step_max: count.default(10000),
    /** Negative: all. */
    number_of_cpu_processes: z.int().default(-1),
    number_of_spikes: count.default(0),
    /** 0: no cooldown. */
    cooldown_after_number_of_spikes: count.default(0),
    weight_path: z.string().default('./Weights/'),
    eps_xy_path: z.string().default('./EpsXY/'),
    reduction_cooldown: positive.default(25),
    epsilon_0: positive.default(1),
    update_after_x_batch: positive.default(1),
  });
  return { config, parts };
}
