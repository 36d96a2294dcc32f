/** The command that trains a network of some kind: what the life cycle takes, and the body that all kinds share. */
import { type CommandOption, defineCommand, type Example, type Leaf, type Positional } from './command.js';
import type { CommandContext } from './context.js';
import { databaseOption, flagOption, textOption, whereGroup } from './options.js';

const where = { group: whereGroup };

/** The name that a network is stored under. */
export const nameOptions = {
  name: textOption('name to store the network under', {
    ...where,
    defaultDescription: 'the hash of its parameters and history',
  }),
  overwrite: flagOption('replace the network that has this name, whatever it is', where),
} as const;

const lifecycleOptions = {
  resume: flagOption('go on where the same command was interrupted', { group: 'Training:' }),
  ...nameOptions,
  ...databaseOption,
} as const;

export interface TrainCommandParts {
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly Example[];
  readonly positionals?: Readonly<Record<string, Positional>>;
  /** The kind's own options; those of the life cycle (name, overwrite, resume, db) are added. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The type of the network. */
  readonly type: string;
}

/** A command whose options and positionals are the options of the kind's `begin`, in camelCase. */
export function defineTrainCommand({ type, options, positionals = {}, ...parts }: TrainCommandParts): Leaf {
  const own = [...Object.keys(options), ...Object.keys(positionals)].map(toCamelCase);
  return defineCommand({
    ...parts,
    positionals,
    options: { ...options, ...lifecycleOptions },
    interruptible: true,
    run: async (args, context: CommandContext) => {
      const given: Readonly<Record<string, unknown>> = { ...args };
      const chosen = own.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
      const { runTraining } = await import('./run/train.js');
      await runTraining(type, Object.fromEntries(chosen), args, context);
    },
  });
}

function toCamelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
