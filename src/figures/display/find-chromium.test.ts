import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findChromium } from './find-chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'locus-browser-'));
const program = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

it('takes the named one, then LOCUS_CHROMIUM, CHROMIUM and the PATH', () => {
  const [given, locus, general, found] = ['given', 'locus', 'general', 'google-chrome'].map(program);
  const PATH = ['/nowhere', folder].join(delimiter);
  expect(findChromium(given, { LOCUS_CHROMIUM: locus, CHROMIUM: general, PATH })).toBe(given);
  expect(findChromium(undefined, { LOCUS_CHROMIUM: locus, CHROMIUM: general, PATH })).toBe(locus);
  expect(findChromium(undefined, { CHROMIUM: general, PATH })).toBe(general);
  expect(findChromium(undefined, { PATH })).toBe(found);
});

it('does not look further where a named one is missing', () => {
  const found = program('chromium');
  expect(() => findChromium('/no/browser', { CHROMIUM: found })).toThrow(
    'expected a Chromium at /no/browser',
  );
  expect(() => findChromium(undefined, { LOCUS_CHROMIUM: folder, CHROMIUM: found })).toThrow(
    `expected a Chromium at ${folder} (LOCUS_CHROMIUM), found none`,
  );
});

it('says what to do where there is none', () => {
  expect(() => findChromium(undefined, { PATH: '' })).toThrow(
    /expected a Chromium or Chrome, found none\. Install one .* or name it in LOCUS_CHROMIUM/,
  );
});
