/** Where the REPL keeps its history. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_STATE_HOME/locus/history` where that is set, else `~/.locus_history`. */
export function historyPath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home = homedir(),
): string {
  const { XDG_STATE_HOME: state } = environment;
  return state ? join(state, 'locus', 'history') : join(home, '.locus_history');
}
