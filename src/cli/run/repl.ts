/** Runs `locus repl`: Node's REPL, fed with TypeScript. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Recoverable, type REPLEval, type REPLServer, start } from 'node:repl';
import { inspect } from 'node:util';
import { init } from 'es-module-lexer';
// The REPL is a user of Locus: it has exactly what users have.
import * as locus from '../../index.js';
import type { CommandContext } from '../context.js';
import { historyPath } from '../repl/history-path.js';
import { IncompleteInput, toJavaScript } from '../repl/to-javascript.js';

export async function runRepl(context: CommandContext): Promise<void> {
  const { stdin: input, stdout: output } = context.io;
  const terminal = input.isTTY === true && output.isTTY === true;
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
    writer: (value: unknown) =>
      value instanceof locus.Snn ? value.toString() : inspect(value, { colors: terminal }),
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
  const closed = once(server, 'exit');
  if (terminal) await keepHistory(server);
  await closed;
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
  await mkdir(dirname(path), { recursive: true }).catch(() => {
    // Node's REPL itself says that the history cannot be kept.
  });
  await new Promise<void>((resolve) => {
    server.setupHistory(path, () => resolve());
  });
}
