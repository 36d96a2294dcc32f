/** The command line: finds the command, runs it, and turns what happens into output and an exit code. */
import type { EventEmitter } from 'node:events';
import { LocusError } from '../errors.js';
import { type Command, commandWord } from './command.js';
import { listCommands } from './commands/index.js';
import { completeCommands } from './complete-commands.js';
import { replaceFormerNames } from './former-names.js';
import { CommandContext, type CommandIo } from './context.js';
import { type CommandLine, parseCommandLine } from './parse-command-line.js';
import { UsageError } from './usage-error.js';

export type { CommandIo } from './context.js';

export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs one command line.
 *
 * @param given the words after `locus`
 * @returns the exit code: 0; 1 after an error; 2 for a wrong command line; 130 after Ctrl-C
 */
export async function main(given: readonly string[], io: CommandIo): Promise<number> {
  const commands = await listCommands();
  const { words, notes } = replaceFormerNames(given, commands);
  if (!words.includes('--quiet')) for (const note of notes) io.stderr.write(`locus: ${note}\n`);
  try {
    const line = parseCommandLine(words, await completeCommands(commands, words), io.stdout.columns ?? 100);
    if (line.kind === 'show') {
      io.stdout.write(`${line.text}\n`);
      return exitCodes.success;
    }
    return await run(line, words, io);
  } catch (error) {
    return reportError(error, words, io, commands);
  }
}

async function run(
  { command, args }: CommandLine & { kind: 'run' },
  words: readonly string[],
  io: CommandIo,
): Promise<number> {
  const interruption = new AbortController();
  const context = new CommandContext(io, words, interruption.signal, args);
  const release = command.interruptible ? catchSignals(io, interruption, context) : () => {};
  try {
    if (args.journal !== undefined) {
      const { openStore } = await import('../store/index.js');
      // The file itself keeps it, whoever opens it later.
      openStore(args.db as string | undefined, { journal: args.journal as 'wal' | 'delete' }).close();
    }
    return (await command.run(args, context)) ?? exitCodes.success;
  } finally {
    release();
  }
}

/** The first Ctrl-C lets the command stop in good order, the second ends the process. */
function catchSignals(io: CommandIo, interruption: AbortController, context: CommandContext): () => void {
  const signals: EventEmitter = io.signals;
  const interrupt = () => {
    if (interruption.signal.aborted) io.exit(exitCodes.interrupted);
    else context.note('\nStopping … (Ctrl-C again ends at once)');
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) signals.on(signal, interrupt);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM']) signals.off(signal, interrupt);
  };
}

function reportError(
  error: unknown,
  words: readonly string[],
  io: CommandIo,
  commands: readonly Command[],
): number {
  const debug = words.includes('--debug') || !['', '0', undefined].includes(process.env.LOCUS_DEBUG);
  const write = (text: string) => io.stderr.write(`${text}\n`);
  if (error instanceof UsageError) {
    write(`locus: ${debug ? error.stack : error.message}`);
    write(`See ${helpFor(words, commands)}`);
    return exitCodes.usage;
  }
  if (error instanceof LocusError) {
    write(`locus: ${debug ? showWithCause(error) : error.message}`);
    return error.code === 'INTERRUPTED' ? exitCodes.interrupted : exitCodes.failure;
  }
  write(showWithCause(error));
  write('locus: this is a mistake in Locus; please report it with the lines above and the command line.');
  return exitCodes.failure;
}

/** The help that tells most of the command that was meant. */
function helpFor(words: readonly string[], commands: readonly Command[]): string {
  const command = commands.find((each) => commandWord(each) === words[0]);
  const path = command === undefined ? [] : [words[0]];
  if (command?.kind === 'family' && command.commands.some((each) => commandWord(each) === words[1])) {
    path.push(words[1]);
  }
  return ['locus', ...path, '--help'].join(' ');
}

function showWithCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${showWithCause(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
