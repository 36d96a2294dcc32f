/** Runs `locus rm`. */
import { createInterface } from 'node:readline/promises';
import { deleteNetwork, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { UsageError } from '../usage-error.js';

export interface RmArguments {
  readonly names: readonly string[];
  readonly yes?: boolean;
  readonly db?: string;
}

export async function runRm(
  { names, yes, db }: RmArguments,
  context: CommandContext,
): Promise<number | void> {
  // A name that means nothing is found before anything is deleted.
  const found = [...new Set(names.map((name) => viewNetwork(name, { database: db }).row.name))];
  if (!yes && !(await agrees(found, context))) {
    context.note('Nothing was deleted.');
    return 1;
  }
  for (const name of found) deleteNetwork(name, { database: db });
  context.report({ deleted: found }, () => found.map((name) => `Deleted ${name}`).join('\n'));
}

async function agrees(names: readonly string[], context: CommandContext): Promise<boolean> {
  if (!context.isInteractive) {
    throw new UsageError('rm: expected --yes, as there is no terminal to ask on');
  }
  const { stdin: input, stderr: output } = context.io;
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question(`Delete ${names.join(', ')} for good? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
