/**
 * Checks that a long-lived process keeps no memory of networks it has finished with: builds, trains and disposes 1000 networks
 * one after another, and compares the resident memory after the first 200 (the heap has its size then) with that at the end.
 * Then builds and trains 300 that stay alive at once, uses each of them again, and disposes them.
 * `node scripts/check-memory.mjs [--networks 1000] [--alive 300] [--threads 1]`; needs a build. Exits with 1 where memory grew by
 * more than 50 MB, or the networks that were alive took more than 8 MB each.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LC_SNN } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: '1000' },
    alive: { type: 'string', default: '300' },
    threads: { type: 'string', default: '1' },
  },
});
const [count, alive, threads] = [values.networks, values.alive, values.threads].map(Number);
const warmUp = 200;
const allowed = 50;
const allowedEach = 8;
if (!Number.isInteger(count) || count <= warmUp)
  throw new Error(`--networks: expected a whole number above ${warmUp}`);
if (!Number.isInteger(alive) || alive < 1) throw new Error('--alive: expected a whole number from 1');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const megabytes = () => {
  collectGarbage();
  return process.memoryUsage().rss / 2 ** 20;
};
/** @param {number} seed */
const train = async (seed) => {
  const network = new LC_SNN({ nFilters: 25, timeMax: 20, seed, dataset: 'mnist-10k', threads });
  await network.train({ nIter: 2 });
  return network;
};

let before = 0;
for (let i = 1; i <= count; i++) {
  (await train(i)).dispose();
  if (i === warmUp) before = megabytes();
}
const after = megabytes();
console.log(
  `${count} networks, ${threads} threads: ${before.toFixed(0)} MB after ${warmUp}, ${after.toFixed(0)} MB at the end (at most ${allowed} MB more)`,
);
if (after - before > allowed) process.exitCode = 1;

const networks = [];
for (let i = 1; i <= alive; i++) networks.push(await train(i));
const each = (megabytes() - after) / alive;
for (const network of networks) {
  await network.train({ nIter: 1 });
  if (network.nIter !== 3) throw new Error(`expected 3 images learned, got ${network.nIter}`);
  network.dispose();
}
console.log(
  `${alive} networks alive at once: ${each.toFixed(1)} MB each (at most ${allowedEach}), all learn on`,
);
if (each > allowedEach) process.exitCode = 1;
