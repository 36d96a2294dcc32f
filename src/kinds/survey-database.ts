/** The stored networks as rows, where a damaged one is marked and does not hide the others. */
import { LocusError } from '../errors.js';
import { requirePackage } from '../node/require-package.js';
import {
  type DatabaseRow,
  type ListOptions,
  type SurveyEntry,
  toDatabaseRow,
  withStore,
} from '../store/index.js';
import { checkField } from './check-record.js';
import type { RecordShape } from './record-shape.js';
import { listKinds, loadKind } from './registry.js';

export interface DatabaseSurvey {
  /** A damaged network has its `name` and its `damage` only. */
  readonly rows: readonly DatabaseRow[];
  /** What is wrong with the damaged ones, each with its name. */
  readonly damages: readonly string[];
  /** Networks that fit the filter, those beyond the limit too. */
  readonly total: number;
}

/**
 * Reads the rows of the database, and checks the meta data as the kinds of the networks do when they open one; arrays are for
 * `cleanDatabase`. Of an unsorted list, `limit` takes those that were stored last.
 *
 * @throws LocusError as `viewDatabase`, but not for a damaged network
 */
export async function surveyDatabase(
  options: ListOptions,
  database: string | undefined,
): Promise<DatabaseSurvey> {
  const { entries, total } = withStore(database, (store) => store.survey(options));
  const shapes = await loadShapes(entries);
  const rows = entries.map((entry): DatabaseRow => {
    if (!('network' in entry)) return entry;
    const { network } = entry;
    const damage = findDamage(network, shapes.get(String(network.parameters.network_type)));
    return damage === undefined ? toDatabaseRow(network) : { name: network.name, damage };
  });
  const damages = rows.flatMap(({ damage }) => (damage === undefined ? [] : [String(damage)]));
  return { rows, damages, total };
}

/** The forms of records by type of network; a type that no kind knows has none. */
async function loadShapes(entries: readonly SurveyEntry[]): Promise<ReadonlyMap<string, RecordShape>> {
  const stored = new Set(
    entries.flatMap((entry) => ('network' in entry ? String(entry.network.parameters.network_type) : [])),
  );
  const known = listKinds().flatMap(({ types }) => types.filter((type) => stored.has(type)));
  return new Map(
    await Promise.all(known.map(async (type) => [type, (await loadKind(type)).record] as const)),
  );
}

function findDamage(
  { name, parameters, meta }: Extract<SurveyEntry, { network: unknown }>['network'],
  shape: RecordShape | undefined,
): string | undefined {
  if (shape === undefined) return undefined;
  const { z } = requirePackage('zod');
  const at = { place: `network "${name}"` };
  // Their hash says that parameters are as they were stored, by whatever program.
  const read = attempt(() => checkField('parameters', shape.parameters(z), parameters, at));
  if (read instanceof LocusError) return undefined;
  const checked = attempt(() => checkField('meta', shape.meta(z, read), meta, at));
  // A name from elsewhere, as that of a data set, is no damage.
  return checked instanceof LocusError && checked.code !== 'UNKNOWN_NAME' ? checked.message : undefined;
}

function attempt<T>(action: () => T): T | LocusError {
  try {
    return action();
  } catch (error) {
    if (error instanceof LocusError) return error;
    throw error;
  }
}
