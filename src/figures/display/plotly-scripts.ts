/** The scripts of a page with figures: Plotly's library, packed, and the call that draws a figure. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { encodeFigure, type FigureParts } from './encode-figure.js';

/**
 * A promise of the library, made by whichever script comes first: a notebook may draw a stored output before the one that
 * carries the library.
 */
export const libraryPromise = `window.locusPlotly ??= (() => {
  let resolve, reject;
  const promise = new Promise((done, failed) => { resolve = done; reject = failed; });
  return Object.assign(promise, { resolve, reject });
})();`;

let packed: string | undefined;

/** A script that brings Plotly, to be run once per page. */
export function plotlyLibraryScript(): string {
  packed ??= packLibrary();
  return `${libraryPromise}
(async () => {
  const packed = Uint8Array.from(atob('${packed}'), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const module = { exports: {} };
  new Function('module', 'exports', await new Response(stream).text())(module, module.exports);
  window.locusPlotly.resolve(module.exports);
})().catch(window.locusPlotly.reject);`;
}

/** A script that draws a figure into the element of that id, once the library is there. */
export function drawScript(id: string, figure: FigureParts): string {
  return `${libraryPromise}
window.locusPlotly.then(async (Plotly) => {
  const element = document.getElementById('${id}');
  const { data, layout } = ${encodeFigure(figure)};
  await Plotly.newPlot(element, data, layout, { displaylogo: false, showTips: false });
${layoutCopies(figure) ? copyOnClick : ''}  element.dataset.drawn = 'true';
});`;
}

/** Copies what a clicked point carries as custom data, and says so in its place for a moment. */
const copyOnClick = `  element.on('plotly_click', async ({ points: [point] }) => {
    const text = String(point.customdata);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement('textarea'), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    const note = Object.assign(document.createElement('div'), { textContent: 'copied: ' + text });
    note.className = 'locus-copied';
    note.style.cssText = 'position:fixed;bottom:16px;left:16px;padding:6px 12px;background:#262626;color:#fff;font:13px sans-serif;z-index:9';
    document.body.append(note);
    setTimeout(() => note.remove(), 2500);
  });
`;

function layoutCopies({ layout }: FigureParts): boolean {
  const { meta } = layout as { meta?: { copyOnClick?: boolean } };
  return meta?.copyOnClick === true;
}

function packLibrary(): string {
  const path = createRequire(import.meta.url).resolve('plotly.js-dist');
  return gzipSync(readFileSync(path)).toString('base64');
}
