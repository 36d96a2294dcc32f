/**
 * From schema 1 to 2: networks whose name stood for several histories get one that stands for theirs, and keep the old one as an
 * alias. This is how version 0.2.0 tells histories and data, written down for good: what the program does later is not its concern.
 */
import type { Database } from 'better-sqlite3';
import { LocusError } from '../../errors.js';
import { isObject } from '../../options.js';
import { canonicalJson, type Parameters, parseParameters, sha224 } from '../canonical-json.js';

interface Segment {
  readonly nIter: number;
  readonly learns: 'both' | 'xy' | 'yy';
  readonly order: string;
  readonly first: number;
  readonly end: number;
  readonly batchSize?: number;
}

/** What is read of `meta`. */
interface Meta {
  readonly segments?: readonly Segment[];
  readonly trainingSetSize?: number;
  readonly plan?: { readonly before: readonly Segment[]; readonly segments: readonly Segment[] };
  readonly parent?: string | null;
  readonly history?: readonly { readonly step?: number }[];
}

interface NetworkRow {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  readonly name_given: number;
  readonly parameters: string;
  readonly dataset_hash: string | null;
  readonly state_hash: string;
  readonly meta: string;
}

interface CheckpointRow {
  readonly key: string;
  readonly parameters: string;
  readonly dataset_hash: string | null;
  readonly meta: string;
}

/** As they were before anything was renamed. */
interface TakenNames {
  readonly names: ReadonlySet<string>;
  /** Networks by hash. */
  readonly byHash: Map<string, number>;
}

const spikingTypes = new Set(['LC_SNN', 'C_SNN', 'FC_SNN']);

/** The published data sets, which enter a name by their own name alone. */
const publishedData: Readonly<Record<string, string>> = {
  'mnist-10k': 'b2b7957c7fdd4978951331878a7275398624621a315cd787260ae618ccb86d50',
  mnist: 'c97a2c607853b499a01d274c02fa5de533f80f6f09404e77aa0e02ec99b4c1f5',
  'fashion-mnist': '226d5d26cf66f9dd337296b76bba77dac113680361e7a86720dc1de1dc6a2562',
};

export function tellHistories(database: Database): void {
  const networks = database
    .prepare<[], NetworkRow>(
      'SELECT id, name, hash, name_given, parameters, dataset_hash, state_hash, meta FROM networks ORDER BY id',
    )
    .all();
  const taken: TakenNames = { names: new Set(networks.map(({ name }) => name)), byHash: new Map() };
  for (const { hash } of networks) taken.byHash.set(hash, (taken.byHash.get(hash) ?? 0) + 1);
  const renamed = new Map<string, string>();
  for (const network of networks) {
    const hash = retellNetwork(database, network);
    if (hash === network.hash) continue;
    keepOldName(database, network, taken);
    if (network.name_given === 0) renamed.set(network.name, hash);
  }
  for (const [from, to] of renamed) {
    // Results follow by their foreign key.
    database.prepare('UPDATE networks SET name = ? WHERE name = ?').run(to, from);
    database.prepare('UPDATE networks SET parent = ? WHERE parent = ?').run(to, from);
  }
  const checkpoints = database
    .prepare<[], CheckpointRow>('SELECT key, parameters, dataset_hash, meta FROM checkpoints')
    .all();
  for (const checkpoint of checkpoints) retellCheckpoint(database, checkpoint, renamed);
}

/** Returns the hash, which is the old one where nothing had to be told. */
function retellNetwork(database: Database, row: NetworkRow): string {
  const { id, hash, dataset_hash, state_hash } = row;
  const [parameters, meta] = [read(row.parameters, parseParameters), read(row.meta, parseMeta)];
  // What is damaged, or was edited, is for `clean`.
  if (!parameters || !meta || sha224(row.parameters) !== hash) return hash;
  const retold = attempt(() => tellMore(parameters, meta, dataset_hash));
  if (!retold) return hash;
  if (retold.network_type === 'NNMF' && retold.imported_from !== undefined)
    retold.weights_hash ??= state_hash;
  const text = canonicalJson(retold);
  const newHash = sha224(text);
  if (newHash !== hash) {
    database.prepare('UPDATE networks SET parameters = ?, hash = ? WHERE id = ?').run(text, newHash, id);
  }
  return newHash;
}

/** The old hash goes on meaning the network that it meant: the one of that name, or else the only one of that hash. */
function keepOldName(database: Database, { id, name, hash }: NetworkRow, taken: TakenNames): void {
  if (name !== hash && ((taken.byHash.get(hash) ?? 0) > 1 || taken.names.has(hash))) return;
  database.prepare('INSERT INTO aliases (alias, network) VALUES (?, ?)').run(hash, id);
}

function retellCheckpoint(
  database: Database,
  { key, dataset_hash, ...row }: CheckpointRow,
  renamed: ReadonlyMap<string, string>,
): void {
  const [parameters, meta] = [read(row.parameters, parseParameters), read(row.meta, parseMeta)];
  if (!parameters || !meta) return;
  const { parent } = meta;
  const newMeta =
    parent && renamed.has(parent) ? JSON.stringify({ ...meta, parent: renamed.get(parent) }) : row.meta;
  const retold = attempt(() => [
    canonicalJson(tellMore(parameters, meta, dataset_hash)),
    retellKey(key, parameters, meta, dataset_hash),
  ]);
  if (!retold) return;
  const [newParameters, newKey] = retold;
  if (newKey === key && newMeta === row.meta && newParameters === row.parameters) return;
  database
    .prepare(
      `INSERT INTO checkpoints (key, parameters, dataset_hash, code_version, meta, created, updated)
       SELECT ?, ?, dataset_hash, code_version, ?, created, updated FROM checkpoints WHERE key = ?
       ON CONFLICT (key) DO UPDATE SET parameters = excluded.parameters, meta = excluded.meta`,
    )
    .run(newKey, newParameters, newMeta, key);
  if (newKey === key) return;
  database.prepare('UPDATE checkpoint_arrays SET checkpoint = ? WHERE checkpoint = ?').run(newKey, key);
  database.prepare('DELETE FROM checkpoints WHERE key = ?').run(key);
}

/** A key holds the hash of the network at the end (a spiking one) or of the training's parameters (others). */
function retellKey(key: string, parameters: Parameters, meta: Meta, datasetHash: string | null): string {
  const { plan, trainingSetSize = 0 } = meta;
  const isSpiking = spikingTypes.has(String(parameters.network_type));
  const end = plan && join([...plan.before, ...plan.segments]);
  const target = isSpiking && end ? { ...parameters, ...summarize(end, trainingSetSize) } : parameters;
  // A summary may lack what the present state has: the size of minibatches, for example.
  const told = Object.fromEntries(
    Object.entries(target).filter(([, value]) => value !== undefined),
  ) as Parameters;
  const hash = sha224(canonicalJson(told));
  const atEnd = { ...meta, segments: end ?? meta.segments, history: undefined };
  return key.replace(hash, () => sha224(canonicalJson(tellMore(told, atEnd, datasetHash))));
}

/** The parameters, with what they did not tell of data and history. */
function tellMore(
  parameters: Parameters,
  meta: Meta,
  datasetHash: string | null,
): Record<string, Parameters[string]> {
  const { network_type: type, dataset } = parameters;
  const told: Record<string, Parameters[string]> = { ...parameters };
  if (typeof dataset === 'string' && datasetHash !== null && publishedData[dataset] !== datasetHash) {
    told.data_hash = datasetHash;
  }
  const { segments, history } = meta;
  if (spikingTypes.has(String(type)) && segments && !isSummarised(segments, parameters)) {
    const data =
      told.data_hash === undefined ? String(dataset) : `${String(dataset)}:${String(told.data_hash)}`;
    told.history = segments.map((segment) => spell(segment, data)).join('; ');
  }
  const firstStep = history?.[0]?.step ?? 0;
  if (type === 'SBS' && firstStep > 0) {
    // From files, which nobody knows any more: only the history can tell it from others.
    told.started_from = `step ${firstStep} of unknown weights with history ${sha224(JSON.stringify(history))}`;
  }
  return told;
}

/** Whether the parameters fit no other history. */
function isSummarised(segments: readonly Segment[], parameters: Parameters): boolean {
  const { train_method, train_order, batch_size } = parameters;
  const learns = segments.map((segment) => segment.learns).join();
  if (train_method === 'two_steps') return learns === 'xy' || learns === 'xy,yy';
  return train_order !== 'random' || typeof batch_size === 'string' || segments.length <= 1;
}

function spell({ learns, order, first, end, nIter, batchSize = 1 }: Segment, data: string): string {
  const batches = batchSize === 1 ? '' : ` in batches of ${batchSize}`;
  return `${learns} ${order} ${first}-${end} x ${nIter}${batches} of ${data}`;
}

/** How version 0.1.0 joined segments. */
function join(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    const joins =
      last?.order === 'random' &&
      (['order', 'learns', 'first', 'end', 'batchSize'] as const).every(
        (field) => last[field] === segment[field],
      ) &&
      last.nIter % (last.batchSize ?? 1) === 0;
    if (joins) joined[joined.length - 1] = { ...last, nIter: last.nIter + segment.nIter };
    else joined.push(segment);
  }
  return joined;
}

/** How version 0.1.0 summarised a history. */
function summarize(
  segments: readonly Segment[],
  setSize: number,
): Record<string, number | string | undefined> {
  const count = (some: readonly Segment[]) => some.reduce((sum, { nIter }) => sum + nIter, 0);
  const isPlain = segments.every(
    ({ order, first, end }) => order === 'random' && first === 0 && end === setSize,
  );
  const isBasic = segments.every(({ learns }) => learns === 'both');
  const sizes = [...new Set(segments.map(({ batchSize = 1 }) => batchSize))];
  const sizesBySegment = segments.map(({ batchSize = 1, nIter }) => `${batchSize} x ${nIter}`).join('; ');
  const oneSize = sizes[0] === 1 ? undefined : sizes[0];
  return {
    n_iter: count(segments),
    train_method: isBasic ? 'basic' : 'two_steps',
    n_iter_competition: isBasic ? undefined : count(segments.filter(({ learns }) => learns === 'yy')),
    batch_size: sizes.length > 1 ? sizesBySegment : oneSize,
    train_order: isPlain
      ? 'random'
      : segments.map(({ nIter, order, first, end }) => `${order} ${first}-${end} x ${nIter}`).join('; '),
  };
}

function parseMeta(json: string): Meta | undefined {
  const meta: unknown = JSON.parse(json);
  return isObject(meta) ? (meta as Meta) : undefined;
}

/** Undefined where it is damaged. */
function read<T>(json: string, parse: (json: string) => T): T | undefined {
  return attempt(() => parse(json));
}

/** Undefined for a record that has not the form of its type: one of them must not close the database to all. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof LocusError)
      return undefined;
    throw error;
  }
}
