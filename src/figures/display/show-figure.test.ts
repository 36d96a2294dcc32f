import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { Figure } from '../figure.js';
import { findOpener } from './show-figure.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('opens pages with what the system has, and not where nobody could see them', () => {
  expect(findOpener('darwin', {})).toEqual(['open']);
  expect(findOpener('win32', {})).toEqual(['cmd', '/c', 'start', '']);
  expect(findOpener('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(findOpener('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open']);
  expect(findOpener('linux', {})).toBeUndefined();
});

it.skipIf(process.platform !== 'linux')('prints the path of a page where there is no display', () => {
  vi.stubEnv('DISPLAY', '');
  vi.stubEnv('WAYLAND_DISPLAY', '');
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  const figure = new Figure([{ type: 'bar', x: [1], y: [2] }], {});
  figure.show();
  expect(printed).toHaveLength(1);
  expect(readFileSync(printed[0], 'utf8')).toBe(figure.toHtml());
});
