/** All commands, in the order in which the help shows them: a new one is a file here and a line below. */
import type { Command } from '../command.js';
import { ann } from './ann.js';
import { bench } from './bench.js';
import { calibrate } from './calibrate.js';
import { clean } from './clean.js';
import { convert } from './convert.js';
import { data } from './data.js';
import { feed } from './feed.js';
import { figure } from './figure.js';
import { gpu } from './gpu.js';
import { grid } from './grid.js';
import { importNetworks } from './import.js';
import { ls } from './ls.js';
import { nnmf } from './nnmf.js';
import { rename } from './rename.js';
import { repl } from './repl.js';
import { report } from './report.js';
import { reproduce } from './reproduce.js';
import { rm } from './rm.js';
import { sbs } from './sbs.js';
import { score } from './score.js';
import { show } from './show.js';
import { start } from './start.js';
import { train } from './train.js';

export const commands: readonly Command[] = [
  start,
  train,
  calibrate,
  score,
  feed,
  ls,
  show,
  rename,
  rm,
  clean,
  figure,
  report,
  reproduce,
  grid,
  nnmf,
  sbs,
  ann,
  convert,
  importNetworks,
  data,
  bench,
  gpu,
  repl,
];
