/** Figures in a tslab notebook: the library once per notebook, then one element and script per figure. */
import { createHash } from 'node:crypto';
import { encodeFigure, type FigureParts } from './encode-figure.js';
import { figureElement } from './figure-page.js';
import { plotlyLibraryScript } from './plotly-scripts.js';

/** The part of tslab that shows things in a cell's output. */
export interface NotebookDisplay {
  html(text: string): void;
}

/** The display of the tslab kernel that this process is, or undefined elsewhere. */
export function findNotebook(): NotebookDisplay | undefined {
  // The kernel's own copy of tslab: one that our modules would resolve need not be the running one.
  const { __tslab__: kernel } = globalThis as {
    __tslab__?: { require: (name: 'tslab') => { display: NotebookDisplay } };
  };
  return kernel?.require('tslab').display;
}

const carryLibrary = new WeakSet<NotebookDisplay>();
let shown = 0;

export function showInNotebook(figure: FigureParts, display: NotebookDisplay): void {
  const library = carryLibrary.has(display) ? '' : `<script>${plotlyLibraryScript()}</script>\n`;
  carryLibrary.add(display);
  // By content, so that a notebook executed again gives the same output.
  const content = createHash('sha256').update(encodeFigure(figure)).digest('hex').slice(0, 12);
  display.html(library + figureElement(`locus-${shown++}-${content}`, figure));
}
