/** Progress of a long task: a bar on a terminal, a line now and then elsewhere. */
import type { Writable } from 'node:stream';
import type { ProgressDisplay } from '../watch/watch.js';
import { requirePackage } from '../node/require-package.js';

export interface ProgressOptions {
  /** What is counted (default `images`). */
  readonly unit?: string;
  /** How many were done before this run (default 0): they tell nothing of its speed. */
  readonly from?: number;
  readonly stream: Writable & { readonly isTTY?: boolean };
  readonly silent?: boolean;
}

export function showProgress(
  task: string,
  { unit = 'images', from = 0, stream, silent = false }: ProgressOptions,
): ProgressDisplay {
  if (silent) return { update: () => {}, log: () => {}, stop: () => {} };
  const measure = measureSpeed(from);
  return stream.isTTY ? showBar(task, unit, stream, measure) : showLines(task, unit, stream, measure);
}

type Measure = ReturnType<typeof measureSpeed>;

function showBar(task: string, unit: string, stream: Writable, measure: Measure): ProgressDisplay {
  const { Presets, SingleBar } = requirePackage('cli-progress');
  const bar = new SingleBar(
    {
      format: `${task.padEnd(12)} [{bar}] {value}/{total} {unit} · {speed}/s · {left} left`,
      stream,
      barsize: 30,
      hideCursor: true,
      // The lines of other writers stay whole, and Ctrl-C is the command's own affair.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (progress) => {
      const payload = { unit, ...measure(progress) };
      if (!started) bar.start(progress.total, progress.done, payload);
      else bar.update(progress.done, payload);
      started = true;
    },
    // Over the bar, which is drawn again below at its next update.
    log: (text) => stream.write(`\r\u001b[K${text}\n`),
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

/** Lines per task. */
const maxLines = 10;

function showLines(task: string, unit: string, stream: Writable, measure: Measure): ProgressDisplay {
  let written = 0;
  return {
    update: (progress) => {
      const { done, total } = progress;
      const { speed, left } = measure(progress);
      const line = Math.floor((maxLines * done) / total);
      if (line === written) return;
      written = line;
      const rest = done < total ? `, ${left} left` : '';
      stream.write(`${task}: ${done} of ${total} ${unit}, ${speed}/s${rest}\n`);
    },
    log: (text) => stream.write(`${text}\n`),
    stop: () => {},
  };
}

/** Speed since now, and the time left at this speed. */
function measureSpeed(from: number) {
  const start = performance.now();
  return ({ done, total }: { readonly done: number; readonly total: number }) => {
    const perSecond = (done - from) / Math.max(1e-3, (performance.now() - start) / 1000);
    return { speed: formatSpeed(perSecond), left: formatDuration((total - done) / perSecond) };
  };
}

function formatSpeed(perSecond: number): string {
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** `1:05`, or `2:03:04` */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
