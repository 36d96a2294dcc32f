/** Puts a fetched file in its place, without ever losing one that was there. */
import { createHash } from 'node:crypto';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { locateFiles, readDataFile } from '../data-files.js';

/** sha-256 of the content of a data file, uncompressed; nothing where it cannot be read or unpacked. */
export async function contentHash(path: string): Promise<string | undefined> {
  const content = await readDataFile(path).catch(() => undefined);
  return content && createHash('sha256').update(content).digest('hex');
}

/**
 * Moves the file at `from` into `folder` as `name`, or `name.gz` where `gzipped`. What was there under either name is kept
 * beside it under a new one: the result says under which.
 */
export async function installFile(
  from: string,
  folder: string,
  name: string,
  gzipped: boolean,
): Promise<{ path: string; kept: string[] }> {
  const kept: string[] = [];
  for (;;) {
    const former = (await locateFiles([name], [folder])).paths.get(name);
    if (former === undefined) break;
    const aside = await freePath(former);
    await rename(former, aside);
    kept.push(aside);
  }
  const path = join(folder, gzipped ? `${name}.gz` : name);
  await rename(from, path);
  return { path, kept };
}

async function freePath(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = `${path}.old-${number}`;
    const free = await access(candidate).then(
      () => false,
      () => true,
    );
    if (free) return candidate;
  }
}
