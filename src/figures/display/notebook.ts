/** Figures in a tslab notebook: the library once per notebook, then one element and script per figure. */
import { createHash } from 'node:crypto';
import { encodeFigure, type FigureParts } from './encode-figure.js';
import { figureElement } from './figure-page.js';
import { plotlyLibraryScript } from './plotly-scripts.js';

/** The part of tslab that shows things in a cell's output. */
export interface NotebookDisplay {
  html(text: string): void;
}

/** The part of tslab that a notebook has. */
export interface Notebook {
  readonly display: NotebookDisplay;
  /** An output whose every `html` replaces what it showed before. */
  newDisplay(): NotebookDisplay;
}

/** The tslab kernel that this process is, or undefined elsewhere. */
export function findNotebook(): Notebook | undefined {
  // The kernel's own copy of tslab: one that our modules would resolve need not be the running one.
  const { __tslab__: kernel } = globalThis as {
    __tslab__?: { require: (name: 'tslab') => Notebook };
  };
  return kernel?.require('tslab');
}

const carrying = new WeakSet<NotebookDisplay>();
let shown = 0;

export function showInNotebook(figure: FigureParts, { display }: Pick<Notebook, 'display'>): void {
  const library = takeLibrary(display);
  // By content, so that a notebook executed again gives the same output.
  const content = createHash('sha256').update(encodeFigure(figure)).digest('hex').slice(0, 12);
  display.html(library + figureElement(`locus-${shown++}-${content}`, figure));
}

/** Brings the library into the notebook, in an output of its own, where it has none yet. */
export function carryLibrary({ display }: Pick<Notebook, 'display'>): void {
  const library = takeLibrary(display);
  if (library !== '') display.html(library);
}

function takeLibrary(display: NotebookDisplay): string {
  if (carrying.has(display)) return '';
  carrying.add(display);
  return `<script>${plotlyLibraryScript()}</script>\n`;
}
