/** What a mutant is: one plausible mistake, and the tests that must notice it. */
export interface Mutant {
  /** Path of the source file from the root of the repository. */
  readonly file: string;
  /** The mistake in words. */
  readonly why: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Paths of the test files of the same room; one of them must fail. */
  readonly tests: readonly string[];
}

/** The mutant as the lines that it takes away and adds. */
export function formatDiff({ find, replace }: Mutant): string[] {
  return [...dedent(find).map((line) => `- ${line}`), ...dedent(replace).map((line) => `+ ${line}`)];
}

/** The lines of a piece of source text, which begins anywhere in its first line. */
function dedent(text: string): string[] {
  if (text.trim() === '') return [];
  const [first, ...others] = text.trim().split('\n');
  const indent = Math.min(...others.map((line) => line.search(/\S/)));
  return [first, ...others.map((line) => line.slice(indent))];
}
