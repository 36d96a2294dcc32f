/**
 * A process that trains, to be killed:  `training-process.ts NAME FOLDER SEED [HOLD]`.  It goes on with the checkpoint that it finds,
 * and says on standard output what it begins with, what it is about to save and what it has committed.  With HOLD it stands still
 * in the middle of that checkpoint.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkStore } from '../../src/store/index.js';
import '../../src/node/engines.js';
import { holdAfter } from './hold-in-save.js';
import { type KilledName, runTraining, unitsOf } from './killed-training.js';

const [name, folder, seed, hold] = process.argv.slice(2);

const report = (line: unknown) => writeSync(1, `${JSON.stringify(line)}\n`);

// oxlint-disable-next-line typescript/unbound-method -- called with its store below
const { saveCheckpoint } = NetworkStore.prototype;
NetworkStore.prototype.saveCheckpoint = function (this: NetworkStore, key, checkpoint) {
  report({ saving: unitsOf(checkpoint) });
  saveCheckpoint.call(this, key, checkpoint);
  report({ saved: unitsOf(checkpoint) });
};
// Every checkpoint writes its row once; its arrays follow.
if (hold !== undefined) holdAfter(/^\s*INSERT INTO checkpoints/, Number(hold), () => report({ held: true }));

const database = join(folder, 'networks.db');
const { name: stored } = await runTraining(
  name as KilledName,
  { folder, database, seed: Number(seed) },
  (note) => {
    const resumed = /^Resuming after (\d+) |^There is no checkpoint of this training/.exec(note);
    if (resumed) report({ from: Number(resumed[1] ?? 0) });
  },
);
report({ stored });
