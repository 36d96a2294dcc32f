/** How long work is watched and stopped: remarks, progress of its tasks, a signal. The command line and the API bring one each. */

/** The display of one task's progress. */
export interface ProgressDisplay {
  /** Shows that `done` of `total` are done. */
  readonly update: (progress: { readonly done: number; readonly total: number }) => void;
  /** A line beside the display. */
  readonly log: (text: string) => void;
  /** Takes the display away, or leaves its last state. */
  readonly stop: () => void;
}

export interface Watch {
  /** Ends the work in good order. */
  readonly signal: AbortSignal;
  /** A remark for people. */
  note(text: string): void;
  /** Progress of a task; end it with `stop`. `unit` is what is counted (default: images), `from` how many were done before. */
  progress(task: string, options?: { readonly unit?: string; readonly from?: number }): ProgressDisplay;
}

/** How a caller of the API watches. */
export interface WatchCallbacks {
  readonly signal?: AbortSignal;
  readonly onNote?: (text: string) => void;
  readonly onProgress?: (progress: {
    readonly task: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

export function watchBy({ signal, onNote, onProgress }: WatchCallbacks): Watch {
  return {
    signal: signal ?? new AbortController().signal,
    note: (text) => onNote?.(text),
    progress: (task) => ({
      update: ({ done, total }) => onProgress?.({ task, done, total }),
      log: (text) => onNote?.(text),
      stop: () => {},
    }),
  };
}
