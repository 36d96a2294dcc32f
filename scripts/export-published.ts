/**
 * Makes `networks/published.db`, the networks that come with a fresh clone, from the results of `locus reproduce`: of each
 * row of the table the network with the best sum of voting and linear accuracy.
 *
 *     npx tsx scripts/export-published.ts [database]
 */
import { openStore, shippedDatabasePath } from '../src/store/index.js';

const store = openStore(process.argv[2]);
const best = new Map<string, { network: string; sum: number }>();
for (const { item, result, network } of store.listResults('reproduce')) {
  const row = /^row (?<row>\d+),/.exec(item)?.groups?.row;
  if (row === undefined || network === null) continue;
  const { scores } = result as { scores: Record<string, { accuracy: number }> };
  const voting = ['patch_voting', 'all_voting', 'spikes_first'].map(
    (method) => scores[method]?.accuracy ?? 0,
  );
  const sum = Math.max(...voting) + (scores.lc?.accuracy ?? 0);
  if (sum > (best.get(row)?.sum ?? 0)) best.set(row, { network, sum });
}
if (best.size < 12) throw new Error(`expected results of 12 rows in ${store.path}, got ${best.size}`);
const names = [...best.values()].map(({ network }) => network);
store.exportNetworks(names, shippedDatabasePath(), { overwrite: true });
console.log(`${names.length} networks in ${shippedDatabasePath()}`);
store.close();
