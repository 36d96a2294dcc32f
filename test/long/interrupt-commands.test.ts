/** Ctrl-C in the middle of every command that takes long: code 130, a message that says what is kept, a database in order. */
import { EventEmitter } from 'node:events';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../../src/cli/commands/index.js';
import { type Command, commandWord } from '../../src/cli/command.js';
import { completeCommands } from '../../src/cli/complete-commands.js';
import { cleanDatabase } from '../../src/kinds/clean-database.js';
import { viewDatabase, withStore } from '../../src/store/index.js';
import { writeIdxFolder } from '../support/idx-files.js';
import { makeFolder } from '../support/make-folder.js';
import { sbsConfigText } from '../support/sbs-config.js';
import { runHere, startProgram } from '../cli/run-cli.js';

interface Trial {
  /** `FOLDER` stands for that of the test; `--db` follows. */
  readonly words: string;
  /** What is on stderr when Ctrl-C comes. Default: the first progress. */
  readonly when?: RegExp;
  /** What the command says at last. */
  readonly says: RegExp;
  /** Checkpoints that it leaves. Default: 0. */
  readonly checkpoints?: number;
  /** Whether the built program runs it, because its threads need one. */
  readonly built?: boolean;
}

const mnist = '--dataset mnist-10k --name interrupted';
const saved = /interrupted after .*, which are saved as a checkpoint\. To go on: locus .* --resume\n$/;
const asBefore = /interrupted.*is stored as it was before\. To go on: locus .*\n$/;
const nothing = /locus: .*interrupted[^\n]*\n$/;
const training = { says: saved, checkpoints: 1 };
const grid = { says: nothing, built: true };
const size = '--n-filters 4 --kernel-size 8';
const points =
  '--over mean_weight=0.3..0.5:0.005 --n-iter 50 --calibrate 50 --validate 50 --dataset mnist-10k --n-filters 4 --no-linear';

const trials: Readonly<Record<string, Trial>> = {
  start: {
    words: 'start --dataset mnist-10k',
    says: /which are saved as a checkpoint. To go on: locus start .*\n$/,
    checkpoints: 1,
  },
  'train lc': { words: `train lc ${size} --n-iter 3000 ${mnist}`, ...training },
  'train c': { words: `train c ${size} --n-iter 3000 ${mnist}`, ...training },
  'train fc': { words: `train fc --n-filters 4 --n-iter 3000 ${mnist}`, ...training },
  calibrate: { words: 'calibrate in-order --images 3000', says: asBefore },
  score: { words: 'score in-order --images 1500', says: asBefore },
  figure: {
    words: 'figure accuracy-by-top-n in-order --images 1500 --output FOLDER/figure.html',
    says: nothing,
  },
  'grid lc': { words: `grid lc ${points}`, ...grid },
  'grid c': { words: `grid c ${points}`, ...grid },
  'grid fc': { words: `grid fc ${points}`, ...grid },
  'nnmf train': { words: `nnmf train ${mnist} --iterations 2`, ...training },
  'nnmf score': { words: 'nnmf score 6a663c00', says: nothing },
  'sbs train': { words: 'sbs train FOLDER/net.json --data-dir FOLDER --name interrupted', ...training },
  'sbs score': {
    words: 'sbs score FOLDER/net.json --network sbs-from-files --data-dir FOLDER',
    says: nothing,
  },
  'ann train': { words: `ann train ${mnist}`, ...training },
  'ann score': { words: 'ann score relu', says: nothing },
  convert: { words: 'convert relu --name interrupted --duration 500', says: nothing },
  bench: { words: 'bench --models fc --images 500 --threads 1', when: /./, says: nothing },
};

/** Commands whose Ctrl-C is tried elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  reproduce: 'test/cli/experiments.test.ts',
  import: 'test/import/unusual-originals.test.ts',
  'data download': 'src/datasets/download/resume.test.ts',
};

/** Sends Ctrl-C at the moment of the trial. */
async function interrupt({ words, when = /\d+ of \d+/, built }: Trial, folder: string, db: string) {
  const all = [...words.replaceAll('FOLDER', folder).split(' '), '--db', db];
  let told = '';
  const listen = (stderr: NodeJS.ReadableStream, send: () => void) => {
    let isSent = false;
    stderr.on('data', (chunk: Buffer) => {
      told += String(chunk);
      if (isSent || !when.test(told)) return;
      isSent = true;
      send();
    });
  };
  if (built) {
    const child = startProgram(all);
    if (child.stderr) listen(child.stderr, () => child.kill('SIGINT'));
    const { code, stdout } = await child.finished;
    return { code, stdout, told };
  }
  const signals = new EventEmitter();
  const stderr = new PassThrough();
  listen(stderr, () => signals.emit('SIGINT'));
  const { code, stdout } = await runHere(all, { signals, stderr });
  return { code, stdout, told };
}

it('has a trial for every command that Ctrl-C lets stop in good order', async () => {
  const leaves = (command: Command, before: string): string[] => {
    const word = `${before}${commandWord(command)}`;
    if (command.kind === 'family') return command.commands.flatMap((each) => leaves(each, `${word} `));
    return command.interruptible ? [word] : [];
  };
  const commands = await completeCommands(await listCommands(), []);
  const tried = [...Object.keys(trials), ...Object.keys(elsewhere)];
  expect(commands.flatMap((command) => leaves(command, '')).sort()).toEqual(tried.sort());
  expect(Object.values(elsewhere).filter((file) => !existsSync(file))).toEqual([]);
});

describe.each(Object.entries(trials))('locus %s', (_, trial) => {
  it('stops with 130, says what is kept, and leaves the database in order', async () => {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    copyFileSync(resolve('test/fixtures/databases/version-1.db'), db);
    const paths = `weight_path: '${folder}/w', eps_xy_path: '${folder}/e', batch_size`;
    writeFileSync(join(folder, 'net.json'), sbsConfigText.replace('batch_size', paths));
    writeIdxFolder(folder, { nTrain: 600, nTest: 600, size: 28 });
    const before = viewDatabase({ database: db });
    const checkpoints = countCheckpoints(db);
    const { code, stdout, told } = await interrupt(trial, folder, db);
    const says: unknown = expect.stringMatching(trial.says);
    expect({ code, stdout, told }).toEqual({ code: 130, stdout: '', told: says });
    expect(viewDatabase({ database: db })).toEqual(before);
    expect(countCheckpoints(db) - checkpoints).toBe(trial.checkpoints ?? 0);
    expect(cleanDatabase({ path: db }).corrupt).toEqual([]);
  });
});

function countCheckpoints(db: string): number {
  return withStore(db, (store) => store.listCheckpoints().length);
}
