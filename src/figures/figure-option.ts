/** The options of a figure on the command line: what their values are, for the parser, the help and the documentation. */

/** A whole number, at least `least`. */
export interface CountOption {
  readonly type: 'count';
  readonly describe: string;
  readonly least: number;
  /** What holds where the option is left out, in words. */
  readonly fallback: string;
}

/** One of a few words. */
export interface ChoiceOption<Choice extends string = string> {
  readonly type: 'choice';
  readonly describe: string;
  readonly choices: readonly Choice[];
  readonly fallback: string;
}

export type FigureOption = CountOption | ChoiceOption;

/** By the names that the command line has for them. */
export type FigureOptionSet = Readonly<Record<string, FigureOption>>;

/** The values of a set of options; undefined where one was left out. */
export type OptionValues<Options extends FigureOptionSet> = {
  readonly [Name in keyof Options]?: Options[Name] extends ChoiceOption<infer Choice> ? Choice : number;
};

export function countOption(
  describe: string,
  { least = 0, fallback }: { least?: number; fallback: string },
): CountOption {
  return { type: 'count', describe, least, fallback };
}

export function choiceOption<const Choice extends string>(
  describe: string,
  choices: readonly Choice[],
  fallback: NoInfer<Choice>,
): ChoiceOption<Choice> {
  return { type: 'choice', describe, choices, fallback };
}

/** Which test image a figure shows. */
export const imageOptions = {
  label: countOption('a test image of this label', { fallback: '3' }),
  index: countOption('which of the test images of that label', { fallback: '0' }),
} as const;

/** How many test images a figure simulates. */
export function imagesOption(fallback: number) {
  return countOption('number of test images', { least: 1, fallback: String(fallback) });
}

/** Which layer a figure shows. */
export const layerOption = countOption('number of the layer', { fallback: '0' });
