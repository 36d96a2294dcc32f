/** Completes the command that is meant by what its registries know; the others stay as they are, so that the start stays short. */
import { type Command, commandWord, type Leaf } from './command.js';

/** The commands, with all options and names of those whose word is among `words`. */
export async function completeCommands(
  commands: readonly Command[],
  words: readonly string[],
): Promise<Command[]> {
  return Promise.all(
    commands.map(async (command) => (words.includes(commandWord(command)) ? complete(command) : command)),
  );
}

async function complete(command: Command): Promise<Command> {
  if (command.kind === 'leaf') return completeLeaf(command);
  return { ...command, commands: await Promise.all(command.commands.map(completeLeaf)) };
}

async function completeLeaf(leaf: Leaf): Promise<Leaf> {
  const options = { ...leaf.options, ...(await leaf.moreOptions?.()) };
  return { ...leaf, positionals: await addListings(leaf.positionals), options: await addListings(options) };
}

interface Described {
  readonly describe?: string;
  readonly listing?: () => Promise<string>;
}

/** Each with its listing after its description. */
async function addListings<T extends Described>(
  described: Readonly<Record<string, T>>,
): Promise<Record<string, T>> {
  const entries = Object.entries(described).map(async ([name, { listing, ...one }]) => {
    const describe = listing ? `${one.describe}: ${await listing()}` : one.describe;
    return [name, { ...one, describe } as unknown as T] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
