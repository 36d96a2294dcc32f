/** `locus repl` as a program: lines through a pipe, and keys on a terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program, runProgram, typeInto } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

/** What the REPL prints for lines that come through a pipe. */
async function evaluate(...lines: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runProgram(['repl'], { input: `${lines.join('\n')}\n` });
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
}

describe('the REPL', () => {
  it('evaluates TypeScript: types, imports, multi-line input, awaits, each line after the one before', async () => {
    expect(
      await evaluate(
        'const a: number = 3',
        'interface Shape { side: number }',
        'const square: Shape = {',
        '  side: a,',
        '}',
        'square.side ** 2',
        'import { basename, join as glue } from "node:path"',
        'basename(glue("a", "b.txt"))',
        'const later = await new Promise<string>((resolve) => setTimeout(resolve, 100, `x',
        'y`))',
        'later',
        'enum Colour { Red, Green }',
        'Colour[Colour.Green]',
        'import os, * as all from "node:os"',
        'os.EOL === all.EOL',
        'await Promise.resolve(20 as const)',
        '_ + 1',
      ),
    ).toEqual(['9', "'b.txt'", "'x\\ny'", "'Green'", 'true', '20', '21']);
  });

  it('has the whole API in scope, with the arrays that it expects, and prints networks for people', async () => {
    const printed = await evaluate(
      'const net = new LC_SNN({ nFilters: 10, dataset: "mnist-10k", thetaDecay: "exact" })',
      'await net.train({ nIter: 20 })',
      'net',
      'single(new Float32Array([0, 1]), { time: 2 }).neurons.length',
      'listEngines()',
    );
    expect(printed[0]).toMatch(/^\{ nIter: 20, seconds: [\d.e-]+, interrupted: false \}$/);
    expect(printed[1]).toMatch(/^LC_SNN [0-9a-f]{12}: 10 filters, kernel 12/);
    expect(printed[2]).toBe('90 neurons, 13770 synapses; trained on 20 images');
    expect(printed.slice(3)).toEqual(['1', "[ 'reference', 'wasm', 'gpu', 'gpu-webasm' ]"]);
  });

  it('goes on after an error, and ends at .exit though the pipe stays open', async () => {
    const printed = await evaluate(
      'new LC_SNN({ nFilter: 3 })',
      'const = 3',
      'nothing',
      'await Promise.reject(new Error("no"))',
      '1 + 1',
      '.exit',
      '3',
    );
    const uncaught = printed.filter((line) => !line.startsWith('    at '));
    expect(uncaught).toEqual([
      'Uncaught LocusError: LC_SNN: unknown parameter "nFilter". Did you mean "nFilters"?',
      'Uncaught SyntaxError: Expected identifier but found "="',
      'Uncaught ReferenceError: nothing is not defined',
      'Uncaught Error: no',
      '2',
    ]);
  });

  const canOpenTerminal = spawnSync('script', ['--version']).status === 0;

  it.skipIf(!canOpenTerminal)('on a terminal completes names and keeps its history', async () => {
    const state = makeFolder();
    const session = typeInto(`${process.execPath} ${program} repl`, { XDG_STATE_HOME: state });
    await session.waitFor('locus> ');
    session.type('FC_S\t');
    await session.waitFor('FC_SNN');
    session.type('.name.length\r');
    await session.waitFor(/6\W/);
    session.type('const seven: number = 7\r');
    await session.waitFor('locus> ');
    session.type('.exit\r');
    await session.finished;
    const history = join(state, 'locus', 'history');
    expect(existsSync(history)).toBe(true);
    expect(readFileSync(history, 'utf8').split('\n')).toEqual([
      '.exit',
      'const seven: number = 7',
      'FC_SNN.name.length',
    ]);
  });
});
