/** What a live view shows of a running training, and what shows it. */
import type { FigureParts } from '../../figures/display/encode-figure.js';

/** How far the work is. */
export interface LiveStatus {
  /** `failed`: an error ended it; `text` says which. */
  readonly state: 'running' | 'done' | 'interrupted' | 'failed';
  /** What is being done, or what became of it: `training`, `testing`, `done`. */
  readonly text: string;
  /** Images done, and of how many; left out where nothing is counted. */
  readonly done?: number;
  readonly total?: number;
}

/** Everything that is seen at one moment. */
export interface LiveFrame {
  /** The network, in one line. */
  readonly title: string;
  readonly status: LiveStatus;
  /** Figures by name, in the order in which they stand; the same names in every frame of a training. */
  readonly figures: Readonly<Record<string, FigureParts>>;
}

/** Where frames go: a page in the browser, the output of a notebook's cell. */
export interface LiveDisplay {
  /** Whether a frame would be seen now; those of the last moment are shown in any case. */
  readonly isWatched: boolean;
  /** Takes a new frame; it may come before the last one has been drawn. */
  show(frame: LiveFrame): void;
  /** Moves the line of the status between two frames. */
  update(status: LiveStatus): void;
  /**
   * Time that drawing took one of this machine's processors since the last call [ms]; the threads of a training wait for each
   * other, so that it loses as much.
   */
  takeDrawingTime(): number;
  /** What drawing the first frame of a training may take [ms] (0 if left out): one that is shorter is shown when it is over. */
  readonly expectedDrawingTime?: number;
  /** Resolves when the last frame is on its way to everybody who looks. */
  delivered(): Promise<void>;
}
