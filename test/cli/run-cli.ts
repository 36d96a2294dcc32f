/** Runs `locus` in a test: in this process, or as the built program in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import { type CommandIo, main } from '../../src/cli/cli.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program. */
export const program = resolve('dist/cli/main.js');

/** Runs a command line in this process. */
export async function runHere(
  words: readonly string[],
  overrides: Partial<CommandIo> = {},
): Promise<Ran & { readonly exits: readonly number[] }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const exits: number[] = [];
  const texts = Promise.all([readAll(stdout), readAll(stderr)]);
  const code = await main(words, {
    stdin: new PassThrough(),
    stdout,
    stderr,
    signals: new EventEmitter(),
    exit: (exitCode) => exits.push(exitCode),
    ...overrides,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { code, stdout: out, stderr: err, exits };
}

/** The document that a command line prints with `--json`; it must succeed and say nothing else. */
export async function runJson<T = Record<string, unknown>>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await runHere([...words, '--json']);
  expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

/** Starts the built program. */
export function startProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess & { readonly finished: Promise<Ran> } {
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build makes it`);
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...environment } });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const texts = Promise.all([readAll(child.stdout), readAll(child.stderr)]);
  const finished = once(child, 'close').then(async ([code]): Promise<Ran> => {
    const [stdout, stderr] = await texts;
    return { code: code as number | null, stdout, stderr };
  });
  return Object.assign(child, { finished });
}

/** Runs the built program to its end. */
export async function runProgram(
  words: readonly string[],
  { input = '', ...environment }: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = startProgram(words, environment);
  child.stdin?.end(input);
  return child.finished;
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Runs a command on a terminal of its own, with `script`. */
export function typeInto(command: string, environment: Readonly<Record<string, string>>) {
  const child = spawn('script', ['-qfec', command, '/dev/null'], { env: { ...process.env, ...environment } });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  return {
    type: (keys: string) => child.stdin.write(keys),
    /** Waits for new output that contains `text`, and forgets what came until then. */
    waitFor: async (text: string | RegExp) => {
      while (!(typeof text === 'string' ? seen.includes(text) : text.test(seen)))
        await once(child.stdout, 'data');
      seen = '';
    },
    finished: once(child, 'close'),
  };
}
