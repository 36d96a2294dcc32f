/** Warnings of the library: of the process in Node, on the console in a browser. */

const given = new Set<string>();

/** Warns once of the same. */
export function warnOnce(
  message: string,
  { type = 'LocusWarning', code }: { type?: string; code: string },
): void {
  if (given.has(message)) return;
  given.add(message);
  const { process } = globalThis as { process?: Partial<Pick<NodeJS.Process, 'emitWarning'>> };
  const { emitWarning } = process ?? {};
  if (emitWarning) emitWarning(message, { type, code });
  else console.warn(message);
}
