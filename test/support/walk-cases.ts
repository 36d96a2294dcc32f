/** Walks the folders of parity cases: what lies in the repository runs everywhere, what lies in `../shared` runs where that is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** A folder that holds one run of a reference program. */
export interface CaseFolder {
  /** The folder's name, with `shared/` before it where the repository does not hold it. */
  readonly name: string;
  readonly folder: string;
}

export interface FixtureRoots {
  /** Folder of the repository with a folder for each family. */
  readonly committed: string;
  /** Folder outside the repository that holds `fixtures/`; it may be absent. */
  readonly shared: string;
}

/** `../shared`, or where `LOCUS_SHARED` says. */
export const sharedFolder = resolve(process.env.LOCUS_SHARED || '../shared');

const defaultRoots: FixtureRoots = {
  committed: fileURLToPath(new URL('../fixtures/', import.meta.url)),
  shared: sharedFolder,
};

/**
 * Every folder of a family (`snn`, `nnmf`, …), by name; one that lies in both places with the same files is walked once.
 *
 * @param marker a file that tells a case from other folders, and makes the family's own folder one if it lies there;
 *   without a marker, every folder below it is a case
 * @throws Error if the shared folder is there and has no case of this family: its cases would never run
 */
export function walkCases(
  family: string,
  { marker, roots = defaultRoots }: { marker?: string; roots?: FixtureRoots } = {},
): CaseFolder[] {
  const committed = listFolders(join(roots.committed, family), marker);
  const familyFolder = join(roots.shared, 'fixtures', family);
  const shared = listFolders(familyFolder, marker);
  if (existsSync(roots.shared) && shared.length === 0) {
    const kind = marker === undefined ? 'folders' : `folders with ${marker}`;
    throw new Error(`${familyFolder}: expected ${kind}, as ${roots.shared} is there; found none`);
  }
  const isCommitted = (name: string) =>
    committed.includes(name) && haveSameFiles(join(familyFolder, name), join(roots.committed, family, name));
  return [
    ...committed.map((name) => ({ name, folder: join(roots.committed, family, name) })),
    ...shared
      .filter((name) => !isCommitted(name))
      .map((name) => ({
        name: `shared/${name === '.' ? family : name}`,
        folder: join(familyFolder, name),
      })),
  ];
}

/** `meta.json` of a case: its parameters. */
export function readMeta(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as unknown;
}

/**
 * A suite for every case. Where there is none, its tests are listed once and skipped, so that they are seen; `define` must
 * therefore read the case's files within tests only.
 */
export function describeCases<Case extends { readonly name: string }>(
  cases: readonly Case[],
  define: (of: Case) => void,
): void {
  const absent = { name: 'no case without ../shared' } as Case;
  describe.skipIf(cases.length === 0).each(cases.length === 0 ? [absent] : cases)('$name', (of) => {
    define(of);
  });
}

function listFolders(parent: string, marker: string | undefined): string[] {
  if (!existsSync(parent)) return [];
  const own = marker !== undefined && existsSync(join(parent, marker)) ? ['.'] : [];
  const below = readdirSync(parent, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && (marker === undefined || existsSync(join(parent, entry.name, marker))),
    )
    .map(({ name }) => name)
    .toSorted();
  return [...own, ...below];
}

function haveSameFiles(a: string, b: string): boolean {
  const [files, others] = [a, b].map((folder) => readdirSync(folder).toSorted());
  return (
    files.join('/') === others.join('/') &&
    files.every((file) => readFileSync(join(a, file)).equals(readFileSync(join(b, file))))
  );
}
