/** The shape of the records of converted networks, and of the checkpoints of their runs. */
import type { z as zod } from 'zod';
import { countElements } from '../../layers/tensor.js';
import { makeWindow, outputSize } from '../../layers/window.js';
import { type Checkpoint, checkNetworkType, type NetworkRecord } from '../../store/index.js';
import { checkCheckpoint, checkNetworkRecord } from '../check-record.js';
import { makeFields } from '../field-schemas.js';
import { type ArrayShape, keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import { labelType } from '../../readout/class-numbers.js';
import { type Architecture, type MapShape, parseArchitecture } from '../relu/architecture.js';
import { countReadouts, spikingInputs, type SpikingRunOptions } from './converted-network.js';
import {
  type ConvertedArrays,
  type ConvertedMeta,
  convertedType,
  type LayerOutline,
  weightName,
} from './converted-record.js';
import type { SpikeTallyState } from './spike-tally.js';

/** What is read back of the published parameters. */
interface ConvertedIdentityRead {
  readonly architecture: Architecture;
  readonly annHash: string;
  readonly dataset: string;
  readonly threshold: number;
  readonly reset: 'zero' | 'subtract';
  readonly run: Required<Pick<SpikingRunOptions, 'input' | 'maxRate' | 'duration' | 'dt' | 'seed'>>;
}

export const convertedRecordShape: RecordShape<ConvertedIdentityRead, ConvertedMeta, ConvertedArrays> = {
  parameters: keepSchemas(makeParameters),
  meta: makeMeta,
  arrays: ({ run, architecture }, { inputShape, layers }) => {
    const readouts = { dtype: 'float64', shape: [countReadouts(run)] } as const;
    return {
      ...shapeWeights(inputShape, layers),
      times: readouts,
      accuracy: readouts,
      predictions: shapePredictions(architecture),
    };
  },
};

type TallyArrays = {
  readonly correct: ArrayShape<'uint32'>;
  readonly spikes: ArrayShape<'float64'>;
  readonly predictions: ArrayShape<'uint8' | 'uint16'>;
};

export const tallyShape: RecordShape<ConvertedIdentityRead, Pick<SpikeTallyState, 'done'>, TallyArrays> = {
  parameters: keepSchemas(makeParameters),
  meta: (z) => z.strictObject({ done: makeFields(z).count }),
  arrays: ({ run, architecture }) => ({
    correct: { dtype: 'uint32', shape: [countReadouts(run)] },
    // Those of the input are counted too.
    spikes: { dtype: 'float64', shape: [1 + architecture.layers.length], elements: 'a finite number ≥ 0' },
    predictions: shapePredictions(architecture),
  }),
};

/** The values of a record. Errors: `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT`. */
export function readConvertedRecord(record: NetworkRecord) {
  checkNetworkType(record, convertedType);
  return checkNetworkRecord(convertedRecordShape, record);
}

/** The state of an interrupted run. Errors: `STORE_CORRUPT`. */
export function readTallyCheckpoint(checkpoint: Checkpoint): SpikeTallyState {
  const { meta, arrays } = checkCheckpoint(tallyShape, checkpoint);
  const { correct, spikes, predictions } = arrays;
  return { ...meta, correct: correct.data, spikes: spikes.data, predictions: predictions.data };
}

function makeParameters(z: Zod): zod.ZodType<ConvertedIdentityRead> {
  const { positive } = makeFields(z);
  return z
    .object({
      network_type: z.literal(convertedType),
      architecture: z.string(),
      ann_hash: z.string(),
      dataset: z.string(),
      threshold: positive,
      reset: z.enum(['zero', 'subtract']),
      input: z.enum(spikingInputs),
      max_rate: positive,
      duration: positive,
      dt: positive,
      seed: z.int(),
    })
    .transform(({ architecture, ann_hash, dataset, threshold, reset, max_rate, ...run }) => ({
      architecture: parseArchitecture(architecture),
      annHash: ann_hash,
      dataset,
      threshold,
      reset,
      run: { input: run.input, maxRate: max_rate, duration: run.duration, dt: run.dt, seed: run.seed },
    }));
}

function makeMeta(z: Zod, { architecture, reset }: ConvertedIdentityRead): zod.ZodType<ConvertedMeta> {
  const { notNegative, positive } = makeFields(z);
  const { inputShape, layers } = architecture;
  const scale = z.strictObject({
    layer: z.string(),
    factor: positive,
    scale: positive,
    largestWeight: z.number(),
    positiveSum: notNegative,
    activation: notNegative.nullable(),
  });
  return z.strictObject({
    inputShape: z.tuple([z.literal(inputShape[0]), z.literal(inputShape[1]), z.literal(inputShape[2])]),
    reset: z.literal(reset),
    layers: z
      .array(makeOutline(z))
      .length(layers.length)
      .superRefine((outlines, context) => {
        let before = inputShape;
        outlines.forEach((outline, index) => {
          const misfit = findMisfit(outline, before, layers[index]?.kind);
          before = outline.shape;
          if (misfit)
            context.addIssue({ code: 'custom', path: [index, misfit.key], message: misfit.problem });
        });
      }),
    scales: z.array(scale),
    spikesPerImage: notNegative,
    spikesByLayer: z.record(z.string(), notNegative),
  });
}

function makeOutline(z: Zod): zod.ZodType<LayerOutline> {
  const { count, countFrom1, positive } = makeFields(z);
  const common = {
    name: z.string(),
    shape: z.tuple([countFrom1, countFrom1, countFrom1]),
    threshold: positive,
  };
  const window = z.strictObject({ kernelSize: countFrom1, stride: countFrom1, padding: count });
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('conv'), ...common, window }),
    z.strictObject({ kind: z.literal('dense'), ...common }),
    z.strictObject({ kind: z.literal('pool'), ...common, window }),
  ]);
}

/** What is wrong with a layer behind one of shape `before`, or null. */
function findMisfit(outline: LayerOutline, before: MapShape, kind: LayerOutline['kind']) {
  if (outline.kind !== kind) {
    return { key: 'kind', problem: `expected ${kind} as in the architecture, got ${outline.kind}` };
  }
  const shape = shapeBehind(outline, before);
  if (shape.every((length, axis) => length === outline.shape[axis])) return null;
  const [expected, behind, got] = [shape, before, outline.shape].map((lengths) => lengths.join(' × '));
  return { key: 'shape', problem: `expected ${expected} behind ${behind}, got ${got}` };
}

/** The shape of a layer, as far as it follows from the layer before. Errors: `INVALID_ARGUMENT` where its window does not fit. */
function shapeBehind(outline: LayerOutline, [channels, height, width]: MapShape): MapShape {
  if (outline.kind === 'dense') return [outline.shape[0], 1, 1];
  const size = outputSize(outline.name, [height, width], makeWindow(outline.name, outline.window));
  return [outline.kind === 'pool' ? channels : outline.shape[0], ...size];
}

/** One class for each image, in the type of labels. */
function shapePredictions({ layers }: Architecture): ArrayShape<'uint8' | 'uint16'> {
  const output = layers.at(-1);
  return { dtype: labelType(output?.kind === 'dense' ? output.size : 0), shape: [null] };
}

function shapeWeights(inputShape: MapShape, layers: readonly LayerOutline[]) {
  return Object.fromEntries(
    layers.flatMap((layer, index) => {
      if (layer.kind === 'pool') return [];
      const before = index === 0 ? inputShape : layers[index - 1].shape;
      const shape =
        layer.kind === 'dense'
          ? [layer.shape[0], countElements(before)]
          : [layer.shape[0], before[0], layer.window.kernelSize, layer.window.kernelSize];
      return [[weightName(layer.name), { dtype: 'float32', shape }] as const];
    }),
  );
}
