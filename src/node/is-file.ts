/** Whether a path leads to a file that can be read as one, and not to a folder or to nothing. */
import { statSync } from 'node:fs';

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
