/**
 * A process that saves a network under a name, to compete with another one:  `naming-process.ts DATABASE NAME`.  It stands still for a
 * second in the middle of its transaction, and says so.
 */
import '../../src/node/engines.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { holdAfter } from './hold-in-save.js';

const [database, name] = process.argv.slice(2);

holdAfter(/^\s*INSERT INTO networks/, 1, () => process.stdout.write('held\n'), 1000);
const network = new LC_SNN({ nFilters: 4, seed: 97, dataset: 'mnist-10k', database, threads: 1 });
network.rename(name);
process.stdout.write(`${network.save()}\n`);
network.dispose();
