/** Runs what is installed, as a stranger would: in a folder of their own, with nothing of this repository around. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const installed = inject('installed');

/** A new project, with a database of its own, that the installation is found from; it goes with the installation. */
export function makeWorkFolder(): string {
  const folder = mkdtempSync(join(installed, 'work-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  return folder;
}

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LOCUS_|NODE_|npm_|VITEST|DISPLAY$)/.test(name)),
);

/** Starts a program in a folder; `output` has what it has said so far. */
export function start(
  folder: string,
  program: string,
  words: readonly string[],
): { readonly child: ChildProcess; readonly output: { text: string }; readonly finished: Promise<Ran> } {
  const child = spawn(program, words, { cwd: folder, env: environment });
  const output = { text: '' };
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      output.text += text;
    });
  }
  const finished = once(child, 'close').then(([code, signal]): Ran => {
    expectNoMistake(`${said.stdout}\n${said.stderr}`, program);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...said };
  });
  return { child, output, finished };
}

/** Nobody is shown a stack or asked to report a mistake, whatever they do; nor, by `locus`, a warning in Node's own words. */
function expectNoMistake(said: string, program: string): void {
  expect(said).not.toMatch(/^ +at .+:\d+:\d+\)?$/m);
  expect(said).not.toMatch(/mistake in Locus|ERR_[A-Z_]+/);
  if (program === locusProgram) expect(said).not.toContain('(node:');
}

export const locusProgram = join(installed, 'node_modules/.bin/locus');

/** Runs `locus` to its end. */
export async function runLocus(folder: string, words: readonly string[]): Promise<Ran> {
  const { child, finished } = start(folder, locusProgram, words);
  child.stdin?.end();
  return finished;
}

/** Waits for something that a program says; fails where it ends without. */
export async function waitFor(
  { child, output }: Pick<ReturnType<typeof start>, 'child' | 'output'>,
  said: RegExp,
): Promise<RegExpExecArray> {
  for (;;) {
    const found = said.exec(output.text);
    if (found) return found;
    if (child.exitCode !== null) throw new Error(`expected ${String(said)}, got ${output.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
