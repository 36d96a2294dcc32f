/** Every example runs on few images, and as a program says what it takes. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../examples/support/example.js';

const files = readdirSync('examples').filter((name) => name.endsWith('.ts'));

/** Few images, for a short time. */
const few: Readonly<Record<string, number>> = {
  train: 12,
  known: 12,
  test: 6,
  time: 20,
  neurons: 36,
  cues: 2,
  batchSize: 4,
};

it('README.md lists all of them', () => {
  const listed = [...readFileSync('examples/README.md', 'utf8').matchAll(/^\| `(\w+\.ts)` \|/gm)];
  expect(listed.map(([, name]) => name).toSorted()).toEqual(files.toSorted());
});

describe.each(files)('%s', (file) => {
  it('learns, and says how well and how fast', async () => {
    const { default: example } = (await import(resolve('examples', file))) as {
      default: Example<string>;
    };
    const counts = Object.entries(few).filter(([name]) => Object.hasOwn(example.options, name));
    const { accuracy, error, cpuMs } = await example.run({
      ...example.options,
      ...Object.fromEntries(counts),
    });
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(accuracy).toBeLessThanOrEqual(1);
    expect(error).toBeGreaterThanOrEqual(0);
    // A reservoir does not learn.
    expect(cpuMs > 0).toBe(Object.hasOwn(example.options, 'train'));
  });
});

describe('as a program', () => {
  const run = (...given: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'examples/reward.ts', ...given], {
      encoding: 'utf8',
      stdio: 'pipe',
    });

  it('says what it takes', () => {
    expect(run('--help')).toMatch(/learned by MSTDPET[^]*--train NUMBER {2}\(default 240\)/);
  });

  it('says what came out', () => {
    expect(run('--train', '20', '--test', '10')).toMatch(
      /^\d+\.\d ± \d+\.\d %, learned at \d+\.\d\d CPU ms each\n$/,
    );
  });

  it.each([
    [['--trian', '20'], "Unknown option '--trian'"],
    [['--train', 'many'], '--train: expected a number, got "many"'],
  ])('refuses %j', (given, message) => expect(() => run(...given)).toThrow(message));
});
