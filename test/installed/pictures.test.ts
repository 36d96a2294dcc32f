/** Pictures and PDF: without the optional package one line says what to install, and with it they are made. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.js';
import { installed, makeWorkFolder, runLocus, start } from './run-installed.js';

/** Files by the command that writes them, and how each begins. */
const pictures = [
  ['figure database --output all.png', 'all.png', '\u0089PNG'],
  ['figure weights-xy 42d7e5a3 --output weights.svg', 'weights.svg', '<svg'],
  ['figure votes 42d7e5a3 --output votes.pdf', 'votes.pdf', '%PDF'],
  ['report 42d7e5a3 --output report.pdf', 'report.pdf', '%PDF'],
] as const;

const folder = makeWorkFolder();

describe('without playwright-core', () => {
  it.each(pictures)('locus %s says what to install', async (words, file) => {
    const { code, stdout, stderr } = await runLocus(folder, [...words.split(' '), '--quiet']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^locus: [^\n]*(npm install playwright-core|Install Chromium)[^\n]*\n$/i);
    expect(existsSync(join(folder, file))).toBe(false);
  });

  it('a program can tell by the code of the error, and writes a page', async () => {
    const script = `
      import { loadNetwork } from 'locus-snn';
      const figure = loadNetwork('42d7e5a3').weightsXYFigure();
      console.log(await figure.write('w.png').catch((error) => error.code), await figure.write('w.html'));`;
    const { child, finished } = start(folder, process.execPath, ['--input-type=module', '--eval', script]);
    child.stdin?.end();
    const { code, stdout } = await finished;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `BROWSER_UNAVAILABLE ${join(folder, 'w.html')}\n` });
  });
});

describe.skipIf(!hasChromium)('with playwright-core and a Chromium', () => {
  it('makes every picture', async () => {
    const words = ['install', 'playwright-core', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
    execFileSync('npm', words, { cwd: installed, stdio: 'pipe' });
    for (const [command, file, beginning] of pictures) {
      expect(await runLocus(folder, command.split(' '))).toMatchObject({ code: 0 });
      expect(readFileSync(join(folder, file), 'latin1').slice(0, 4)).toBe(beginning);
    }
  });
});
