/**
 * Mutation tests: makes one plausible mistake after the other in a copy of the working tree, and demands that the tests named beside
 * it fail. `npx tsx scripts/mutants.ts [--only 3,7] [--list]`; `--list` prints the mutants as Markdown. Exits with 1 where one
 * survives. The copy holds the tracked files: `git add` a new test first.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kindMutants } from './mutants/kinds.js';
import { formatDiff, type Mutant } from './mutants/mutant.js';
import { readoutMutants } from './mutants/readout.js';
import { storeMutants } from './mutants/store.js';

/** The part of Vitest's JSON report that is read here. */
interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A mutant that takes longer does not fail, it hangs [ms]. */
const timeLimit = 180_000;
const page = 'docs/mutants.md';
const root = resolve(import.meta.dirname, '..');
const rooms = { kinds: kindMutants, store: storeMutants, readout: readoutMutants };
const mutants: readonly Mutant[] = Object.values(rooms).flat();
const numberOf = (mutant: Mutant) => mutants.indexOf(mutant) + 1;

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, list: { type: 'boolean', default: false } },
});
checkList();
if (options.list) console.log(formatList());
else process.exitCode = await run(chooseMutants(options.only));

/** Returns the exit code. */
async function run(chosen: readonly Mutant[]): Promise<number> {
  const copy = copyWorkingTree();
  let running: ChildProcess | undefined;
  process.on('exit', () => {
    running?.kill('SIGKILL');
    rmSync(copy, { recursive: true, force: true });
  });
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  const test = (files: readonly string[]) => runTests(copy, files, (child) => (running = child));

  // Tests that fail anyway would kill every mutant.
  const sound = await test([...new Set(chosen.flatMap(({ tests }) => tests))]);
  if (!sound.success) {
    console.error(`without a mutant: ${findFailure(sound) ?? describeFailedFile(sound)} fails`);
    return 1;
  }
  const survivors: Mutant[] = [];
  for (const mutant of chosen) {
    const path = join(copy, mutant.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, mutate(source, mutant));
    const begin = performance.now();
    const report = await test(mutant.tests);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    writeFileSync(path, source);
    const failure = findFailure(report);
    if (!failure && !report.success)
      throw new Error(`mutant ${numberOf(mutant)}: ${describeFailedFile(report)}`);
    if (!failure) survivors.push(mutant);
    console.log(formatRow(mutant, failure ? `killed by "${failure}"` : 'SURVIVED', seconds));
  }
  for (const mutant of survivors) {
    console.log(`\n${numberOf(mutant)} survived ${mutant.tests.join(', ')}: ${mutant.why}\n${mutant.file}`);
    console.log(formatDiff(mutant).join('\n'));
  }
  console.log(`\n${chosen.length - survivors.length} of ${chosen.length} mutants killed`);
  return survivors.length === 0 ? 0 : 1;
}

function chooseMutants(only: string | undefined): readonly Mutant[] {
  if (only === undefined) {
    checkPage();
    return mutants;
  }
  return only.split(',').map((text) => {
    const mutant = mutants.find((each) => String(numberOf(each)) === text);
    if (!mutant) throw new Error(`--only: expected numbers from 1 to ${mutants.length}, got ${text}`);
    return mutant;
  });
}

/** Throws where the list has gone stale. */
function checkList(): void {
  for (const mutant of mutants) {
    mutate(readFileSync(join(root, mutant.file), 'utf8'), mutant);
    for (const test of mutant.tests) {
      if (!existsSync(join(root, test))) throw new Error(`mutant ${numberOf(mutant)}: found no ${test}`);
    }
  }
}

/** Throws where the page of all mutants shows others. */
function checkPage(): void {
  if (readFileSync(join(root, page), 'utf8').includes(formatList())) return;
  throw new Error(`${page} shows other mutants: replace its list by the output of --list`);
}

function mutate(source: string, mutant: Mutant): string {
  const { file, find, replace } = mutant;
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `mutant ${numberOf(mutant)}: expected once in ${file}, found ${parts.length - 1} times:\n${find}`,
    );
  }
  return parts.join(replace);
}

/** A folder with the tracked files as they are, the generated ones in `src/`, and the same packages. */
function copyWorkingTree(): string {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'locus-mutants-'));
  const listFiles = (...words: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...words], { cwd: root, encoding: 'utf8' }).split('\0');
  const files = [...listFiles(), ...listFiles('--others', '--ignored', '--exclude-standard', 'src')];
  for (const file of files.filter((each) => each !== '' && existsSync(join(root, each)))) {
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  return copy;
}

async function runTests(
  copy: string,
  files: readonly string[],
  onStart: (child: ChildProcess) => void,
): Promise<TestReport> {
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const words = ['run', '--bail', '1', '--reporter=json', `--outputFile=${output}`, ...files];
  const child = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), ...words], {
    cwd: copy,
    stdio: 'ignore',
    timeout: timeLimit,
  });
  onStart(child);
  await new Promise((done) => child.once('close', done));
  if (!existsSync(output)) throw new Error(`${files.join(', ')}: no report within ${timeLimit / 1000} s`);
  return JSON.parse(readFileSync(output, 'utf8')) as TestReport;
}

/** The first test that failed. */
function findFailure({ testResults }: TestReport): string | undefined {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return results.find(({ status }) => status === 'failed')?.fullName;
}

/** A file whose tests did not even run. */
function describeFailedFile({ testResults }: TestReport): string {
  return testResults.map(({ message }) => message).find((message) => message !== '') ?? 'no test ran';
}

function formatRow(mutant: Mutant, outcome: string, seconds: string): string {
  const { file, why } = mutant;
  return `| ${String(numberOf(mutant)).padStart(2)} | ${file} | ${why} | ${outcome} | ${seconds} s |`;
}

function formatList(): string {
  return Object.keys(rooms)
    .map((room) => {
      const ofRoom = mutants.filter(({ file }) => file.startsWith(`src/${room}/`));
      return [`## src/${room}`, ...ofRoom.map(formatEntry)].join('\n\n');
    })
    .join('\n\n');
}

function formatEntry(mutant: Mutant): string {
  const { file, why, tests } = mutant;
  const number = numberOf(mutant);
  const indent = ' '.repeat(`${number}. `.length);
  const diff = ['```diff', ...formatDiff(mutant), '```'].map((line) => indent + line);
  const text = `${number}. \`${file}\`: ${why}. Tests: ${tests.map((test) => `\`${test}\``).join(', ')}.`;
  return [text, '', ...diff].join('\n');
}
