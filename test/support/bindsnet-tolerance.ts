/** How closely the runs of BindsNET can be repeated in float32. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Largest difference relative to the largest magnitude of an array, from the table that comes with the runs; 0: every bit. */
export function readTolerance(folder: string): number {
  const rows = readFileSync(join(folder, '../README.md'), 'utf8').split('\n');
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  return Number(cells.find((row) => row[1] === basename(folder))?.[5]);
}
