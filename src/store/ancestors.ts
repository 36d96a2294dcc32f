/** The networks that a stored one goes back to. */
import type { Connection } from './connection.js';

export interface Ancestor {
  readonly name: string;
  /** Whether it is still in the database; what follows is null otherwise. */
  readonly isStored: boolean;
  /** ISO 8601. */
  readonly created: string | null;
  /** Images that it was trained on, null also for networks that do not count them. */
  readonly nIter: number | null;
}

interface AncestorRow {
  readonly id: number;
  readonly name: string;
  readonly created: string;
  readonly n_iter: number | null;
  readonly parent: string | null;
}

/** The parent of a network, the parent's parent, and so on, up to the first that is not stored. */
export function listAncestors(connection: Connection, id: number): Ancestor[] {
  const columns = 'id, name, created, n_iter, parent';
  const byId = connection.sql<AncestorRow>(`SELECT ${columns} FROM networks WHERE id = ?`);
  const byName = connection.sql<AncestorRow>(
    `SELECT ${columns} FROM networks WHERE name = @name OR id = (SELECT network FROM aliases WHERE alias = @name)
     ORDER BY name = @name DESC LIMIT 1`,
  );
  const ancestors: Ancestor[] = [];
  // Other programs may have written a circle.
  const seen = new Set<number>([id]);
  for (let name = byId.get(id)?.parent ?? null; name !== null; ) {
    const row = byName.get({ name });
    if (row && seen.has(row.id)) break;
    ancestors.push({
      name: row?.name ?? name,
      isStored: row !== undefined,
      created: row?.created ?? null,
      nIter: row?.n_iter ?? null,
    });
    if (!row) break;
    seen.add(row.id);
    name = row.parent;
  }
  return ancestors;
}
