/**
 * Files on their way: what has arrived of a download is kept under a hidden name, so that another run can go on with it,
 * and is claimed by renaming, so that two processes never write to the same one.
 */
import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

let claims = 0;

/** What has arrived of one file from one address (different mirrors may send different bytes). */
export class PartialFile {
  readonly #idlePath: string;

  private constructor(
    /** Where to write, until the file is released or moved. */
    readonly path: string,
    idlePath: string,
  ) {
    this.#idlePath = idlePath;
  }

  /** Takes over what an ended run left of this file, or starts with nothing. */
  static async claim(folder: string, name: string, url: string): Promise<PartialFile> {
    const idleName = `${prefix(name)}${createHash('sha256').update(url).digest('hex').slice(0, 8)}.partial`;
    const claimed = new PartialFile(
      join(folder, `${idleName}-${process.pid}-${++claims}`),
      join(folder, idleName),
    );
    for (const left of await readdir(folder)) {
      if (!left.startsWith(idleName) || isHeld(left.slice(idleName.length))) continue;
      // Of two processes that see the same file only one can rename it; the other looks further.
      const taken = await rename(join(folder, left), claimed.path).then(
        () => true,
        () => false,
      );
      if (taken) break;
    }
    return claimed;
  }

  /** Bytes that have arrived. */
  async size(): Promise<number> {
    const found = await stat(this.path).catch(() => undefined);
    return found?.size ?? 0;
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Leaves what has arrived for another run. */
  async release(): Promise<void> {
    if ((await this.size()) > 0) await rename(this.path, this.#idlePath);
    else await this.discard();
  }
}

/** Removes what ended runs left of a file, from whichever address. */
export async function discardLeftovers(folder: string, name: string): Promise<void> {
  for (const left of await readdir(folder)) {
    if (!left.startsWith(prefix(name))) continue;
    const owner = /^[0-9a-f]{8}\.partial(-\d+-\d+)?$/.exec(left.slice(prefix(name).length));
    if (owner && !isHeld(owner[1])) await rm(join(folder, left), { force: true });
  }
}

function prefix(name: string): string {
  return `.${name}.`;
}

/** Whether the end of a name, `-pid-number` or nothing, is the claim of a process that is still there. */
function isHeld(suffix = ''): boolean {
  const pid = Number(/^-(\d+)-\d+$/.exec(suffix)?.[1]);
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
