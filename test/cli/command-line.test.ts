/** What command lines mean, and what is said of those that mean nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWord } from '../../src/cli/command.js';
import { listCommands } from '../../src/cli/commands/index.js';
import { completeCommands } from '../../src/cli/complete-commands.js';
import { parameterFlag, readParameters } from '../../src/kinds/snn/network-options.js';
import { parseCommandLine } from '../../src/cli/parse-command-line.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { snnParameterNames } from '../../src/kinds/snn/parameters.js';
import { version } from '../../src/version.js';
import { runHere } from './run-cli.js';

const declared = await listCommands();
const commands = await completeCommands(declared, declared.map(commandWord));

function parse(...words: string[]): Record<string, unknown> {
  const line = parseCommandLine(words, commands, 100);
  if (line.kind !== 'run') throw new Error(`expected a command, got ${line.text}`);
  return line.args;
}

describe('published parameters', () => {
  it('are options of all three types of network, under their published names', () => {
    for (const type of ['lc', 'c', 'fc']) {
      const line = parseCommandLine(['train', type, '--help'], commands, 100);
      const help = line.kind === 'show' ? line.text : '';
      for (const name of snnParameterNames) expect(help).toMatch(new RegExp(`--${parameterFlag(name)}\\b`));
    }
    expect(parameterFlag('nFilters')).toBe('n-filters');
    expect(parameterFlag('APos')).toBe('a-pos');
    expect(parameterFlag('cWMin')).toBe('c-w-min');
  });

  it('reach the network under their names in the API; what is not given is left to its defaults', () => {
    const args = parse(
      ...'train lc --n-filters 100 --c-w -127 --c-l --a-pos -4e-3 --a-neg=-.5 --c-w-min -Infinity'.split(' '),
    );
    expect(readParameters(args)).toEqual({
      nFilters: 100,
      cW: -127,
      cL: true,
      APos: -0.004,
      ANeg: -0.5,
      cWMin: Number.NEGATIVE_INFINITY,
    });
    expect(readParameters(parse('train', 'fc', '--no-c-l'))).toEqual({ cL: false });
  });

  it('keep every bit of every number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        for (const words of [['--c-w', String(value)], [`--c-w=${value}`]]) {
          const { cW } = readParameters(parse('train', 'lc', ...words));
          // The text of −0 is "0".
          expect(Object.is(cW, Number(String(value)))).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('options', () => {
  it('of training are read: intervals, numbers, flags and their negation', () => {
    const args = parse(
      ...'train lc --interval 100,600 --no-shuffle --no-linear --checkpoint 50 --name 0012'.split(' '),
    );
    expect(args).toMatchObject({
      interval: [100, 600],
      shuffle: false,
      linear: false,
      checkpoint: 50,
      name: '0012',
    });
    expect(parse('train', 'lc')).not.toHaveProperty('shuffle');
  });

  it('may have values that begin with a dash', () => {
    expect(parse('ls', '--sort', '-lc')).toMatchObject({ sort: '-lc' });
    expect(parse('ls', '--sort', '-n_filters', '--limit', '3')).toMatchObject({
      sort: '-n_filters',
      limit: 3,
    });
  });

  it('may have several values', () => {
    expect(parse('ls', '--filter', 'n_filters=100', 'c_w=-130..-100')).toMatchObject({
      filter: ['n_filters=100', 'c_w=-130..-100'],
    });
  });

  it('leave names of digits as they are typed', () => {
    expect(parse('rm', '001234', '12e345', '--yes')).toMatchObject({
      names: ['001234', '12e345'],
      yes: true,
    });
    expect(parse('rename', '001234', '1e3')).toMatchObject({ name: '001234', newName: '1e3' });
  });
});

describe('a wrong command line', () => {
  it.each([
    ['trian', 'unknown command "trian". Did you mean "train"?'],
    ['train lx', 'unknown command "lx". Did you mean "lc"?'],
    ['train', 'train expected one of the commands lc, c, fc'],
    ['data', 'data expected one of the commands ls, download'],
    ['train lc --n-filtres 3', 'unknown option --n-filtres. Did you mean "--n-filters"?'],
    ['train lc --nfilter 3', 'unknown option --nfilter. Did you mean "--n-filters"?'],
    ['ls --jsn', 'unknown option --jsn. Did you mean "--json"?'],
    ['wroker --help', 'unknown command "wroker".'],
    ['trian --help', 'unknown command "trian". Did you mean "train"?'],
    ['--help trian', 'unknown command "trian". Did you mean "train"?'],
    ['trian lc --help', 'unknown command "trian". Did you mean "train"?'],
    ['train lx --help', 'unknown command "lx". Did you mean "lc"?'],
    ['data lss --help', 'unknown command "lss". Did you mean "ls"?'],
    ['trian --version', 'unknown command "trian". Did you mean "train"?'],
    ['--versoin', 'unknown option --versoin. Did you mean "--version"?'],
    ['ls -x', 'unknown option -x.'],
    ['ls extra', 'unexpected argument "extra"'],
    ['train lc extra', 'unexpected argument "extra"'],
    ['rename a b c', 'unexpected argument "c"'],
    ['rename a', 'expected more words: got 1, need at least 2'],
    ['rm', 'expected more words: got 0, need at least 1'],
    ['train lc --n-filters', 'expected a value after --n-filters'],
    ['train lc --n-filters --json', 'expected a value after --n-filters'],
    ['train lc --n-filters abc', '--n-filters: expected a number, got "abc"'],
    ['train lc --n-filters=', '--n-filters: expected a number, got ""'],
    ['train lc --seed 1 --seed 2', '--seed: expected one value, got 1 and 2'],
    ['train lc --n-iter 0', '--n-iter: expected a whole number ≥ 1, got "0"'],
    ['train lc --n-iter 1.5', '--n-iter: expected a whole number ≥ 1, got "1.5"'],
    ['train lc --interval 5', '--interval: expected from,to (such as 0,1000), got "5"'],
    ['train lc --name=', '--name: expected a value, got ""'],
    ['bench --models lc,lx', '--models: expected lc, c, fc, got "lx". Did you mean "lc"?'],
    [
      'score a --method patch',
      '--method: expected patch_voting, all_voting, spikes_first, lc, all, got "patch"',
    ],
  ])('locus %s: %s', (words, message) => {
    expect(() => parse(...words.split(' '))).toThrow(UsageError);
    expect(() => parse(...words.split(' '))).toThrow(message);
  });

  it('is reported on stderr with the way to help and exit code 2', async () => {
    const { code, stdout, stderr } = await runHere(['train', 'lc', '--n-filtres', '3', '--json']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'locus: unknown option --n-filtres. Did you mean "--n-filters"?\nSee locus train lc --help\n',
    );
  });

  it('is an error with --help too', async () => {
    expect(await runHere(['data', 'lss', '--help'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'locus: unknown command "lss". Did you mean "ls"?\nSee locus data --help\n',
    });
  });
});

describe('help', () => {
  it('is shown for locus alone, and lists every command', async () => {
    const { code, stdout, stderr } = await runHere([]);
    expect([code, stderr]).toEqual([0, '']);
    for (const { usage } of commands) expect(stdout).toContain(`locus ${usage}`);
  });

  it('--version shows the version', async () => {
    expect(await runHere(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  const documented = commands.flatMap((command) =>
    command.kind === 'leaf'
      ? [{ path: [command.usage.split(' ')[0]], command }]
      : [
          { path: [command.usage], command },
          ...command.commands.map((child) => ({
            path: [command.usage, child.usage.split(' ')[0]],
            command: child,
          })),
        ],
  );

  it.each(documented.map((each) => [each.path.join(' '), each] as const))(
    'of %s has examples, and they can be parsed',
    (_name, { path, command }) => {
      const line = parseCommandLine([...path, '--help'], commands, 100);
      expect(line.kind).toBe('show');
      const help = line.kind === 'show' ? line.text : '';
      const examples = [...help.slice(help.indexOf('Examples:')).matchAll(/^ {2}locus (.*?)(?: +# .*)?$/gm)];
      expect(examples.length).toBe(command.examples.length);
      expect(examples.length).toBeGreaterThan(0);
      for (const [, words] of examples) {
        expect(words.startsWith(path.join(' '))).toBe(true);
        expect(() => parseCommandLine(splitWords(words), commands, 100)).not.toThrow();
      }
    },
  );
});

/** The words of a command line as a shell sees them: 'quotes' keep words together. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
