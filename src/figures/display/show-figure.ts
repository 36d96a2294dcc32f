/** Shows a figure where the user is: in the notebook, in a browser, or as a path to open. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FigureParts } from './encode-figure.js';
import { figurePage } from './figure-page.js';
import { findNotebook, showInNotebook } from './notebook.js';

export function showFigure(figure: FigureParts): void {
  const notebook = findNotebook();
  if (notebook) showInNotebook(figure, notebook);
  else showPage(figurePage([figure]), 'figure');
}

/** Opens a page, or prints its path where nobody could see it. */
export function showPage(html: string, name: string): void {
  const { path, opened } = openPage(html, name);
  if (!opened) console.log(path);
}

export interface OpenedPage {
  readonly path: string;
  /** Whether there is a display that it was opened on. */
  readonly opened: boolean;
}

/** Writes a page to a temporary folder, and opens it where there is a display. */
export function openPage(html: string, name: string): OpenedPage {
  const path = join(mkdtempSync(join(tmpdir(), 'locus-')), `${name}.html`);
  writeFileSync(path, html);
  return { path, opened: openAddress(path) };
}

/** Opens a file or an address where there is a display; tells whether there is one. */
export function openAddress(address: string): boolean {
  const opener = findOpener();
  if (!opener) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, address], { detached: true, stdio: 'ignore' });
  child.on('error', () => console.log(address));
  child.unref();
  return true;
}

/** The program that opens files on this machine, if somebody could see what it opens. */
export function findOpener(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): readonly [command: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
