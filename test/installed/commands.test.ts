/** Every command of the installed program: right calls, wrong ones, and those that serve until they are stopped. */
import { cpSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { publishStructure } from '../../src/kinds/nnmf/kind.js';
import { makeNnmfNetwork } from '../../src/kinds/nnmf/nnmf-network.js';
import { readNnmfOptions } from '../../src/kinds/nnmf/nnmf-record.js';
import { fashionFolder, hasFashion } from '../support/data-folders.js';
import { makeOriginal } from '../support/example-originals.js';
import { writeIdxFolder } from '../support/idx-files.js';
import { sbsConfigText } from '../support/sbs-config.js';
import { encodeStateDict } from '../support/state-dict-bytes.js';
import { writeOriginal } from '../support/write-original.js';
import { trials } from './command-trials.js';
import { locusProgram, makeWorkFolder, runLocus, start, waitFor } from './run-installed.js';

const folder = makeWorkFolder();
const run = (words: string) => runLocus(folder, words.split(' '));

beforeAll(() => {
  const place = (name: string) => join(folder, name);
  writeFileSync(place('package.txt'), 'neither a picture, nor a database, nor anything else\n');
  writeFileSync(place('net.json'), sbsConfigText);
  writeIdxFolder(place('own'), { nTrain: 60, nTest: 20, size: 28 });
  writeFileSync(
    place('net.pt'),
    encodeStateDict(makeNnmfNetwork(readNnmfOptions(publishStructure('mnist', {}))).network),
  );
  if (hasFashion) cpSync(fashionFolder, place('clothes/fashion-mnist'), { recursive: true });
});

/** The commands that a help lists: `train`, `rm`, …. */
async function listed(...path: string[]): Promise<string[]> {
  const { code, stdout } = await runLocus(folder, [...path, '--help']);
  expect(code).toBe(0);
  const commands = /\nCommands:\n([^]*?)\n\n/.exec(stdout)?.[1] ?? '';
  return [...commands.matchAll(/^ {2}locus (\S+(?: [a-z]\S*)?)/gm)].map(([, words]) => words);
}

describe('the help', () => {
  it('lists no command without a trial', async () => {
    const leaves: string[] = [];
    for (const command of await listed()) {
      const ofFamily = await listed(command);
      leaves.push(...(ofFamily.length > 0 ? ofFamily : [command]));
    }
    expect(leaves.toSorted()).toEqual(Object.keys(trials).toSorted());
  });
});

describe.each(Object.entries(trials))(
  'locus %s',
  (command, { right, code = 0, says, writes = [], wrong }) => {
    it.skipIf(command === 'data download' && !hasFashion)('does what it says', async () => {
      if (command === 'import') {
        cpSync(
          writeOriginal(makeOriginal('locallyConnected', { name: 'original' })),
          join(folder, 'original'),
          {
            recursive: true,
          },
        );
      }
      const ran = await run(right);
      expect(ran).toMatchObject({ code, stdout: expect.stringMatching(says) as string });
      for (const path of writes) expect(statSync(join(folder, path)).size).toBeGreaterThan(100);
    });

    it.each(wrong)('refuses %s with %i', async (words, expected, message) => {
      const { code: got, stderr } = await run(words);
      expect({ got, stderr }).toEqual({ got: expected, stderr: expect.stringMatching(message) as string });
    });

    it('suggests an option for an unknown one', async () => {
      const { code: got, stdout, stderr } = await run(`${right} --quite`);
      expect({ got, stdout }).toEqual({ got: 2, stdout: '' });
      expect(stderr).toBe(
        `locus: unknown option --quite. Did you mean "--quiet"?\nSee locus ${command} --help\n`,
      );
    });
  },
);

describe('what serves until it is stopped', () => {
  it('the live page answers, and Ctrl-C keeps what is learned', async () => {
    const words = ['train', 'lc', '--n-filters', '4', '--n-iter', '7000', '--live', '--name', 'live'];
    const program = start(folder, locusProgram, words);
    const [, address] = await waitFor(program, /Live at (http:\S+)/);
    expect(await (await fetch(address)).text()).toContain('<html');
    await waitFor(program, /training: \d+ of/);
    program.child.kill('SIGINT');
    const { code, stderr } = await program.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/saved as a checkpoint\. To go on: locus train lc .* --resume/);
  });

  it('the REPL answers lines, and ends with .exit or Ctrl-C', async () => {
    for (const end of ['exit', 'interrupt'] as const) {
      const program = start(folder, locusProgram, ['repl']);
      program.child.stdin?.write(
        'const names: string[] = viewDatabase({ limit: 1 }).map((row) => row.name);\n',
      );
      program.child.stdin?.write('`${await Promise.resolve(names.length)} network`\n');
      await waitFor(program, /'1 network'/);
      if (end === 'exit') program.child.stdin?.write('.exit\n');
      else program.child.kill('SIGINT');
      const { code, signal } = await program.finished;
      expect(end === 'exit' ? code : (code ?? signal)).toBe(end === 'exit' ? 0 : 'SIGINT');
    }
  });

  it('locus start stops with Ctrl-C, and says how to go on', async () => {
    const program = start(makeWorkFolder(), locusProgram, ['start', '--seed', '7']);
    await waitFor(program, /training: \d+ of/);
    program.child.kill('SIGINT');
    const { code, stderr } = await program.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/To go on: locus start --seed 7\n$/);
  });
});
