/**
 * A process that trains, to be killed:  `training-process.ts DATABASE SEED`.  It goes on with the checkpoint that it finds, saves one
 * after every few images, saves the network at the end, and says on standard output what it has committed.
 */
import { writeSync } from 'node:fs';
import '../../src/node/engines.js';
import { resumeTraining } from '../../src/kinds/snn/index.js';
import { buildKilledNetwork, killedTraining } from './killed-training.js';

const [database, seed] = process.argv.slice(2);

const report = (line: unknown) => writeSync(1, `${JSON.stringify(line)}\n`);

const fresh = buildKilledNetwork(Number(seed), database);
const target = await fresh.nameAfter(killedTraining);
const resumed = resumeTraining(target, { database, threads: 1 });
report({ from: resumed?.nIter ?? 0 });
// Progress is told after the images and before their checkpoint: what lies before the last one told is committed.
const onProgress = ({ done }: { done: number }) => report({ done });
const { checkpoint } = killedTraining;
if (resumed) await resumed.continueTraining({ checkpoint, onProgress });
else await fresh.train({ ...killedTraining, onProgress });
const network = resumed ?? fresh;
report({ saved: network.save(), stateHash: network.toRecord().stateHash });
