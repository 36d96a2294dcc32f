/** The JSON configuration of a Spike-by-Spike network: keys, defaults and checks of the reference program. */
import JSON5 from 'json5';
import { z } from 'zod';
import { LocusError, suggestName } from '../../errors.js';

const count = z.int().min(1);
const pair = z.tuple([count, count]);
const padding = z.tuple([z.int().min(0), z.int().min(0)]);
const positive = z.number().positive();
const share = z.number().min(0).max(1);

/** What a layer of the later form may be; the earlier form has `is_pooling_layer` in its place. */
export const sbsLayerTypes = ['SbS', 'SbS Pooling', 'Average Pooling'] as const;

const networkStructure = z.strictObject({
  number_of_output_neurons: count,
  forward_neuron_numbers: z.array(pair).min(1),
  is_pooling_layer: z.array(z.boolean()).optional(),
  layer_type: z.array(z.enum(sbsLayerTypes)).optional(),
  forward_kernel_size: z.array(pair),
  strides: z.array(pair).optional(),
  dilation: z.array(pair).optional(),
  padding: z.array(padding).optional(),
  w_trainable: z.array(z.boolean()).optional(),
  eps_xy_trainable: z.array(z.boolean()).optional(),
  eps_xy_mean: z.array(z.boolean()).optional(),
});

const learningParameters = z.strictObject({
  learning_active: z.boolean().default(true),
  /** 0: the mixture; 1: cross entropy, with the softmax of the output as in the reference. */
  loss_mode: z.union([z.literal(0), z.literal(1)]).default(0),
  loss_coeffs_mse: z.number().min(0).default(0.5),
  loss_coeffs_kldiv: z.number().min(0).default(1),
  optimizer_name: z.literal('Adam').default('Adam'),
  /** Negative: the optimiser's default. */
  learning_rate_gamma_w: z.number().default(-1),
  learning_rate_gamma_eps_xy: z.number().default(-1),
  learning_rate_threshold_w: z.number().min(0).default(1e-5),
  learning_rate_threshold_eps_xy: z.number().min(0).default(1e-5),
  lr_schedule_name: z.literal('ReduceLROnPlateau').default('ReduceLROnPlateau'),
  lr_scheduler_factor_w: positive.lt(1).default(0.75),
  /** Not positive: no schedule. */
  lr_scheduler_patience_w: z.int().default(-1),
  lr_scheduler_factor_eps_xy: positive.lt(1).default(0.75),
  lr_scheduler_patience_eps_xy: z.int().default(-1),
  number_of_batches_for_one_update: count.default(1),
  overload_path: z.string().default('./Previous'),
  weight_noise_amplitude: z.number().min(0).default(0.01),
  /** Default: 0.1; in the later form 1. */
  eps_xy_intitial: positive.optional(),
  test_every_x_learning_steps: count.default(50),
  test_during_learning: z.boolean().default(true),
  alpha_number_of_iterations: z.int().min(0).default(0),
});

const augmentation = z.strictObject({
  crop_width_in_pixel: z.int().min(0).default(2),
  flip_p: share.default(0.5),
  jitter_brightness: z.number().min(0).default(0.5),
  jitter_contrast: z.number().min(0).default(0.1),
  jitter_saturation: z.number().min(0).default(0.1),
  jitter_hue: z.number().min(0).max(0.5).default(0.15),
  use_on_off_filter: z.boolean().default(true),
});

const imageStatistics = z.strictObject({
  /** Per channel; empty: from the training images. */
  mean: z.array(z.number()).default([]),
  /** Empty: from the images. */
  the_size: z.array(count).max(2).default([]),
});

const configSchema = z.strictObject({
  network_structure: networkStructure,
  learning_parameters: learningParameters.prefault({}),
  augmentation: augmentation.prefault({}),
  image_statistics: imageStatistics.prefault({}),
  data_mode: z.enum(['', 'MNIST', 'MNIST_FASHION', 'CIFAR10']).default(''),
  data_path: z.string().default('./'),
  batch_size: count.default(500),
  learning_step: z.int().min(0).default(0),
  learning_step_max: z.int().min(0).default(10000),
  /** Negative: all. */
  number_of_cpu_processes: z.int().default(-1),
  number_of_spikes: z.int().min(0).default(0),
  /** 0: no cooldown. */
  cooldown_after_number_of_spikes: z.int().min(0).default(0),
  weight_path: z.string().default('./Weights/'),
  eps_xy_path: z.string().default('./EpsXY/'),
  reduction_cooldown: positive.default(25),
  epsilon_0: positive.default(1),
  update_after_x_batch: positive.default(1),
});

export type SbsConfig = z.infer<typeof configSchema>;

/**
 * Reads a configuration; comments are allowed.
 *
 * @param place names the file in errors
 * @throws LocusError `INVALID_ARGUMENT` naming the path of every wrong, missing or unknown key
 */
export function parseSbsConfig(text: string, place: string): SbsConfig {
  const result = configSchema.safeParse(parseJson(text, place));
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => describeIssue(issue));
    throw new LocusError('INVALID_ARGUMENT', `${place}: ${problems.join('; ')}`);
  }
  const problems = checkTogether(result.data);
  if (problems.length > 0) throw new LocusError('INVALID_ARGUMENT', `${place}: ${problems.join('; ')}`);
  return result.data;
}

/** Whether the configuration is of the later form: average pooling, epsilon_t = 1 / √(t + 1), epsilon_xy = 1. */
export function isLaterForm({ network_structure }: SbsConfig): boolean {
  return network_structure.layer_type !== undefined;
}

/** One factor per spike. */
export function makeEpsilonT(config: SbsConfig): Float64Array {
  const { number_of_spikes, cooldown_after_number_of_spikes: cooldown, reduction_cooldown } = config;
  return Float64Array.from({ length: number_of_spikes }, (_, t) => {
    const epsilon = isLaterForm(config) ? 1 / Math.sqrt(t + 1) : 1;
    return cooldown > 0 && t >= cooldown ? epsilon / reduction_cooldown : epsilon;
  });
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON5.parse(text);
  } catch (error) {
    throw new LocusError('INVALID_ARGUMENT', `${place}: ${(error as Error).message}`, { cause: error });
  }
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => {
      const whole = [...issue.path, key].join('.');
      return `unknown key "${whole}".${suggestName(key, known)} Known: ${known.join(', ')}`;
    });
  }
  return [`${path || 'the whole'}: ${issue.message}`];
}

/** The keys of the object at a path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const parts: Record<string, z.ZodObject> = {
    network_structure: networkStructure,
    learning_parameters: learningParameters,
    augmentation,
    image_statistics: imageStatistics,
  };
  return Object.keys((path.length === 0 ? configSchema : parts[String(path[0])]).shape);
}

/** What no key alone can tell. */
function checkTogether({ network_structure: structure, number_of_spikes }: SbsConfig): string[] {
  const { forward_neuron_numbers: numbers, number_of_output_neurons, ...perLayer } = structure;
  const problems = Object.entries(perLayer)
    .filter(([, list]) => list !== undefined && list.length !== numbers.length)
    .map(
      ([key, list]) =>
        `network_structure.${key}: expected ${numbers.length} entries, one per layer, got ${list?.length}`,
    );
  if ((structure.is_pooling_layer === undefined) === (structure.layer_type === undefined)) {
    problems.push('network_structure: expected either is_pooling_layer or layer_type');
  }
  numbers.slice(1).forEach(([inputs], index) => {
    if (inputs !== numbers[index][1]) {
      const path = `network_structure.forward_neuron_numbers.${index + 1}.0`;
      problems.push(`${path}: expected ${numbers[index][1]}, the neurons of the layer before, got ${inputs}`);
    }
  });
  const last = numbers.at(-1)?.[1];
  if (last !== number_of_output_neurons) {
    const path = 'network_structure.number_of_output_neurons';
    problems.push(
      `${path}: expected ${last}, the neurons of the last layer, got ${number_of_output_neurons}`,
    );
  }
  if (number_of_spikes < 1) problems.push(`number_of_spikes: expected 1 or more, got ${number_of_spikes}`);
  return problems;
}
