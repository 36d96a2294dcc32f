/** No run of BindsNET lies there unseen: each belongs to a family, and a test walks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { familiesOfCases, familyNames } from '../support/bindsnet-cases.js';
import { describeCases } from '../support/walk-cases.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const texts = readdirSync(here)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(here, file), 'utf8'));

describeCases(familiesOfCases(), ({ families }) => {
  it('is in one family', () => {
    expect(families).toHaveLength(1);
  });
});

it.each(familyNames)('a test walks the family "%s"', (family) => {
  const walkers = texts.filter((text) => text.includes(`bindsnetCases('${family}')`));
  expect(walkers).toHaveLength(1);
});
