/** What the commands that work on a stored network take. */
import { loadNetwork, type SnnOptions } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';
import { pickEngine } from '../../bench/pick-engine.js';

export interface StoredNetworkArguments {
  readonly name: string;
  readonly db?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly gpuBatch?: number;
}

/** The options with `auto` replaced by the engine that is fastest for evaluating so many images with this network. */
export async function chooseStoredEngine(
  args: StoredNetworkArguments,
  evaluation: number,
  context: CommandContext,
): Promise<SnnOptions> {
  const options = networkOptionsFrom(args);
  const engine = await pickEngine(
    args.engine,
    (candidate) => loadNetwork(args.name, { ...options, engine: candidate }),
    { training: 0, evaluation },
    context,
  );
  return { ...options, engine };
}

/** The options under their names in the API. */
export function networkOptionsFrom({
  db,
  dataDir,
  engine,
  threads,
  gpuBatch,
}: Omit<StoredNetworkArguments, 'name'>): SnnOptions {
  return { database: db, dataDir, engine, threads, gpuBatch };
}
