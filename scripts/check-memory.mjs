/**
 * Checks that a long-lived process keeps no memory of networks it has finished with: builds, trains and disposes 1000 networks
 * one after another, and compares the resident memory after the first 200 (the heap has its size then) with that at the end.
 * `node scripts/check-memory.mjs [--networks 1000] [--threads 2]`; needs a build. Exits with 1 where it grew by more than 50 MB.
 */
import { parseArgs } from 'node:util';
import { LC_SNN } from '../dist/index.js';

const { values } = parseArgs({
  options: { networks: { type: 'string', default: '1000' }, threads: { type: 'string', default: '1' } },
});
const count = Number(values.networks);
const threads = Number(values.threads);
const warmUp = 200;
const allowed = 50;
if (!Number.isInteger(count) || count <= warmUp)
  throw new Error(`--networks: expected a whole number above ${warmUp}`);

const megabytes = () => process.memoryUsage().rss / 2 ** 20;

let before = 0;
for (let i = 1; i <= count; i++) {
  const network = new LC_SNN({ nFilters: 25, timeMax: 20, seed: i, dataset: 'mnist-10k', threads });
  await network.train({ nIter: 2 });
  network.dispose();
  if (i === warmUp) before = megabytes();
}
const after = megabytes();
console.log(
  `${count} networks, ${threads} threads: ${before.toFixed(0)} MB after ${warmUp}, ${after.toFixed(0)} MB at the end (at most ${allowed} MB more)`,
);
if (after - before > allowed) process.exitCode = 1;
