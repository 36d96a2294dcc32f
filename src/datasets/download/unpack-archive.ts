/** Takes the named files, and nothing else, out of a tar archive. */
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { corruptData } from '../data-error.js';

/** Remarks of tar about entries that are passed over. */
const harmless = new Set(['TAR_ENTRY_INFO', 'TAR_ENTRY_UNSUPPORTED']);

/**
 * Unpacks the files with these names, whatever folder of the archive they lie in, into `folder`, which has to exist.
 * Gzip is recognised. Errors: `DATA_CORRUPT` where one of them is missing or the archive is damaged; those of the disk, as they come.
 */
export async function unpackArchive(
  archive: string,
  names: readonly string[],
  folder: string,
): Promise<void> {
  const wanted = new Set(names);
  const problems: Error[] = [];
  const tar = await import('tar');
  await tar
    .extract({
      file: archive,
      cwd: folder,
      filter: (path, entry) => 'type' in entry && entry.type === 'File' && wanted.has(posix.basename(path)),
      onReadEntry: (entry) => {
        entry.path = posix.basename(entry.path);
      },
      // What tar calls a warning may be a file that is not whole.
      onwarn: (code, message, data) => {
        if (!harmless.has(code)) problems.push(data instanceof Error ? data : new Error(message));
      },
    })
    .catch((error: Error) => problems.push(error));
  const [problem] = problems;
  if (problem && 'syscall' in problem) throw problem;
  if (problem) throw corruptData(archive, 'a whole tar archive', problem.message, problem);
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (!found)
      throw corruptData(archive, `an archive that holds ${names.join(', ')}`, `one without ${name}`);
  }
}
