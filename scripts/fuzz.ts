/**
 * Fuzz tests of everything that reads files: damages whole files at random and demands that each is read or refused with a
 * `LocusError`, quickly and in little memory; that one cut short is refused. `npx tsx scripts/fuzz.ts [--count 20000] [--seed 1]
 * [--only npy,png] [--case 17]`; `--case` repeats one. Prints a table in Markdown; exits with 1 where a reader failed.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { LocusError } from '../src/errors.js';
import { damage, startRandom } from './fuzz/mutate.js';
import type { FuzzedReader } from './fuzz/reader.js';
import { readers } from './fuzz/readers.js';

/** What a reader did with its damaged files. */
interface Tally {
  readonly name: string;
  readonly done: number;
  readonly refused: number;
  /** The longest processor time of a case [ms]. */
  readonly slowest: number;
  /** The most that resident memory grew in a case [MB]. */
  readonly growth: number;
  readonly failures: readonly string[];
}

/** A case may take so much processor time [ms] and, unless a reader says less, so much more resident memory [MB]. */
const limits = { time: 2000, memory: 200 };
/** A process that says nothing for so long hangs [ms]. */
const silence = 60_000;
const mostFailures = 10;

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
    case: { type: 'string' },
    child: { type: 'string' },
  },
});
const [seed, count] = [readCount('seed', options.seed), readCount('count', options.count)];
const first = options.case === undefined ? 0 : readCount('case', options.case);
const end = options.case === undefined ? count : first + 1;

if (options.child === undefined) process.exitCode = await runAll(chooseReaders(options.only));
else process.send!(await fuzz(chooseReaders(options.child)[0]));

/** Returns the exit code. */
async function runAll(chosen: readonly FuzzedReader[]): Promise<number> {
  console.log(`seed ${seed}\n`);
  console.log('| reader | cases | refused | read | slowest [ms] | memory [MB] | failures |');
  console.log('|---|--:|--:|--:|--:|--:|--:|');
  const failures: string[] = [];
  for (const { name } of chosen) {
    const tally = await runApart(name);
    const { done, refused, slowest, growth } = tally;
    const columns = [name, done, refused, done - refused, Math.ceil(slowest), Math.ceil(growth)];
    console.log(`| ${[...columns, tally.failures.length].join(' | ')} |`);
    failures.push(...tally.failures.map((failure) => `${name}, ${failure}`));
  }
  for (const failure of failures) console.error(failure);
  return failures.length === 0 ? 0 : 1;
}

/** Fuzzes a reader in a process of its own, so that a crash or a hang is one of its failures. */
function runApart(name: string): Promise<Tally> {
  const given = ['--child', name, '--seed', String(seed), '--count', String(count)];
  const child = fork(
    import.meta.filename,
    options.case === undefined ? given : [...given, '--case', options.case],
  );
  let tally: Tally = { name, done: 0, refused: 0, slowest: 0, growth: 0, failures: [] };
  return new Promise((resolve) => {
    let timer = setTimeout(() => child.kill('SIGKILL'), silence);
    child.on('message', (message) => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), silence);
      tally = message as Tally;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const lost = `case ${tally.done} or one soon after it: the process ended with ${signal ?? code}`;
      resolve(code === 0 ? tally : { ...tally, failures: [...tally.failures, lost] });
    });
  });
}

async function fuzz(reader: FuzzedReader): Promise<Tally> {
  const { name, seeds: makeSeeds, read, invent, mostMemory = limits.memory, mayEndAt = () => false } = reader;
  // A Buffer's `slice` would share its bytes.
  const seeds = (await makeSeeds()).map((whole) => Uint8Array.from(whole));
  // What cannot be read whole proves nothing when it is refused damaged.
  for (const whole of seeds) await read(whole);
  let [refused, slowest, growth] = [0, 0, 0];
  const failures: string[] = [];
  for (let i = first; i < end && failures.length < mostFailures; i++) {
    const below = startRandom(seed, i);
    const isInvented = invent !== undefined && i % 2 === 1;
    const { bytes, isCut } = isInvented ? { bytes: invent(below), isCut: false } : damage(seeds, below);
    const memory = process.memoryUsage.rss();
    // Not by the clock, for other programs may have the processor; what waits or hangs is ended for its silence.
    const start = process.cpuUsage();
    const error = await attempt(() => read(bytes));
    const { user, system } = process.cpuUsage(start);
    const time = (user + system) / 1000;
    const grown = (process.memoryUsage.rss() - memory) / 1e6;
    if (error !== undefined) refused++;
    slowest = Math.max(slowest, time);
    growth = Math.max(growth, grown);
    const fail = (what: string) => failures.push(`case ${i}: ${what}`);
    if (error !== undefined && !(error instanceof LocusError)) fail(`threw ${(error as Error).stack}`);
    if (error === undefined && isCut && !mayEndAt(bytes.length)) fail(`read ${bytes.length} bytes of a file`);
    if (time > limits.time) fail(`took ${Math.round(time)} ms`);
    if (grown > mostMemory) fail(`took ${Math.round(grown)} MB`);
    if (i % 100 === 0) process.send!({ name, done: i - first, refused, slowest, growth, failures });
  }
  return { name, done: end - first, refused, slowest, growth, failures };
}

/** The error that a call throws, if any. */
async function attempt(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

function chooseReaders(only: string | undefined): readonly FuzzedReader[] {
  if (only === undefined) return readers;
  return only.split(',').map((name) => {
    const reader = readers.find((each) => each.name === name);
    if (!reader)
      throw new Error(`no reader "${name}"; there are ${readers.map((each) => each.name).join(', ')}`);
    return reader;
  });
}

function readCount(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name}: expected a whole number, got ${text}`);
  return Number(text);
}
