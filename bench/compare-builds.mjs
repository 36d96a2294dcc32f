/**
 * Compares two builds of Locus: which of them takes less time, case by case.
 * `node bench/compare-builds.mjs BEFORE AFTER [--pairs 10] [--cases NAMES] [--json FILE]`; see `--help`.
 * BEFORE comes from git: `git worktree add /tmp/before main && (cd /tmp/before && npm ci)`; npm ci builds too.
 *
 * Every run is a process of its own. After one warm-up of each build the runs come in pairs, whose order
 * alternates (A B, B A, A B, …): a machine that becomes slower or faster meanwhile troubles both builds alike.
 * Training and evaluation are timed inside the process, around the work only; of a start-up the whole process
 * counts. The verdict is on processor time of all threads, which other programs disturb least; time on the
 * clock stands beside it.
 *
 * The ratio of a case is the median of AFTER / BEFORE over its pairs. Its interval is the exact one of order
 * statistics: a ratio lies below the true median with probability 1/2, so how many of n do is binomial(n, 1/2).
 * The interval reaches from the k-th smallest to the k-th largest ratio, with the largest k for which it holds
 * the median in at least 95 % of all experiments, however the times are distributed. With 10 pairs that is from
 * the second smallest to the second largest ratio (97.9 %). Fewer than 6 pairs have no such interval.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * @typedef {typeof import('../src/index.js')} Locus what dist/index.js exports
 * @typedef {import('../src/index.js').Snn} Snn
 * @typedef {(locus: Locus, threads?: number) => Snn} MakeNetwork
 * @typedef {{ cpu: number, wall: number }} Times milliseconds
 * @typedef {Times & { result?: string }} Run `result`: hash of what was computed
 * @typedef {{ before: Run, after: Run }} Pair
 * @typedef {{ before: number, after: number, ratio: number, interval: [number, number] }} Figures
 * @typedef {'within 3 %' | 'not distinguishable' | 'slower' | 'faster'} Verdict
 */
/**
 * Work on a network: `prepare` is not timed, `work` is, `results` shows whether both builds did the same.
 * @typedef {object} NetworkCase
 * @property {string} about
 * @property {MakeNetwork} make
 * @property {(network: Snn) => Promise<unknown>} prepare
 * @property {(network: Snn) => Promise<unknown>} work
 * @property {(network: Snn) => (Float32Array | null | undefined)[]} results
 */
/**
 * A whole process, started several times per run because it is short.
 * @typedef {object} StartCase
 * @property {string} about
 * @property {number} starts
 * @property {(folder: string, database: string) => string[]} words arguments of node
 */

const tolerance = 1.03;
const confidence = 0.95;
const knownOptions = ['--pairs', '--cases', '--json', '--help'];

/** Seed, images and threads that all networks have in common. */
const common = (threads = 1) => /** @type {const} */ ({ seed: 1, dataset: 'mnist-10k', threads });

/** The networks, with settings of the published table. @satisfies {Record<string, MakeNetwork>} */
const networks = {
  lc100: ({ LC_SNN }, threads) =>
    new LC_SNN({ nFilters: 100, meanWeight: 0.32, cW: -50, ...common(threads) }),
  lc25: ({ LC_SNN }, threads) =>
    new LC_SNN({ nFilters: 25, meanWeight: 0.46, cW: -200, refrac: 10, ...common(threads) }),
  lc25Competition: ({ LC_SNN }, threads) =>
    new LC_SNN({
      ...common(threads),
      nFilters: 25,
      meanWeight: 0.42,
      cW: -200,
      refrac: 12,
      cL: true,
      APos: -0.0556,
      ANeg: -50,
      tauPos: 17.72,
      tauNeg: 7,
      nuPost: 0.006,
      thetaPlus: 0.025,
    }),
  c25: ({ C_SNN }, threads) =>
    new C_SNN({ nFilters: 25, meanWeight: 0.5, cW: -150, refrac: 15, ...common(threads) }),
  fc100: ({ FC_SNN }, threads) =>
    new FC_SNN({ nFilters: 100, meanWeight: 0.2, cW: -120, ...common(threads) }),
};

/**
 * All cases, each of about one to three seconds per run; a new one is a new line.
 * @type {Record<string, NetworkCase | StartCase>}
 */
const cases = {
  'lc-100-train': training(networks.lc100, 1500),
  'lc-100-evaluate': evaluation(networks.lc100, 2),
  'lc-100-evaluate-2-threads': evaluation(networks.lc100, 3, 2),
  'lc-25-train': training(networks.lc25, 2500),
  'lc-25-evaluate': evaluation(networks.lc25, 3),
  'lc-25-competition-train': training(networks.lc25Competition, 2500),
  'lc-25-competition-evaluate': evaluation(networks.lc25Competition, 3),
  'c-25-train': training(networks.c25, 2500),
  'c-25-evaluate': evaluation(networks.c25, 3),
  'fc-100-train': training(networks.fc100, 6000),
  'fc-100-evaluate': evaluation(networks.fc100, 6),
  'start-help': start('locus --help', (folder) => [commandLine(folder), '--help']),
  'start-ls': start('locus ls with 5 networks', (folder, db) => [commandLine(folder), 'ls', '--db', db]),
  'start-import': start('import of the API', (folder) => [
    '--input-type=module',
    '--eval',
    `import ${JSON.stringify(pathToFileURL(apiFile(folder)).href)};`,
  ]),
};

const usage = `node bench/compare-builds.mjs BEFORE AFTER [options]

Measures two builds of Locus against each other and says whether the second one is slower.
BEFORE and AFTER are folders of checkouts, or of installed packages, with a finished dist/.

Options:
  --pairs N      pairs of runs per case, from 6 to 1000 (default 10); more make the interval narrower
  --cases NAMES  names with commas between them (default: all)
  --json FILE    write all times and figures to this file
  --help         show this help

Verdicts, on processor time:
  within 3 %           the ratio AFTER / BEFORE is not above 1.03, nor below 1 / 1.03
  not distinguishable  the ratio is outside of that, but its 95 % interval covers 1: take more pairs
  slower, faster       the ratio is outside of that, and the interval does not cover 1

Exit code: 0, 1 if a case is slower, 2 if something went wrong.

Cases:
${Object.entries(cases)
  .map(([name, { about }]) => `  ${name.padEnd(26)}  ${about}`)
  .join('\n')}

Example:
  git worktree add /tmp/before main && (cd /tmp/before && npm ci)
  npm run build
  node bench/compare-builds.mjs /tmp/before . --pairs 20 --cases lc-100-train,lc-100-evaluate`;

/** Folder of the databases while it is needed, and the process that runs: both end with this process. */
let temporary = '';
/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

// This file is also what runs in the processes that it starts, with a first word of their own.
const [mode, ...words] = process.argv.slice(2);
if (mode === '--in-child-run') await runInChild(words[0], words[1]);
else if (mode === '--in-child-save') await saveNetworks(words[0], words[1]);
else await main();

async function main() {
  process.on('exit', () => {
    running?.kill();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  try {
    const request = parseRequest();
    if (!request) console.log(usage);
    else process.exitCode = (await compare(request)) ? 1 : 0;
  } catch (error) {
    console.error(`compare-builds: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  }
}

/** What the command line asks for; null: help. */
function parseRequest() {
  const { values, positionals } = parseWords();
  if (values.help) return null;
  if (positionals.length !== 2) {
    throw new Error(`expected two folders, BEFORE and AFTER, got ${positionals.length}; see --help`);
  }
  const pairs = Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 6 || pairs > 1000) {
    throw new Error(`--pairs: expected a whole number from 6 to 1000, got "${values.pairs}"`);
  }
  const names = values.cases === undefined ? Object.keys(cases) : values.cases.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(cases, name));
  if (unknown.length > 0) {
    const known = Object.keys(cases).join(', ');
    throw new Error(`--cases: unknown ${unknown.map((name) => `"${name}"`).join(', ')}; known: ${known}`);
  }
  const [before, after] = positionals.map((folder) => resolve(folder));
  for (const [role, folder] of Object.entries({ BEFORE: before, AFTER: after })) {
    for (const file of [apiFile(folder), commandLine(folder)]) {
      if (!existsSync(file)) throw new Error(`${role}: no finished build in ${folder}: ${file} is missing`);
    }
  }
  return { before, after, pairs, names: [...new Set(names)], json: values.json };
}

function parseWords() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        pairs: { type: 'string', default: '10' },
        cases: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('. ');
    throw new Error(`${reason}; known options: ${knownOptions.join(', ')}`, { cause: error });
  }
}

/**
 * Measures and prints all cases; returns whether one is slower.
 * @param {NonNullable<ReturnType<typeof parseRequest>>} request
 */
async function compare({ before, after, pairs, names, json }) {
  temporary = mkdtempSync(join(tmpdir(), 'compare-builds-'));
  const databases = { before: join(temporary, 'before.db'), after: join(temporary, 'after.db') };
  const folders = { before, after };
  if (names.includes('start-ls')) {
    // Each build lists a database of its own: formats may differ.
    for (const role of /** @type {const} */ (['before', 'after'])) {
      await runNode([fileURLToPath(import.meta.url), '--in-child-save', folders[role], databases[role]]);
    }
  }
  console.log(`before: ${before}\nafter:  ${after}\n${pairs} pairs per case; times are medians [ms]\n`);
  const headings = ['before', 'after', 'ratio'];
  console.log(formatRow('', ['processor:', '', '', ''], ['clock:', '', ''], ''));
  console.log(formatRow('case', [...headings, '95 % interval'], headings, 'verdict'));
  const machine = { node: process.version, processor: cpus()[0]?.model, processors: cpus().length };
  const measured = [];
  for (const name of names) {
    /** @param {keyof typeof folders} role */
    const once = (role) => measureOnce(name, folders[role], databases[role]);
    const runs = await measurePairs(name, pairs, once);
    const cpu = summarize(runs, 'cpu');
    const wall = summarize(runs, 'wall');
    const verdict = judge(cpu);
    const sameResults = new Set(runs.flatMap((pair) => [pair.before.result, pair.after.result])).size === 1;
    measured.push({ name, about: cases[name].about, verdict, sameResults, cpu, wall, runs });
    console.log(
      formatRow(
        name,
        [cpu.before.toFixed(0), cpu.after.toFixed(0), cpu.ratio.toFixed(3), formatInterval(cpu.interval)],
        [wall.before.toFixed(0), wall.after.toFixed(0), wall.ratio.toFixed(3)],
        verdict + (sameResults ? '' : ' (results differ: not the same work)'),
      ),
    );
    // After every case: what an interrupted comparison has measured stays.
    const report = { before, after, pairs, confidence, tolerance, machine, cases: measured };
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  const slower = measured.filter(({ verdict }) => verdict === 'slower').map(({ name }) => name);
  console.log(slower.length > 0 ? `\nslower: ${slower.join(', ')}` : '\nno case is slower');
  return slower.length > 0;
}

/**
 * Runs both builds in pairs of alternating order, after a warm-up of each.
 * @param {string} name
 * @param {number} pairs
 * @param {(role: 'before' | 'after') => Promise<Run>} once
 */
async function measurePairs(name, pairs, once) {
  /** @type {Pair[]} */
  const runs = [];
  for (let pair = -1; pair < pairs; pair++) {
    if (process.stderr.isTTY) process.stderr.write(`\r${name} ${pair + 1}/${pairs}`);
    const beforeFirst = pair % 2 === 0;
    const first = await once(beforeFirst ? 'before' : 'after');
    const second = await once(beforeFirst ? 'after' : 'before');
    const [before, after] = beforeFirst ? [first, second] : [second, first];
    if (pair >= 0) runs.push({ before, after });
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return runs;
}

/**
 * One run of a case by one build, in a process of its own.
 * @param {string} name
 * @param {string} folder
 * @param {string} database
 * @returns {Promise<Run>}
 */
async function measureOnce(name, folder, database) {
  const wanted = cases[name];
  if (!('starts' in wanted)) {
    const { report } = await runNode([fileURLToPath(import.meta.url), '--in-child-run', name, folder]);
    return /** @type {Run} */ (JSON.parse(report));
  }
  // Only the process itself knows its processor time: it writes it at its exit. The main thread writes last.
  const hook = `import { writeSync } from 'node:fs';
    process.on('exit', () => {
      const { user, system } = process.cpuUsage();
      writeSync(3, (user + system) / 1000 + '\\n');
    });`;
  const times = { cpu: 0, wall: 0 };
  for (let i = 0; i < wanted.starts; i++) {
    const { report, wall } = await runNode([
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
      ...wanted.words(folder, database),
    ]);
    times.cpu += Number(report.trim().split('\n').at(-1)) / wanted.starts;
    times.wall += wall / wanted.starts;
  }
  return times;
}

/**
 * Runs node in the temporary folder; gives its time on the clock and what it wrote to descriptor 3.
 * @param {string[]} args
 * @returns {Promise<{ report: string, wall: number }>}
 */
function runNode(args) {
  return new Promise((done, fail) => {
    const begin = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: temporary,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, LOCUS_DB: join(temporary, 'networks.db') },
    });
    running = child;
    let report = '';
    let complaint = '';
    let wall = 0;
    child.stdio[3]?.on('data', (/** @type {Buffer} */ part) => (report += String(part)));
    child.stderr?.on('data', (/** @type {Buffer} */ part) => (complaint += String(part)));
    child.on('error', fail);
    child.on('exit', () => (wall = performance.now() - begin));
    child.on('close', (code, signal) => {
      if (code === 0) done({ report, wall });
      else fail(new Error(`node ${args.join(' ')} ended with ${code ?? signal}:\n${complaint.trim()}`));
    });
  });
}

/**
 * In a process of its own: a case, timed around its work.
 * @param {string} name
 * @param {string} folder
 */
async function runInChild(name, folder) {
  const { make, prepare, work, results } = /** @type {NetworkCase} */ (cases[name]);
  const network = make(await importApi(folder));
  await prepare(network);
  const before = process.cpuUsage();
  const begin = performance.now();
  await work(network);
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  const hash = createHash('sha256');
  for (const values of results(network)) if (values) hash.update(values);
  network.dispose();
  writeSync(3, JSON.stringify({ cpu: (user + system) / 1000, wall, result: hash.digest('hex') }));
}

/**
 * In a process of its own: saves the networks that `ls` lists.
 * @param {string} folder
 * @param {string} database
 */
async function saveNetworks(folder, database) {
  const { LC_SNN } = await importApi(folder);
  for (let seed = 0; seed < 5; seed++) {
    const network = new LC_SNN({ seed, database, dataset: 'mnist-10k' });
    network.save();
    network.dispose();
  }
}

/**
 * @param {string} folder
 * @returns {Promise<Locus>}
 */
async function importApi(folder) {
  return /** @type {Locus} */ (await import(pathToFileURL(apiFile(folder)).href));
}

/**
 * Training from the start.
 * @param {MakeNetwork} make
 * @param {number} nIter
 * @returns {NetworkCase}
 */
function training(make, nIter) {
  return {
    about: `training on ${nIter} images`,
    make,
    prepare: (network) => network.loadData(),
    work: (network) => network.train({ nIter }),
    results: (network) => [network.weightsXY.data, network.weightsYY?.data, network.theta],
  };
}

/**
 * Spike counts and votes of a briefly trained network on all calibration images, several times.
 * @param {MakeNetwork} make
 * @param {number} passes
 * @param {number} threads
 * @returns {NetworkCase}
 */
function evaluation(make, passes, threads = 1) {
  const nIter = 1500;
  return {
    about: `evaluation of ${passes} × ${nIter} images, ${threads} thread${threads > 1 ? 's' : ''}`,
    make: (locus) => make(locus, threads),
    prepare: (network) => network.train({ nIter: 200 }),
    async work(network) {
      // Former names: the older of the two builds may know no others.
      for (let pass = 0; pass < passes; pass++) await network.calibrate({ nIter, lc: false });
    },
    results: (network) => [network.votes],
  };
}

/**
 * @param {string} what
 * @param {StartCase['words']} startWords
 * @returns {StartCase}
 */
function start(what, startWords) {
  const starts = 3;
  return { about: `${what}: mean of ${starts} starts`, starts, words: startWords };
}

/** @param {string} folder */
function apiFile(folder) {
  return join(folder, 'dist', 'index.js');
}

/** @param {string} folder */
function commandLine(folder) {
  return join(folder, 'dist', 'cli', 'main.js');
}

/**
 * Medians of one kind of time, and of the ratios of its pairs with their interval.
 * @param {Pair[]} runs
 * @param {keyof Times} kind
 * @returns {Figures}
 */
function summarize(runs, kind) {
  const logRatios = sorted(runs.map(({ before, after }) => Math.log(after[kind] / before[kind])));
  const k = rankOfInterval(logRatios.length);
  return {
    before: median(sorted(runs.map(({ before }) => before[kind]))),
    after: median(sorted(runs.map(({ after }) => after[kind]))),
    ratio: Math.exp(median(logRatios)),
    interval: [Math.exp(logRatios[k - 1]), Math.exp(logRatios[logRatios.length - k])],
  };
}

/**
 * The largest k for which the k-th smallest and the k-th largest of n values enclose their median with at least
 * the confidence wanted: fewer than k values below the median, or above it, are half of the other cases each.
 * @param {number} n
 */
function rankOfInterval(n) {
  let k = 0;
  let probability = 2 ** -n;
  for (let below = probability; below <= (1 - confidence) / 2; below += probability) {
    k++;
    probability *= (n - k + 1) / k;
  }
  return k;
}

/**
 * @param {Figures} figures
 * @returns {Verdict}
 */
function judge({ ratio, interval: [low, high] }) {
  if (ratio <= tolerance && ratio >= 1 / tolerance) return 'within 3 %';
  if (low <= 1 && high >= 1) return 'not distinguishable';
  return ratio > 1 ? 'slower' : 'faster';
}

/** @param {number[]} values */
function sorted(values) {
  return values.sort((a, b) => a - b);
}

/** @param {number[]} values sorted */
function median(values) {
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/** @param {[number, number]} interval */
function formatInterval([low, high]) {
  return `${low.toFixed(3)} … ${high.toFixed(3)}`;
}

/**
 * @param {string} name
 * @param {string[]} processor
 * @param {string[]} clock
 * @param {string} verdict
 */
function formatRow(name, [before, after, ratio, interval], clock, verdict) {
  const columns = [before.padStart(10), after.padStart(6), ratio.padStart(6), interval.padStart(14)];
  const clockColumns = clock.map((text, i) => text.padStart(i === 0 ? 8 : 6));
  return [name.padEnd(26), ...columns, ...clockColumns, ` ${verdict}`].join(' ').trimEnd();
}
