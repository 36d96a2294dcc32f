/**
 * Trains the two standard networks on full MNIST with three seeds each and demands the accuracy that they are known to
 * reach: 10,000 calibration images, all 10,000 test images.  About two minutes on two cores; needs the MNIST files
 * (`../shared/data`, or the folder in LOCUS_DATA_DIR).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LC_SNN } from '../dist/index.js';

const shared = join(process.env.LOCUS_SHARED ?? '../shared', 'data');
const dataDir = process.env.LOCUS_DATA_DIR ?? (existsSync(shared) ? shared : 'data');
const networks = [
  { parameters: { nFilters: 25, meanWeight: 0.46, cW: -127 }, nIter: 4000, voting: 0.785, linear: 0.865 },
  { parameters: { nFilters: 100, meanWeight: 0.32, cW: -50 }, nIter: 5000, voting: 0.865, linear: 0.915 },
];

let failed = 0;
for (const { parameters, nIter, voting, linear } of networks) {
  for (const seed of [0, 1, 2]) {
    const network = new LC_SNN({ ...parameters, seed, dataset: 'mnist', dataDir });
    await network.train({ nIter });
    await network.calibrate();
    const score = await network.calculateAccuracy();
    network.dispose();
    const accuracy = (/** @type {keyof typeof score} */ method) => score[method]?.accuracy ?? 0;
    const best = Math.max(accuracy('patch_voting'), accuracy('all_voting'), accuracy('spikes_first'));
    const holds = best >= voting && accuracy('lc') >= linear;
    if (!holds) failed++;
    console.log(
      `${holds ? 'ok  ' : 'FAIL'} LC_SNN ${parameters.nFilters} filters, seed ${seed}: ` +
        `voting ${percent(best)} (at least ${percent(voting)}), linear ${percent(accuracy('lc'))} (at least ${percent(linear)})`,
    );
  }
}
console.log(`${6 - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(2)} %`;
}
