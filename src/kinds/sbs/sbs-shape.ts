/** The shape of the records and checkpoints of Spike-by-Spike networks. */
import type { z as zod } from 'zod';
import { show } from '../../errors.js';
import { countElements } from '../../layers/tensor.js';
import { checkNetworkType, type NetworkRecord, type Parameters } from '../../store/index.js';
import { checkNetworkRecord } from '../check-record.js';
import { makeFields } from '../field-schemas.js';
import type { WeightShapes } from '../layered/network-weights.js';
import { makeTrainingShape, type TrainingLayout } from '../layered/training-state.js';
import { keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import { checkStructure, checkTogether, type SbsConfig, type SbsStructure } from './sbs-config.js';
import { planSbsLayers, trainsSbsLayer } from './sbs-network.js';
import { publishConfig, sbsType } from './sbs-record.js';
import { makeSbsSchema } from './sbs-schema.js';
import type { SbsStep } from './sbs-training.js';

/** What is read back of the published parameters. */
interface SbsIdentityRead {
  readonly seed: number;
  readonly structure: SbsStructure;
  /** Height and width of the crops. */
  readonly size: readonly [number, number];
  /** Number of schedules of learning rates. */
  readonly plateaus: number;
  /** All parameters. */
  readonly published: Readonly<Record<string, unknown>>;
}

interface SbsMeta {
  readonly config: SbsConfig;
  readonly history: readonly SbsStep[];
}

export const sbsRecordShape: RecordShape<SbsIdentityRead, SbsMeta, WeightShapes> = {
  parameters: keepSchemas(makeParameters),
  meta: (z, { published }) => {
    const schema = makeSbsSchema(z);
    const names = Object.values(schema.parts).flatMap(({ shape }) => Object.keys(shape));
    // A data set from elsewhere has a mode of its own.
    const config = schema.config.extend({ data_mode: z.string() });
    return z.strictObject({
      config: config.superRefine((config, context) => {
        const problems = [...checkTogether(config), ...compareWithParameters(config, published, names)];
        for (const problem of problems) context.addIssue({ code: 'custom', message: problem });
      }),
      history: z.array(makeSbsStep(z)),
    });
  },
  arrays: ({ structure, size }) =>
    Object.fromEntries(
      listArrays(structure, size).map(({ name, shape, elements }) => [
        name,
        { dtype: 'float32', shape, elements },
      ]),
    ),
};

export const sbsCheckpointShape = makeTrainingShape((z) => makeParameters(z).transform(layOut), makeSbsStep);

/** The values of a record. Errors: `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT`. */
export function readSbsRecord(record: NetworkRecord) {
  checkNetworkType(record, sbsType);
  return checkNetworkRecord(sbsRecordShape, record);
}

function makeParameters(z: Zod): zod.ZodType<SbsIdentityRead> {
  const { network_structure, learning_parameters } = makeSbsSchema(z).parts;
  const { lr_scheduler_patience_w, lr_scheduler_patience_eps_xy } = learning_parameters.shape;
  const { countFrom1 } = makeFields(z);
  return z
    .looseObject({
      ...network_structure.shape,
      lr_scheduler_patience_w,
      lr_scheduler_patience_eps_xy,
      network_type: z.literal(sbsType),
      seed: z.int(),
      the_size: z.tuple([countFrom1, countFrom1]),
    })
    .transform((published, context) => {
      const structure = network_structure.strip().parse(published);
      for (const problem of checkStructure(structure)) context.addIssue({ code: 'custom', message: problem });
      const patience = [published.lr_scheduler_patience_w, published.lr_scheduler_patience_eps_xy];
      return {
        seed: published.seed,
        structure,
        size: published.the_size,
        plateaus: patience.filter((steps) => steps > 0).length,
        published,
      };
    });
}

/** The published parameters are protected by the network's hash: the configuration must say the same. */
function compareWithParameters(
  config: SbsConfig,
  published: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string[] {
  const own: Parameters = publishConfig(config);
  const spelled = (value: unknown) => JSON.stringify(value);
  return [...new Set([...Object.keys(own), ...names])]
    .filter((name) => spelled(own[name]) !== spelled(published[name]))
    .map((name) => `${name}: expected ${show(published[name])} as in the parameters, got ${show(own[name])}`);
}

/** The arrays of a network, in the order of its layers' parameters. */
function listArrays(structure: SbsStructure, size: readonly [number, number]) {
  return planSbsLayers(structure, size).flatMap(({ type, inputs, neurons, window, outputSize }, index) => {
    if (type === 'Average Pooling') return [];
    const trains = trainsSbsLayer(structure, index);
    const weights = [inputs * window.kernel[0] * window.kernel[1], neurons];
    return [
      {
        name: `weights_${index}`,
        shape: weights,
        elements: 'a finite number ≥ 0',
        isTrained: trains.weights,
      },
      {
        name: `epsilon_xy_${index}`,
        shape: outputSize,
        elements: 'a finite number > 0',
        isTrained: trains.epsilonXy,
      },
    ] as const;
  });
}

/** As `SbsTraining` lays its parameters out: Adam has two moments for each that is trained, weights and epsilon apart. */
function layOut({ structure, size, plateaus }: SbsIdentityRead): TrainingLayout {
  const arrays = listArrays(structure, size);
  const momentsOf = (prefix: string) =>
    arrays
      .filter(({ name, isTrained }) => isTrained && name.startsWith(prefix))
      .flatMap(({ shape }) => [countElements(shape), countElements(shape)]);
  return {
    parameters: arrays.map(({ shape }) => shape),
    moments: [momentsOf('weights_'), momentsOf('epsilon_xy_')],
    plateaus,
  };
}

export function makeSbsStep(z: Zod): zod.ZodType<SbsStep> {
  const { count, countFrom1, share, notNegative } = makeFields(z);
  return z.strictObject({
    step: count,
    images: countFrom1,
    loss: z.number(),
    correct: share,
    testCorrect: share.nullable(),
    seconds: notNegative,
  });
}
