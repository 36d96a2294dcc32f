/** A live view in the output of a notebook's cell: one display that every frame replaces, and whose last frame is kept. */
import { createHash } from 'node:crypto';
import { carryLibrary, type Notebook, type NotebookDisplay } from '../../figures/display/notebook.js';
import { encodeFrame } from './encode-frame.js';
import type { LiveDisplay, LiveFrame } from './live-frame.js';
import { liveElements, liveScript, liveStyle } from './live-elements.js';

/** What drawing all figures of a frame afresh takes a browser on this machine, about [ms]. */
const drawingTime = 300;

export class LiveNotebook implements LiveDisplay {
  readonly isWatched = true;
  readonly expectedDrawingTime = drawingTime;
  readonly #display: NotebookDisplay;
  #drawingTime = 0;

  constructor(notebook: Notebook) {
    // The library stays in an output of its own: frames would throw it away, or carry it each time.
    carryLibrary(notebook);
    this.#display = notebook.newDisplay();
  }

  show(frame: LiveFrame): void {
    const json = encodeFrame(frame, 0);
    // By content, so that a notebook executed again gives the same output.
    const id = `locus-live-${createHash('sha256').update(json).digest('hex').slice(0, 12)}`;
    this.#drawingTime += drawingTime;
    this.#display.html(`<style>${liveStyle}</style>
${liveElements(id)}
<script>${liveScript}
locusLive.showFrame(document.getElementById('${id}'), ${json});</script>`);
  }

  /** Every change of the output replaces it: the line of the status moves with the frames. */
  update(): void {}

  /** A guess: the browser does not answer the kernel. */
  takeDrawingTime(): number {
    const time = this.#drawingTime;
    this.#drawingTime = 0;
    return time;
  }

  async delivered(): Promise<void> {}
}
