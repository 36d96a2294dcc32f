/** Runs `locus repl`: Node's REPL, fed with TypeScript. */
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Recoverable, type REPLEval, type REPLServer, start } from 'node:repl';
import { PassThrough, type Readable } from 'node:stream';
import { inspect } from 'node:util';
import { init } from 'es-module-lexer';
// The REPL is a user of Locus: it has exactly what users have.
import * as locus from '../../index.js';
import { makeFolder } from '../../node/make-folder.js';
import type { CommandContext } from '../context.js';
import { historyPath } from '../repl/history-path.js';
import { IncompleteInput, toJavaScript } from '../repl/to-javascript.js';

export async function runRepl(context: CommandContext): Promise<void> {
  const { stdin, stdout: output } = context.io;
  const terminal = stdin.isTTY === true && output.isTTY === true;
  const input = terminal ? stdin : new PassThrough();
  await init();
  if (terminal) {
    output.write(
      `Locus ${locus.version}: TypeScript with await; LC_SNN, loadNetwork, viewDatabase, … are in scope; .help\n`,
    );
  }
  const server = start({
    prompt: terminal ? 'locus> ' : '',
    input,
    output,
    terminal,
    // Arrays of another realm would not be instances of the classes that Locus checks for.
    useGlobal: true,
    ignoreUndefined: true,
    breakEvalOnSigint: terminal,
    writer: (value: unknown) => show(value, terminal),
  });
  acceptTypeScript(server);
  for (const [name, value] of Object.entries(locus)) {
    Object.defineProperty(server.context, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  const exit = once(server, 'exit');
  if (terminal) await keepHistory(server);
  else await feedLines(stdin, server, input as PassThrough, exit);
  await exit;
  // After `.exit`, an open pipe would keep the process alive.
  if (!terminal) stdin.destroy();
}

function show(value: unknown, colors: boolean): string {
  if (value instanceof locus.Snn) return value.toString();
  // The stack of an error that says what is wrong with the input tells nothing more.
  if (value instanceof locus.LocusError) return `LocusError: ${value.message}`;
  return inspect(value, { colors });
}

/**
 * Hands on one line at a time: Node's REPL makes the keys of a terminal wait until a line is evaluated, but not the lines of
 * a pipe.
 */
async function feedLines(
  stdin: Readable,
  server: REPLServer,
  input: PassThrough,
  exit: Promise<unknown>,
): Promise<void> {
  let evaluated = () => {};
  let exited = false;
  server.once('exit', () => {
    exited = true;
  });
  // Called after every line, in place of the prompt that nobody sees.
  server.displayPrompt = () => evaluated();
  for await (const line of createInterface({ input: stdin })) {
    const ready = new Promise<void>((resolve) => {
      evaluated = resolve;
    });
    input.write(`${line}\n`);
    await Promise.race([ready, exit]);
    if (exited) return;
  }
  input.end();
}

/** Node's REPL still evaluates: it knows about top-level await, the last value and redeclared names. */
function acceptTypeScript(server: REPLServer): void {
  const evaluate: REPLEval = server.eval;
  const evaluateTypeScript: REPLEval = function evaluateTypeScript(code, context, file, callback) {
    let script: string;
    try {
      script = toJavaScript(code);
    } catch (error) {
      callback(
        error instanceof IncompleteInput ? new Recoverable(new SyntaxError(error.message)) : (error as Error),
        undefined,
      );
      return;
    }
    evaluate.call(server, script, context, file, callback);
  };
  Object.defineProperty(server, 'eval', { value: evaluateTypeScript });
}

async function keepHistory(server: REPLServer): Promise<void> {
  const path = historyPath();
  try {
    makeFolder(dirname(path));
  } catch {
    // Node's REPL itself says that the history cannot be kept.
  }
  await new Promise<void>((resolve) => {
    server.setupHistory(path, () => resolve());
  });
}
