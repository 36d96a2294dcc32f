/** What a command has to do with the outside: where it writes, how it shows progress, when it is asked to stop. */
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ProgressDisplay, Watch } from '../watch/watch.js';
import { type ProgressOptions, showProgress } from './progress.js';

/** A stream that may be a terminal. */
type Terminal<T> = T & { readonly isTTY?: boolean; readonly columns?: number };

/** The outside of a run: the process, or what a test puts in its place. */
export interface CommandIo {
  readonly stdin: Terminal<Readable>;
  readonly stdout: Terminal<Writable>;
  readonly stderr: Terminal<Writable>;
  /** Emits `SIGINT` and `SIGTERM`. */
  readonly signals: EventEmitter;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** What of a command line decides on the form of the output. */
export interface OutputMode {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export class CommandContext implements Watch {
  /** Told of all progress, also where none is shown. */
  onProgress:
    | ((task: string, progress: { readonly done: number; readonly total: number }) => void)
    | undefined;

  constructor(
    readonly io: CommandIo,
    /** The words of the command line. */
    readonly words: readonly string[],
    /** Aborted by the first Ctrl-C where the command is interruptible. */
    readonly signal: AbortSignal,
    readonly mode: OutputMode,
  ) {}

  /** Whether a person is at the other end and can be asked. */
  get isInteractive(): boolean {
    return this.io.stdin.isTTY === true && this.io.stderr.isTTY === true && !this.mode.json;
  }

  /** The command's result: as JSON for machines, else as text. */
  report(document: unknown, text: () => string): void {
    this.io.stdout.write(`${this.mode.json ? JSON.stringify(document, nameNonFinite, 2) : text()}\n`);
  }

  /** A remark for people beside the result. */
  note(text: string): void {
    if (!this.mode.json && !this.mode.quiet) this.io.stderr.write(`${text}\n`);
  }

  /** Progress of a task; end it with `stop`. */
  progress(task: string, options: Pick<ProgressOptions, 'unit' | 'from'> = {}): ProgressDisplay {
    const silent = this.mode.json || this.mode.quiet;
    const display = showProgress(task, { ...options, stream: this.io.stderr, silent });
    return {
      ...display,
      update: (progress) => {
        this.onProgress?.(task, progress);
        display.update(progress);
      },
    };
  }

  /** The same command line with more words, as it can be typed. */
  commandWith(...more: readonly string[]): string {
    const words = [...this.words, ...more.filter((word) => !this.words.includes(word))];
    return ['locus', ...words.map(quoteWord)].join(' ');
  }
}

/** JSON has no infinite numbers, and null means something else: they become text, as in the database. */
function nameNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
