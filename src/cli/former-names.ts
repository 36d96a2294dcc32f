/** Names that commands and options had in the version before: they work for one version more, with a note. */
import { describeRenaming } from '../options.js';
import { type Command, commandWord, type Leaf } from './command.js';

export interface CurrentWords {
  readonly words: readonly string[];
  /** A sentence for every name that was replaced. */
  readonly notes: readonly string[];
}

/** The words of a command line with present names in the place of former ones. */
export function replaceFormerNames(words: readonly string[], commands: readonly Command[]): CurrentWords {
  const notes: string[] = [];
  const replace = (former: string, present: string) => {
    notes.push(describeRenaming(former, present));
    return present;
  };
  const [first, second, ...rest] = words;
  const command = commands.find((each) => commandWord(each) === first);
  if (command === undefined) return { words, notes };
  if (command.kind === 'leaf')
    return { words: [first, ...replaceOptions(words.slice(1), command, replace)], notes };
  const leaf = command.commands.find((each) => commandWord(each) === second || each.formerly === second);
  if (leaf === undefined) return { words, notes };
  const word = commandWord(leaf);
  if (word !== second) replace(`${first} ${second}`, `${first} ${word}`);
  return { words: [first, word, ...replaceOptions(rest, leaf, replace)], notes };
}

function replaceOptions(
  words: readonly string[],
  { options }: Leaf,
  replace: (former: string, present: string) => string,
): string[] {
  const present = new Map(
    Object.entries(options).flatMap(([name, { formerly }]) => (formerly ? [[formerly, name] as const] : [])),
  );
  return words.map((word) => {
    const [, no = '', former, value = ''] = /^--(no-)?([^=]+)(=.*)?$/.exec(word) ?? [];
    const name = former === undefined ? undefined : present.get(former);
    return name === undefined ? word : `${replace(`--${no}${former}`, `--${no}${name}`)}${value}`;
  });
}
