import { expect, it, vi } from 'vitest';
import { Figure } from '../figure.js';

const figure = new Figure([{ type: 'bar', x: [1], y: [2] }], { title: { text: 'Bars <b>&</b><br>more' } });

it('is one page without links to anything outside', () => {
  const html = figure.toHtml();
  expect(html).toContain('<title>Bars &amp; more</title>');
  expect(html.length).toBeLessThan(3e6);
  expect(html).not.toMatch(/<(script|link|img)[^>]*(src|href)="(?!data:)/);
});

it('refuses other extensions', async () => {
  await expect(figure.write('figure.jpg')).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'figure.write: expected a path that ends in .html, .png, .svg or .pdf, got "figure.jpg"',
  });
});

it('says so where a picture needs a browser and there is none', { timeout: 240_000 }, async () => {
  vi.stubEnv('LOCUS_CHROMIUM', '/no/browser');
  await expect(figure.write('figure.png')).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
  vi.unstubAllEnvs();
  await expect(figure.write('figure.png', { chromium: process.execPath })).rejects.toMatchObject({
    code: 'BROWSER_UNAVAILABLE',
    message: expect.stringContaining('did not start') as string,
  });
});
