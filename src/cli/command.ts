/** What a command is: data that the parser, the help and the tests read, and one lazy import that does the work. */
import type { Options } from 'yargs';
import type { CommandContext } from './context.js';

/** Names that the help gives after a description, and that are known only once a registry is loaded. */
interface Listing {
  readonly listing?: () => Promise<string>;
}

/** An option whose value reaches the run function as `T` (with undefined where it may be left out). */
export interface CommandOption<T = unknown> extends Options, Listing {
  /** From the text (a list: texts; a flag: true or false) to the value. @throws UsageError */
  readonly coerce: (given: unknown) => T;
  /** The name that it had in the version before. */
  readonly formerly?: string;
}

/** A word of the command line that is no option: `feed <name>`. */
export interface Positional extends Listing {
  readonly describe: string;
  /** Whether it takes all words that follow: `rm <names..>`. */
  readonly many?: boolean;
}

/** What every command understands. */
export interface GlobalArguments {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** A line of the examples in the help: the words after `locus`, and what they do. */
export type Example = readonly [words: string, describe: string];

/** One that does something, or a family of others (`data ls`, `data download`). */
export type Command = Leaf | Family;

export interface Leaf {
  readonly kind: 'leaf';
  /** As yargs writes it: `rm <names..>`. */
  readonly usage: string;
  /** The word that it had in the version before. */
  readonly formerly?: string;
  readonly describe: string;
  readonly examples: readonly Example[];
  readonly positionals: Readonly<Record<string, Positional>>;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Options that are known only once a registry is loaded. */
  readonly moreOptions?: () => Promise<Readonly<Record<string, CommandOption>>>;
  /** Ctrl-C aborts `context.signal` instead of ending the process; the command stops in good order. */
  readonly interruptible: boolean;
  /** The exit code, 0 if it gives none. */
  readonly run: (args: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<number | void>;
}

export interface Family {
  readonly kind: 'family';
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly Example[];
  readonly commands: readonly Leaf[];
}

/** `n-iter` → `nIter` */
type CamelCase<Name> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;
/** The values of options and positionals; nothing where a command declares none. */
type OptionValues<O> = string extends keyof O
  ? unknown
  : {
      readonly [Name in keyof O as CamelCase<Name> & string]: O[Name] extends CommandOption<infer T>
        ? T
        : never;
    };
type PositionalValues<P> = string extends keyof P
  ? unknown
  : {
      readonly [Name in keyof P as CamelCase<Name> & string]: P[Name] extends { readonly many: true }
        ? readonly string[]
        : string;
    };

/** Declares a command; the arguments of `run` have the types of its options and positionals. */
export function defineCommand<
  const P extends Readonly<Record<string, Positional>>,
  const O extends Readonly<Record<string, CommandOption>>,
>(command: {
  readonly usage: string;
  readonly formerly?: string;
  readonly describe: string;
  readonly examples: readonly Example[];
  readonly positionals?: P;
  readonly options?: O;
  readonly moreOptions?: Leaf['moreOptions'];
  readonly interruptible?: boolean;
  readonly run: (
    args: OptionValues<O> & PositionalValues<P> & GlobalArguments,
    context: CommandContext,
  ) => Promise<number | void>;
}): Leaf {
  return {
    kind: 'leaf',
    positionals: {},
    options: {},
    interruptible: false,
    ...command,
    run: command.run as unknown as Leaf['run'],
  };
}

/** Declares a family of commands; each is run by its own. */
export function defineFamily(family: Omit<Family, 'kind'>): Family {
  return { kind: 'family', ...family };
}

/** The words by which a command is called: `rm` of `rm <names..>`. */
export function commandWord({ usage }: Pick<Leaf, 'usage'>): string {
  return usage.split(' ', 1)[0];
}
