/** `locus figure` and `locus report`, in this process, on a database of their own. */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import '../../src/node/engines.js';
import { listFiguresOf } from '../../src/cli/figure-options.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { runHere } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

describe('figures on the command line', () => {
  let record: ReturnType<LC_SNN['toRecord']>;

  beforeAll(async () => {
    const net = new LC_SNN({
      dataset: 'mnist-10k',
      threads: 1,
      nFilters: 4,
      timeMax: 50,
      intensity: 500,
      cL: true,
      APos: -0.05,
      ANeg: -1.6,
    });
    await net.train({ nIter: 20 });
    await net.calibrate({ images: 40 });
    await net.calculateAccuracy({ images: 20 });
    record = net.toRecord();
    net.dispose();
  });

  async function makeDatabase() {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    const { openStore } = await import('../../src/store/index.js');
    const store = openStore(db);
    store.save({ ...record, name: 'small' });
    store.close();
    return { folder, db, run: async (...words: string[]) => runHere([...words, '--db', db]) };
  }

  it('writes every kind of figure', async () => {
    const { folder, run } = await makeDatabase();
    for (const kind of ['database', ...listFiguresOf('snn').map(({ name }) => name)]) {
      const path = join(folder, `${kind}.html`);
      const words = kind === 'database' ? ['figure', kind] : ['figure', kind, 'small'];
      const { code, stdout, stderr } = await run(...words, '--output', path, '--json');
      expect([kind, code, stderr]).toEqual([kind, 0, '']);
      expect(JSON.parse(stdout)).toEqual({ kind, path });
      expect(readFileSync(path, 'utf8')).toContain('Plotly.newPlot');
    }
  });

  it('draws the STDP window of competition', async () => {
    const { folder, run } = await makeDatabase();
    const path = join(folder, 'window.html');
    const { code } = await run('figure', 'stdp-window', 'small', '--of', 'yy', '--output', path);
    expect(code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('STDP window of competition');
  });

  it('writes nothing when it is interrupted', async () => {
    const { folder, db } = await makeDatabase();
    const path = join(folder, 'top-n.html');
    const signals = new EventEmitter();
    const stderr = new PassThrough();
    let told = '';
    stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes('accuracy-by-top-n: ')) signals.emit('SIGINT');
    });
    const words = ['figure', 'accuracy-by-top-n', 'small', '--images', '1500', '--output', path, '--db', db];
    const { code } = await runHere(words, { stderr, signals });
    expect(code).toBe(130);
    expect(told).toMatch(/locus: interrupted after \d+ of 1500 images\n$/);
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('prints the path of a page where there is no display', async () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', '');
    const { run } = await makeDatabase();
    for (const words of [
      ['figure', 'votes', 'small'],
      ['report', 'small', '--label', '5'],
    ]) {
      const { code, stdout } = await run(...words);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\/.*\.html\n$/);
      expect(existsSync(stdout.trim())).toBe(true);
    }
    vi.unstubAllEnvs();
  });

  it('writes reports', async () => {
    const { folder, run } = await makeDatabase();
    const path = join(folder, 'small.html');
    const { code, stdout } = await run('report', 'small', '--output', path);
    expect([code, stdout]).toEqual([0, `${path}\n`]);
    expect(readFileSync(path, 'utf8')).toContain('<h1>LC_SNN small</h1>');
  });

  it('says what is wrong', async () => {
    const { run } = await makeDatabase();
    const messages = [
      [['figure', 'vots', 'small'], 2, 'Did you mean "votes"?'],
      [['figure', 'votes'], 2, 'figure: votes needs the name of a network'],
      [['figure', 'robustness', 'small'], 2, 'robustness is not of LC_SNN networks; those have weights-xy'],
      [
        ['figure', 'votes', 'small', '--label', '3'],
        2,
        'figure: votes has no options of its own, got --label',
      ],
      [['figure', 'input', 'small', '--images', '9'], 2, 'input has --label, --index, got --images'],
      [['figure', 'stdp-window', 'small', '--of', 'xx'], 2, '--of: expected xy, yy, got "xx"'],
      [['figure', 'database', 'small'], 2, 'figure: database shows all networks, got "small" too'],
      [['figure', 'votes', 'smull'], 1, 'Did you mean "small"?'],
      [
        ['figure', 'votes', 'small', '--output', 'votes.gif'],
        1,
        '.html, .png, .svg or .pdf, got "votes.gif"',
      ],
      [['report', 'small', '--output', 'small.doc'], 1, '.html or .pdf, got "small.doc"'],
    ] as const;
    for (const [words, code, text] of messages) {
      const ran = await run(...words);
      expect(ran.code).toBe(code);
      expect(ran.stderr).toContain(text);
    }
  });
});
