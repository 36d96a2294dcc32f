import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { formatDuration, showProgress } from './progress.js';

function record(): { stream: PassThrough; lines: () => string[] } {
  const stream = new PassThrough();
  return {
    stream,
    lines: () =>
      String(stream.read() ?? '')
        .split('\n')
        .slice(0, -1),
  };
}

describe('showProgress without a terminal', () => {
  it('writes a line at every tenth, whatever the steps, and one at the end', () => {
    for (const step of [1, 7, 16]) {
      const { stream, lines } = record();
      const progress = showProgress('training', { stream });
      for (let done = step; done < 1000; done += step) progress.update({ done, total: 1000 });
      progress.update({ done: 1000, total: 1000 });
      progress.stop();
      const shown = lines().map((line) => Number(/^training: (\d+) of 1000 images, \d/.exec(line)?.[1]));
      expect(shown).toEqual(
        Array.from({ length: 10 }, (_, i) => Math.min(1000, Math.ceil((100 * (i + 1)) / step) * step)),
      );
    }
  });

  it('tells speed and time left of this run, not of the one before', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { stream, lines } = record();
      const progress = showProgress('training', { stream, from: 500 });
      vi.advanceTimersByTime(2000);
      progress.update({ done: 600, total: 5000 });
      vi.advanceTimersByTime(86_000);
      progress.update({ done: 5000, total: 5000 });
      expect(lines()).toEqual([
        'training: 600 of 5000 images, 50/s, 1:28 left',
        'training: 5000 of 5000 images, 51/s',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is silent where it is told to be', () => {
    const { stream, lines } = record();
    const progress = showProgress('training', { stream, silent: true });
    progress.update({ done: 1, total: 1 });
    progress.stop();
    expect(lines()).toEqual([]);
  });
});

it('formatDuration: minutes, hours, unknown', () => {
  expect([0, 5.4, 65, 3600, 7384, Number.POSITIVE_INFINITY].map(formatDuration)).toEqual([
    '0:00',
    '0:05',
    '1:05',
    '1:00:00',
    '2:03:04',
    '?',
  ]);
});
