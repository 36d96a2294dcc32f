/** Names with quotes, tags, other scripts or 200 characters: in every table, page and document they are what they were given as. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plotDatabase } from '../../src/kinds/plot-database.js';
import { renameNetwork } from '../../src/store/index.js';
import { textWidth } from '../../src/text-table.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere } from './run-cli.js';

const fixture = join(import.meta.dirname, '../fixtures/databases/version-1.db');

const names = [
  `O'Neil said "no"`,
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)> & co',
  '</title><b>bold</b>',
  '%{x} ${name} $& \\u0041 \\',
  '-- DROP TABLE networks; --',
  'Ünïcødé ± 50 %',
  'Cafe\u0301 e\u0301e\u0301',
  '東京の網 第一',
  '한국어 신경망',
  'שָׁלוֹם עולם',
  'شَبَكَة عصبية',
  'ภาษาไทยที่นี่',
  'नेटवर्क',
  '🦗 crickets 👍🏽',
  '../../etc/passwd',
  'a'.repeat(200),
  '網'.repeat(200),
  '__proto__',
  'constructor',
];

/** A database with one network of this name among others; the name's network has votes and scores. */
function makeDatabase(name: string): string {
  const path = join(makeFolder(), 'networks.db');
  copyFileSync(fixture, path);
  renameNetwork('8a4d179b8119', name, { database: path });
  return path;
}

/** Every line of the table takes the same columns. */
function expectAligned(text: string): void {
  const widths = text
    .split('\n')
    .filter((line) => /^[┌│├└]/.test(line))
    .map(textWidth);
  expect(widths.length).toBeGreaterThan(4);
  expect(new Set(widths).size).toBe(1);
}

describe.each(names)('%s', (name) => {
  const run = async (...words: string[]) => {
    const ran = await runHere(words);
    expect(ran.stderr).toBe('');
    return ran.stdout;
  };

  it('is listed, shown, compared and found', async () => {
    const db = makeDatabase(name);
    expectAligned(await run('ls', '--db', db));
    const rows = JSON.parse(await run('ls', '--filter', `name=${name}`, '--json', '--db', db)) as {
      name: string;
    }[];
    expect(rows.map((row) => row.name)).toEqual([name]);
    // yargs takes a word that begins with dashes for an option.
    const words = name.startsWith('-') ? [] : [name];
    for (const word of words) {
      expect((await run('show', word, '--db', db)).split('\n')[0]).toBe(name);
      const { row } = JSON.parse(await run('show', word, '--json', '--db', db)) as { row: { name: string } };
      expect(row.name).toBe(name);
      expect((await runHere(['diff', word, 'relu', '--db', db])).stdout).toContain(
        `first   ${name}\nsecond  relu\n`,
      );
      expect(await run('rm', word, '--yes', '--db', db)).toBe(`Deleted ${name}\n`);
    }
  });

  it('is text in the figure of the database, and in its page', async () => {
    const db = makeDatabase(name);
    const figure = plotDatabase({ database: db });
    const traces = figure.data as { customdata?: string[]; text?: string[] }[];
    const at = traces.flatMap(({ customdata = [], text = [] }) =>
      customdata.map((each, i) => [each, text[i]]),
    );
    const [, label] = at.find(([each]) => each === name) ?? [];
    // Plotly reads tags and entities.
    expect(label?.split('<br>')[0]).toBe(
      name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    );
    const page = figure.toHtml();
    expect(page).not.toContain('alert(1)</script>');
    expect(page).not.toContain('<img src=x');
  });
});

describe('a report', () => {
  it.each(names.slice(0, 4).concat('שָׁלוֹם 東京'))('of %s has it as text', async (name) => {
    const db = makeDatabase(name);
    const output = join(makeFolder(), 'report.html');
    expect((await runHere(['report', name, '--output', output, '--db', db])).code).toBe(0);
    const page = readFileSync(output, 'utf8');
    const escaped = name
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;');
    expect(page).toContain(`<h1>LC_SNN ${escaped}</h1>`);
    expect(page).toContain(`<title>LC_SNN ${escaped}</title>`);
    expect(page).not.toContain('alert(1)</script>');
    expect(page).not.toContain('<img src=x');
  });
});

describe('the title of a figure', () => {
  it.each([
    ['accuracy < 5 and > 3', 'accuracy &lt; 5 and &gt; 3'],
    ['<b>bold</b><br>n<sub>1</sub>', 'bold n1'],
    ['</title><script>alert(1)</script>', '&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
  ])('%s is the title of its page', (title, expected) => {
    const page = plotDatabase({ database: makeDatabase('x'), title }).toHtml();
    expect(/<title>(.*)<\/title>/.exec(page)?.[1]).toBe(expected);
  });
});

describe('a name that is refused', () => {
  it.each([
    'two\nlines',
    'a\rb',
    'tab\there',
    '\u001B[31mred',
    'bell\u0007',
    'left\u200Fright',
    '\u202Egnp.exe',
    'zero\u200Bwidth',
    ' before',
    'after ',
    '',
    'a'.repeat(201),
    '\uD800',
  ])('%j', async (name) => {
    const db = makeDatabase('x');
    const { code, stderr } = await runHere(['rename', 'x', name, '--db', db]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/expected a (name of 1 to 200 printable characters|value)/);
    expect(() => renameNetwork('x', name, { database: db })).toThrow('printable characters');
  });
});
