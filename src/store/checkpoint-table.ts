/** Checkpoints: unfinished work under a key, each save in the place of the one before. */
import { canonicalJson, type Parameters, readParameters } from './canonical-json.js';
import type { Connection } from './connection.js';
import { checkName, checkParameters, type StoredArrays } from './network-record.js';
import { checkpointArrays, encodeArrays, readArrays, writeArrays } from './network-rows.js';
import { readJson, toPlainJson } from './plain-json.js';

/** What listings show of a checkpoint. */
export interface CheckpointSummary {
  readonly key: string;
  readonly parameters: Parameters;
  readonly datasetHash: string | null;
  readonly codeVersion: string;
  /** ISO 8601. */
  readonly created: string;
  readonly updated: string;
}

/** Everything that is needed to go on with unfinished work. */
export interface Checkpoint extends CheckpointSummary {
  readonly arrays: StoredArrays;
  readonly meta: Readonly<Record<string, unknown>>;
}

export type CheckpointInput = Omit<Checkpoint, 'key' | 'created' | 'updated'>;

interface CheckpointRow {
  readonly key: string;
  readonly parameters: string;
  readonly dataset_hash: string | null;
  readonly code_version: string;
  readonly meta: string;
  readonly created: string;
  readonly updated: string;
}

/** Checkpoints are written often and read seldom: speed before size. */
const compressionLevel = 1;

export function writeCheckpoint(
  connection: Connection,
  key: string,
  checkpoint: CheckpointInput,
  now: string,
): void {
  const place = 'save checkpoint';
  checkName(key, place);
  checkParameters(checkpoint.parameters, place);
  const blobs = encodeArrays(checkpoint.arrays, `checkpoint "${key}"`, compressionLevel);
  const row = {
    key,
    parameters: canonicalJson(checkpoint.parameters),
    dataset_hash: checkpoint.datasetHash,
    code_version: checkpoint.codeVersion,
    meta: toPlainJson(checkpoint.meta, 'meta'),
    now,
  };
  connection.write(() => {
    connection
      .sql(
        `INSERT INTO checkpoints (key, parameters, dataset_hash, code_version, meta, created, updated)
         VALUES (@key, @parameters, @dataset_hash, @code_version, @meta, @now, @now)
         ON CONFLICT (key) DO UPDATE SET parameters = @parameters, dataset_hash = @dataset_hash,
           code_version = @code_version, meta = @meta, updated = @now`,
      )
      .run(row);
    writeArrays(connection, checkpointArrays, key, blobs);
  });
}

/** The checkpoint under `key`, or undefined if there is none. */
export function readCheckpoint(connection: Connection, key: string): Checkpoint | undefined {
  return connection.read(() => {
    const row = connection.sql<CheckpointRow>('SELECT * FROM checkpoints WHERE key = ?').get(key);
    if (row === undefined) return undefined;
    return {
      ...toCheckpointSummary(row),
      arrays: readArrays(connection, checkpointArrays, key, `checkpoint "${key}"`),
      meta: readJson(row.meta, `checkpoint "${key}", meta`) as Checkpoint['meta'],
    };
  });
}

export function listCheckpoints(connection: Connection): CheckpointSummary[] {
  const columns = 'key, parameters, dataset_hash, code_version, created, updated';
  const rows = connection.read(() =>
    connection.sql<CheckpointRow>(`SELECT ${columns} FROM checkpoints ORDER BY created, key`).all(),
  );
  return rows.map((row) => toCheckpointSummary(row));
}

function toCheckpointSummary(row: CheckpointRow): CheckpointSummary {
  return {
    key: row.key,
    parameters: readParameters(row.parameters, `checkpoint "${row.key}", parameters`),
    datasetHash: row.dataset_hash,
    codeVersion: row.code_version,
    created: row.created,
    updated: row.updated,
  };
}
