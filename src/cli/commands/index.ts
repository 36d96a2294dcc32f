/** All commands, in the order in which the help shows them: a new one is a file here and a line below; kinds bring their own. */
import { type KindCommands, listKinds } from '../../kinds/registry.js';
import type { Command } from '../command.js';
import { bench } from './bench.js';
import { calibrate } from './calibrate.js';
import { clean } from './clean.js';
import { data } from './data.js';
import { diff } from './diff.js';
import { feed } from './feed.js';
import { figure } from './figure.js';
import { gpu } from './gpu.js';
import { grid } from './grid.js';
import { importNetworks } from './import.js';
import { ls } from './ls.js';
import { models } from './models.js';
import { rename } from './rename.js';
import { repl } from './repl.js';
import { report } from './report.js';
import { reproduce } from './reproduce.js';
import { rm } from './rm.js';
import { score } from './score.js';
import { show } from './show.js';
import { start } from './start.js';
import { trainFamily } from './train.js';

export async function listCommands(): Promise<readonly Command[]> {
  const ofKinds = await Promise.all(
    listKinds().map(async ({ commands }): Promise<KindCommands> => (await commands?.()) ?? {}),
  );
  const training = ofKinds.flatMap(({ train = [] }) => train);
  return [
    start,
    trainFamily(training),
    calibrate,
    score,
    feed,
    ls,
    show,
    diff,
    rename,
    rm,
    clean,
    figure,
    report,
    reproduce,
    grid,
    ...ofKinds.flatMap(({ others = [] }) => others),
    importNetworks,
    data,
    models,
    bench,
    gpu,
    repl,
  ];
}
