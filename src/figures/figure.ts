/** A figure as a value: Plotly's data and layout, and ways to look at them. */
import type { Data, Layout } from 'plotly.js-dist';
import { showFigure } from './display/show-figure.js';
import { figurePage } from './display/figure-page.js';
import { type WriteOptions, writeFigure } from './display/write-figure.js';

export class Figure {
  constructor(
    readonly data: Data[],
    readonly layout: Partial<Layout>,
  ) {}

  /** One self-contained page that shows the figure without any server or network. */
  toHtml(): string {
    return figurePage([this]);
  }

  /**
   * Writes the figure to a file: `.html`, or a picture (`.png`, `.svg`, `.pdf`) by a headless Chromium.
   * @returns the absolute path
   * @throws LocusError `INVALID_ARGUMENT` for another extension, `BROWSER_UNAVAILABLE` where a picture needs a browser and none is found
   */
  async write(path: string, options: WriteOptions = {}): Promise<string> {
    return writeFigure(this, path, options);
  }

  /** Shows the figure: in a notebook in the cell's output, else in the browser (or prints the path of a page). */
  show(): void {
    showFigure(this);
  }
}
