/** From the words of a command line to a command with its arguments, or to the help that was asked for. */
import yargs, { type Argv, type Options } from 'yargs';
import { suggestName } from '../errors.js';
import { version } from '../version.js';
import { type Command, commandWord, type Example, type Family, type Leaf } from './command.js';
import { flagOption, whereGroup } from './options.js';
import { UsageError } from './usage-error.js';

export type CommandLine =
  | { readonly kind: 'run'; readonly command: Leaf; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'show'; readonly text: string };

const ownGroup = 'Options:';
const everywhere = 'Everywhere:';

const globalOptions = {
  json: flagOption('one JSON document on stdout, nothing else', { group: everywhere }),
  quiet: flagOption('no progress and no remarks', { group: everywhere }),
  debug: flagOption('show where an error comes from (also LOCUS_DEBUG=1)', { group: everywhere }),
} as const;

const everywhereNames = ['help', 'version', ...Object.keys(globalOptions)];

/** Longer lines are hard to read. */
const maxColumns = 110;

/** Options whose value may begin with a dash and a letter: `--sort -lc`. */
const dashValued = new Set(['--sort']);

/** What yargs says, in our words. */
const ownWords = {
  'Not enough arguments following: %s': 'expected a value after --%s',
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'expected more words: got %s, need at least %s',
    other: 'expected more words: got %s, need at least %s',
  },
};

/** @throws UsageError for what no command understands, with the nearest name it could have meant */
export function parseCommandLine(
  words: readonly string[],
  commands: readonly Command[],
  columns: number,
): CommandLine {
  let parsed: CommandLine | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    // Handlers of a family run after those of its commands: the first failure is the one that matters.
    failure ??= error;
  };
  const choose = (command: Leaf, path: readonly string[]) => (args: Record<string, unknown>) => {
    const problem = findStranger(args, [...Object.keys(command.options), ...positionalNames(command)], path);
    if (problem) fail(problem);
    parsed ??= { kind: 'run', command, args };
  };

  const parser = yargs()
    .scriptName('locus')
    .locale('en')
    .usage('$0 <command>\n\nUnsupervised, locally connected spiking neural networks.')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': true,
    })
    .wrap(Math.max(60, Math.min(columns, maxColumns)))
    .help('help', 'show this help')
    .version(version)
    .describe('version', 'show the version')
    .updateStrings(ownWords as unknown as Record<string, string>)
    .exitProcess(false)
    .fail((message, error) => fail(isYargsError(error) ? new UsageError(message) : error));
  for (const group of groupsInOrder(commands)) parser.group([], group);
  parser.options(nameErrors(globalOptions)).group(everywhereNames, everywhere);
  for (const command of commands) addCommand(parser, command, [], { choose, fail, columns });
  addFallback(parser, commands, [], fail);
  parser.epilogue('locus <command> --help shows what a command understands, with examples.');

  let shown = '';
  parser.parseSync(
    words.length === 0 ? ['--help'] : joinDashValues(words),
    {},
    (error: Error | undefined, args: Record<string, unknown>, output: string) => {
      if (error) fail(isYargsError(error) ? new UsageError(error.message) : error);
      shown = output;
      // Asked for help, yargs runs no handler: of an unknown command it shows the help of the level above.
      const stranger = shown && findUnknownCommand(args._ as string[], commands);
      if (stranger) fail(stranger);
    },
  );
  if (failure) throw failure;
  if (shown) return { kind: 'show', text: shown };
  if (!parsed) throw new UsageError('expected a command');
  return parsed;
}

/** yargs shows groups in the order in which it first hears of them: what is special comes first, what is common last. */
function groupsInOrder(commands: readonly Command[]): string[] {
  const leaves = commands.flatMap((command) => (command.kind === 'family' ? command.commands : [command]));
  const groups = leaves.flatMap(({ options }) =>
    Object.values(options).map(({ group }) => group ?? ownGroup),
  );
  const special = groups.filter((group) => group !== ownGroup && group !== whereGroup);
  return [...new Set([...special, ownGroup, whereGroup])];
}

/** yargs says of what it finds wrong itself, and of what a coercion throws, that it is a `YError`. */
function isYargsError(error: Error | undefined): boolean {
  return error === undefined || error.name === 'YError';
}

interface Receiver {
  /** The handler of a command. */
  readonly choose: (command: Leaf, path: readonly string[]) => (args: Record<string, unknown>) => void;
  readonly fail: (error: Error) => void;
  readonly columns: number;
}

function addCommand(parser: Argv, command: Command, path: readonly string[], receiver: Receiver): void {
  const ownPath = [...path, commandWord(command)];
  parser.command(
    command.usage,
    command.describe,
    (own: Argv, isHelp?: boolean) => {
      if (isHelp) {
        own.usage(`$0 ${[...path, command.usage].join(' ')}\n\n${command.describe}`);
        own.epilogue(formatExamples(command.examples, receiver.columns));
      }
      if (command.kind === 'family') {
        for (const child of command.commands) addCommand(own, child, ownPath, receiver);
        addFallback(own, command.commands, ownPath, receiver.fail);
        return;
      }
      for (const [name, { describe }] of Object.entries(command.positionals))
        own.positional(name, { describe, type: 'string' });
      own.options(nameErrors(command.options));
      // yargs lays out the help of every command that it runs; what is hidden takes no time there.
      if (!isHelp) for (const name of [...Object.keys(command.options), ...everywhereNames]) own.hide(name);
    },
    command.kind === 'leaf' ? receiver.choose(command, ownPath) : () => {},
  );
}

/** What happens where no command of a level matches: the nearest one is suggested. */
function addFallback(
  parser: Argv,
  commands: readonly (Leaf | Family)[],
  path: readonly string[],
  fail: Receiver['fail'],
): void {
  parser.command(
    '$0',
    false,
    () => {},
    (args: Record<string, unknown>) => {
      const known = commands.map(commandWord);
      const problem = findStranger(args, [], [...path, ...known]);
      const expectation = `${[...path, 'expected'].join(' ')} one of the commands ${known.join(', ')}`;
      const words = (args._ as string[]).slice(path.length);
      fail(findUnknownCommand(words, commands) ?? problem ?? new UsageError(expectation));
    },
  );
}

/** The first of `words` that no command has where one is expected. */
function findUnknownCommand(
  [word, ...others]: readonly string[],
  commands: readonly Command[],
): UsageError | undefined {
  if (word === undefined) return undefined;
  const command = commands.find((each) => commandWord(each) === word);
  if (command?.kind === 'family') return findUnknownCommand(others, command.commands);
  if (command) return undefined;
  return new UsageError(`unknown command "${word}".${suggestName(word, commands.map(commandWord))}`);
}

/** The first option or word that the command does not know. */
function findStranger(
  args: Record<string, unknown>,
  ownNames: readonly string[],
  path: readonly string[],
): UsageError | undefined {
  const known = [...ownNames, ...everywhereNames];
  const folded = new Set(['_', '$0', ...known].map(fold));
  const stranger = Object.keys(args).find((name) => !folded.has(fold(name)));
  if (stranger !== undefined) {
    const option = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);
    return new UsageError(
      `unknown option ${option(stranger)}.${suggestName(
        stranger,
        known.filter((name) => name !== '_'),
      ).replace('"', '"--')}`,
    );
  }
  const extra = (args._ as string[])[path.length];
  return extra === undefined ? undefined : new UsageError(`unexpected argument "${extra}"`);
}

/** yargs gives every option in kebab-case and in camelCase. */
function fold(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}

function positionalNames({ positionals }: Leaf): string[] {
  return Object.keys(positionals);
}

/** The options for yargs, with their name in front of what their values are blamed for. */
function nameErrors(options: Leaf['options']): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]): [string, Options] => [
      name,
      {
        group: ownGroup,
        ...option,
        coerce: (given: unknown) => {
          try {
            return option.coerce(given);
          } catch (error) {
            throw error instanceof UsageError ? new UsageError(`--${name}: ${error.message}`) : error;
          }
        },
      },
    ]),
  );
}

/** Joins an option and a value that begins with a dash, which would else be taken for an option: `--c-w -127`, `--sort -lc`. */
function joinDashValues(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const isDashValue = /^-[^-]/.test(word) && (dashValued.has(last ?? '') || !Number.isNaN(Number(word)));
    if (last !== undefined && /^--[^=]+$/.test(last) && isDashValue)
      joined[joined.length - 1] = `${last}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** Beside each other where there is room, else below each other; ready to be copied. */
function formatExamples(examples: readonly Example[], columns: number): string {
  const width = Math.max(...examples.map(([words]) => words.length));
  const fits = examples.every(([, describe]) => width + describe.length + 15 < Math.min(columns, maxColumns));
  const lines = examples.map(([words, describe]) =>
    fits ? `  locus ${words.padEnd(width)}  # ${describe}` : `  # ${describe}\n  locus ${words}`,
  );
  return ['Examples:', ...lines].join('\n');
}
