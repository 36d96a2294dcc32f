/** Runs the training commands of all kinds: one network from its data to the database. */
import type { KindOptions } from '../../kinds/kind.js';
import type { LifecycleOptions } from '../../kinds/lifecycle.js';
import { trainWatched } from '../../kinds/train-network.js';
import type { CommandContext } from '../context.js';

export interface LifecycleArguments extends Pick<LifecycleOptions, 'name' | 'overwrite' | 'resume'> {
  readonly db?: string;
}

/** Trains, prints the result, and gives its lines. */
export async function runTraining(
  type: string,
  options: KindOptions,
  { name, overwrite, resume, db: database }: LifecycleArguments,
  context: CommandContext,
): Promise<readonly string[]> {
  const resumeHint = context.commandWith('--resume');
  const lifecycle = { database, name, overwrite, resume, resumeHint };
  const { report, lines } = await trainWatched(type, options, lifecycle, context);
  context.report(report, () => lines.join('\n'));
  return lines;
}
