/** What the commands that work on a stored network take. */
import type { SnnOptions } from '../../models/index.js';

export interface StoredNetworkArguments {
  readonly name: string;
  readonly db?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
}

/** The options under their names in the API. */
export function networkOptionsFrom({
  db,
  dataDir,
  engine,
  threads,
}: Omit<StoredNetworkArguments, 'name'>): SnnOptions {
  return { database: db, dataDir, engine, threads };
}
