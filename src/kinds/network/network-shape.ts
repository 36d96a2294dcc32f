/** What the stored record of a custom network must be: its arrays follow from its description. */
import type { z as zod } from 'zod';
import { networkFromDescription } from '../../core/network/description/build-network.js';
import type { NetworkDescription } from '../../core/network/description/describe-network.js';
import { checkStateJson, listStateArrays } from '../../core/network/network-state.js';
import type { NetworkStateJson } from '../../core/network/network-state.js';
import { invalidArgument } from '../../errors.js';
import { dtypeOf } from '../../formats/element-types.js';
import { Readout, type ReadoutJson } from '../../readout/readout.js';
import type { StoredArrays } from '../../store/index.js';
import { makeFields } from '../field-schemas.js';
import { type ArrayShape, keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import { hashDescription } from './network-identity.js';
import {
  confusionName,
  shapeDescribed,
  networkType,
  type OwnNetworkMeta,
  pickDescribed,
  readEncoder,
} from './restore-network.js';

interface OwnNetworkParameters {
  readonly description: string;
}

export const ownNetworkShape: RecordShape<
  OwnNetworkParameters,
  OwnNetworkMeta,
  Readonly<Record<string, ArrayShape>>
> = {
  parameters: keepSchemas(makeParameters),
  meta: keepSchemas(makeMeta),
  arrays: shapeArrays,
};

function makeParameters(z: Zod): zod.ZodType<OwnNetworkParameters> {
  const { count, positive } = makeFields(z);
  return z.strictObject({
    network_type: z.literal(networkType),
    description: z.string(),
    n_layers: count,
    n_connections: count,
    dt: positive,
    seed: z.int(),
    precision: z.enum(['single', 'double']),
    encoder: z
      .string()
      .nullable()
      .transform((text) => readEncoder(text, 'encoder')),
    n_iter: count,
    learned: z.string(),
  });
}

function makeMeta(z: Zod): zod.ZodType<OwnNetworkMeta> {
  const { count } = makeFields(z);
  const object = z.record(z.string(), z.unknown());
  return z.strictObject({
    // What they hold, the network checks that is made of them.
    description: object.transform((json) => json as unknown as NetworkDescription),
    state: object.transform((json) => json as unknown as NetworkStateJson),
    readout: object.nullable().transform((json) => {
      if (json !== null) Readout.fromJSON(json as unknown as ReadoutJson);
      return json as ReadoutJson | null;
    }),
    history: z.array(z.strictObject({ learned: z.string(), images: count })).min(1),
    notes: z.string().nullable(),
  });
}

/** @throws LocusError for a description that no network can be made of, and a state that is not its network's */
function shapeArrays(
  { description: hash }: OwnNetworkParameters,
  { description, state, readout }: OwnNetworkMeta,
  stored: StoredArrays,
): Readonly<Record<string, ArrayShape>> {
  const described = pickDescribed(stored);
  const program = networkFromDescription(description, { arrays: described }).compile();
  if (hashDescription({ json: description, arrays: described }) !== hash)
    throw invalidArgument('description', 'the one whose hash the network has', 'another one');
  checkStateJson('state', program, state);
  const dtype = program.precision === 'double' ? 'float64' : 'float32';
  const elements = 'a number or an infinity';
  const beside = Object.entries(shapeDescribed(described)).map(
    ([name, { data, shape }]) => [name, { dtype: dtypeOf(data, name), shape, elements }] as const,
  );
  const trained = listStateArrays(program).map(
    ({ name, shape }) => [name, { dtype, shape, elements }] as const,
  );
  const classes = readout?.nClasses ?? 0;
  return {
    ...Object.fromEntries([...beside, ...trained]),
    [confusionName]: { dtype: 'int32', shape: [classes, classes + 1], optional: true },
  };
}
