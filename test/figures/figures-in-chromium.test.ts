/** Every figure in a real Chromium: drawn without errors, nothing cut off, no words over each other; pictures and pages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figurePage } from '../../src/figures/display/figure-page.js';
import { showInNotebook } from '../../src/figures/display/notebook.js';
import { PictureBrowser } from '../../src/figures/display/picture-browser.js';
import { bestVotersFigure, weightsXYFigure } from '../../src/figures/index.js';
import { hasChromium } from '../support/chromium.js';
import { exampleFigures } from '../support/example-figures.js';
import * as results from '../../src/figures/example-results.js';

/** A busy machine draws slowly [ms]. */
const patience = 240_000;

/** The receptive field below on the left is silent. */
const silentField = () =>
  bestVotersFigure({
    nFilters: results.nFilters,
    nPositions: results.nPositions,
    weightsXY: results.weightsLC,
    spikes: { ...results.spikes, data: results.spikes.data.map((spike, at) => (at % 4 === 2 ? 0 : spike)) },
    voltages: results.voltages,
    thresholds: results.thresholds,
    votes: results.votes,
    label: 0,
  });

const drawn = { ...exampleFigures, silentField };
const names = Object.keys(drawn) as (keyof typeof drawn)[];
const figures = names.map((name) => drawn[name]());

describe.skipIf(!hasChromium)('figures in Chromium', { timeout: patience }, () => {
  let browser: PictureBrowser;
  let gallery: Page;
  const folder = mkdtempSync(join(tmpdir(), 'locus-figures-'));

  beforeAll(async () => {
    browser = await PictureBrowser.open();
    gallery = await browser.openPage(figurePage(figures));
  }, patience);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(names)('%s: nothing is cut off, no words lie over each other', async (name) => {
    const found = await gallery.evaluate(findMisplacedText, names.indexOf(name));
    expect(found.nTexts).toBeGreaterThan(name === 'databaseFigure' ? 2 : 4);
    expect(found.misplaced).toEqual([]);
  });

  it('draws all of them without a message on the console', () => {
    expect(browser.consoleErrors).toEqual([]);
  });

  it('draws a big map of weights from packed numbers: every pixel of the picture has the colour of its weight', async () => {
    const weights = {
      shape: [9, 2, 2],
      data: results.scatterValues(36, 1).map((_, i) => (i % 4 === 0 ? 1 : 0)),
    };
    const page = await browser.openPage(figurePage([weightsXYFigure(weights)]));
    const z = await page.evaluate(() => {
      const { calcdata } = document.querySelector('.figure') as unknown as {
        calcdata: { z: number[][] }[][];
      };
      return Array.from(calcdata[0][0].z, (row) => Array.from(row, (w) => (Number.isFinite(w) ? w : null)));
    });
    expect(z.slice(0, 2)).toEqual([
      [1, 0, null, 1, 0, null, 1, 0],
      [0, 0, null, 0, 0, null, 0, 0],
    ]);
    await page.close();
  });

  it('makes PNG, SVG and PDF', async () => {
    const figure = exampleFigures.confusionFigure();
    const { width, height } = figure.layout as { width: number; height: number };
    const png = Buffer.from(await browser.render(figure, 'png', { scale: 2 }));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
    const svg = Buffer.from(await browser.render(figure, 'svg')).toString();
    expect(svg).toContain(`width="${width}" height="${height}"`);
    expect(svg).toContain('>frog</text>');
    const pdf = Buffer.from(await browser.render(figure, 'pdf')).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(browser.consoleErrors).toEqual([]);
  });

  it('copies the name of a network that is clicked', async () => {
    const path = await exampleFigures.databaseFigure().write(join(folder, 'database.html'));
    const page = await browser.openPage('');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('.figure[data-drawn]');
    const copied = await page.evaluate(async () => {
      const figure = document.querySelector('.figure') as unknown as {
        emit: (event: string, data: unknown) => void;
        data: { customdata: string[] }[];
      };
      figure.emit('plotly_click', { points: [{ customdata: figure.data[0].customdata[0] }] });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return {
        text: await navigator.clipboard.readText(),
        note: document.querySelector('.locus-copied')?.textContent,
      };
    });
    expect(copied).toEqual({ text: '0f'.repeat(28), note: `copied: ${'0f'.repeat(28)}` });
    await page.close();
  });

  it('draws cells of a notebook, even where a cell comes before the one that carries the library', async () => {
    const cells: string[] = [];
    const notebook = { display: { html: (text: string) => void cells.push(text) } };
    showInNotebook(exampleFigures.votesFigure(), notebook);
    showInNotebook(exampleFigures.votesFigure(), notebook);
    showInNotebook(exampleFigures.weightsXYFigure(), notebook);
    expect(cells.map((cell) => cell.includes('DecompressionStream'))).toEqual([true, false, false]);
    const page = await browser.openPage(`<!DOCTYPE html>${[...cells].reverse().join('\n')}`);
    expect(await page.locator('.main-svg').count()).toBeGreaterThanOrEqual(3);
    expect(browser.consoleErrors).toEqual([]);
    await page.close();
  });

  it('writes files by their extension', async () => {
    const figure = weightsXYFigure(results.weightsLC);
    const svg = await figure.write(join(folder, 'weights.svg'));
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg/);
    const html = await figure.write(join(folder, 'weights.html'));
    expect(readFileSync(html, 'utf8')).toBe(figure.toHtml());
  });
});

/** Runs in the page: text of a figure that sticks out of it, or lies over other text by more than a pixel. */
function findMisplacedText(index: number): { nTexts: number; misplaced: string[] } {
  const figure = document.querySelectorAll('.figure')[index];
  const frame = (figure.querySelector('.main-svg') as Element).getBoundingClientRect();
  const texts = Array.from(figure.querySelectorAll('text'))
    .filter((text) => !text.closest('.hoverlayer') && (text.textContent ?? '').trim() !== '')
    .map((text) => ({ words: text.textContent ?? '', box: text.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  const out = texts
    .filter(
      ({ box }) =>
        box.left < frame.left - 0.5 ||
        box.right > frame.right + 0.5 ||
        box.top < frame.top - 0.5 ||
        box.bottom > frame.bottom + 0.5,
    )
    .map(({ words }) => `cut off: ${words}`);
  const over = texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter(
        (b) =>
          Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
          Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 3,
      )
      .map((b) => `over each other: ${a.words} | ${b.words}`),
  );
  return { nTexts: texts.length, misplaced: [...out, ...over] };
}
