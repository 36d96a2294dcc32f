/** Finds the browser that makes pictures: one that is named, or a Chromium or Chrome that is installed. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LocusError } from '../../errors.js';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'chrome.exe',
  'msedge.exe',
];

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Path of a Chromium: `given`, else `LOCUS_CHROMIUM` or `CHROMIUM` of the environment, else one on the `PATH` or in its
 * usual place.
 * @throws LocusError `BROWSER_UNAVAILABLE` where the named one is none, or none was found
 */
export function findChromium(given?: string, env: NodeJS.ProcessEnv = process.env): string {
  for (const [source, path] of [
    ['the given path', given],
    ['LOCUS_CHROMIUM', env.LOCUS_CHROMIUM],
    ['CHROMIUM', env.CHROMIUM],
  ]) {
    if (!path) continue;
    if (isExecutable(path)) return path;
    throw new LocusError(
      'BROWSER_UNAVAILABLE',
      `pictures of figures: expected a Chromium at ${path} (${source}), found none`,
    );
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places];
  const found = candidates.find(isExecutable);
  if (found) return found;
  throw new LocusError(
    'BROWSER_UNAVAILABLE',
    'pictures of figures: expected a Chromium or Chrome, found none. Install one (Debian: apt-get install chromium), or name ' +
      'it in LOCUS_CHROMIUM; .html files need no browser to be written.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
