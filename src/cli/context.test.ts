import { PassThrough } from 'node:stream';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CommandContext, type OutputMode } from './context.js';

function makeContext(words: readonly string[], mode: OutputMode = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io = { stdin: new PassThrough(), stdout, stderr, signals: new EventEmitter(), exit: () => {} };
  const context = new CommandContext(io, words, new AbortController().signal, mode);
  return {
    context,
    written: () => [stdout.read(), stderr.read()].map((chunk: Buffer | null) => String(chunk ?? '')),
  };
}

describe('CommandContext', () => {
  it('gives a command line that a shell reads as the same words', () => {
    const { context } = makeContext(['train', 'lc', '--name', "it's 5", '--c-w', '-5']);
    expect(context.commandWith('--resume')).toBe(
      String.raw`locus train lc --name 'it'\''s 5' --c-w -5 --resume`,
    );
    expect(makeContext(['start', '--resume']).context.commandWith('--resume')).toBe('locus start --resume');
  });

  it('writes results to stdout and remarks to stderr', () => {
    const { context, written } = makeContext([]);
    context.note('remark');
    context.report({ a: 1 }, () => 'text');
    expect(written()).toEqual(['text\n', 'remark\n']);
  });

  it('with json writes one document, and numbers that JSON does not have as text', () => {
    const { context, written } = makeContext([], { json: true });
    context.note('remark');
    context.report({ a: [Number.NEGATIVE_INFINITY, 0.1, null] }, () => 'text');
    const [stdout, stderr] = written();
    expect(JSON.parse(stdout)).toEqual({ a: ['-Infinity', 0.1, null] });
    expect(stderr).toBe('');
  });
});
