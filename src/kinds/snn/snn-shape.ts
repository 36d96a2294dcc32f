/** The shape of the records and checkpoints of networks of the table. */
import type { z as zod } from 'zod';
import { makeFields } from '../field-schemas.js';
import { keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import type { History } from './history.js';
import type { TrainingPlan, TrainingSegment } from './image-order.js';
import type { Origin } from './original/origin.js';
import {
  convSize,
  fromPublished,
  type NetworkType,
  parseParameters,
  type SnnParameters,
  snnParameterSpecs,
} from './parameters.js';
import { networkTypes, publishedLearning } from '../../published-networks.js';
import { shapeSnnArrays, type SnnArrays, type SnnMeta } from './snn-state.js';

/** The published parameters of a record, read back. */
export interface SnnIdentityRead {
  readonly type: NetworkType;
  readonly parameters: SnnParameters;
}

/** What a checkpoint keeps besides the network. */
export interface SnnCheckpointMeta extends SnnMeta {
  readonly plan: TrainingPlan;
  readonly parent: string | null;
  readonly givenName: string | null;
}

export const snnRecordShape: RecordShape<SnnIdentityRead, SnnMeta, SnnArrays> = {
  parameters: keepSchemas(makeParameters),
  meta: keepSchemas((z, identity) => z.strictObject(metaFields(z, identity)), keyOfMeta),
  arrays: ({ type, parameters }, meta) => shapeSnnArrays(type, parameters, meta),
};

export const snnCheckpointShape: RecordShape<SnnIdentityRead, SnnCheckpointMeta, SnnArrays> = {
  parameters: keepSchemas(makeParameters),
  meta: keepSchemas(
    (z, identity) =>
      z.strictObject({
        ...metaFields(z, identity),
        plan: z.strictObject({ before: z.array(makeSegment(z)), segments: z.array(makeSegment(z)) }),
        parent: z.string().nullable().default(null),
        givenName: z.string().nullable().default(null),
      }),
    keyOfMeta,
  ),
  arrays: ({ type, parameters }, meta) => shapeSnnArrays(type, parameters, meta),
};

/** The history among the meta data, and where it began; no history where there is none. */
export const makeHistory = keepSchemas(
  (z): zod.ZodType<History & { readonly origin?: Origin }> =>
    z.object({
      segments: z.array(makeSegment(z)).default([]),
      sets: makeSets(z).default([]),
      origin: makeOrigin(z).optional(),
    }),
);

/** Rates that are not told are the published ones; everything else is told. */
function makeParameters(z: Zod): zod.ZodType<SnnIdentityRead> {
  const told = Object.values(snnParameterSpecs)
    .map(({ published }) => published)
    .filter((name) => !Object.hasOwn(publishedLearning, name));
  return z
    .looseObject({ network_type: z.enum(networkTypes) })
    .superRefine((published, context) => {
      const missing = told.find((name) => published[name] === undefined);
      if (missing === undefined) return;
      context.addIssue({ code: 'custom', path: [missing], message: 'expected a value, which is missing' });
    })
    .transform((published) => {
      const type = published.network_type;
      return { type, parameters: parseParameters(type, fromPublished(published)) };
    });
}

/** What of the parameters decides on the meta data. */
function keyOfMeta({ parameters }: SnnIdentityRead): string {
  return `${parameters.nFilters} × ${convSize(parameters)}`;
}

function metaFields(z: Zod, { parameters }: SnnIdentityRead) {
  const { count, countFrom1, positive } = makeFields(z);
  const nPositions = convSize(parameters) ** 2;
  return {
    segments: z.array(makeSegment(z)),
    sets: makeSets(z).optional(),
    trainingSetSize: count,
    calibrationImages: count,
    classNames: z.array(z.string()).optional(),
    classifier: z
      .strictObject({
        nClasses: countFrom1,
        nFeatures: z.literal(parameters.nFilters * nPositions),
        nPositions: z.literal(nPositions),
        regularization: positive,
        transform: z.literal('balancedRoots'),
      })
      .nullable(),
    origin: makeOrigin(z).optional(),
  };
}

function makeSegment(z: Zod): zod.ZodType<TrainingSegment> {
  const { count, countFrom1 } = makeFields(z);
  return z
    .strictObject({
      nIter: count,
      learns: z.enum(['both', 'xy', 'yy']),
      order: z.enum(['random', 'sequential']),
      first: count,
      end: count,
      batchSize: countFrom1.optional(),
      data: z.string().optional(),
    })
    .superRefine(({ first, end }, context) => {
      if (end > first) return;
      context.addIssue({
        code: 'custom',
        path: ['end'],
        message: `expected more than first = ${first}, got ${end}`,
      });
    });
}

function makeSets(z: Zod) {
  const { count } = makeFields(z);
  return z.array(z.strictObject({ at: count, before: z.string().nullable(), state: z.string() }));
}

function makeOrigin(z: Zod): zod.ZodType<Origin> {
  const { count, countFrom1, share, positive, notNegative } = makeFields(z);
  const score = z.strictObject({ accuracy: share, error: notNegative, nIter: countFrom1 });
  return z.strictObject({
    program: z.literal('original program'),
    name: z.string(),
    nIter: count,
    state: z.string(),
    parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    scores: z.record(z.string(), score.nullable()),
    confusion: z.array(count).nullable(),
    thetaMissing: z.boolean(),
    changed: z
      .strictObject({
        votes: countFrom1.optional(),
        outside: z.strictObject({ count: countFrom1, largest: positive }).optional(),
        confusion: countFrom1.optional(),
      })
      .optional(),
  });
}
