/** Runs `locus rename`. */
import { renameNetwork, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';

export interface RenameArguments {
  readonly name: string;
  readonly newName: string;
  readonly db?: string;
}

export async function runRename(
  { name, newName, db }: RenameArguments,
  context: CommandContext,
): Promise<void> {
  const from = viewNetwork(name, { database: db }).row.name;
  renameNetwork(from, newName, { database: db });
  context.report({ from, to: newName }, () => `${from} is now called ${newName}`);
}
