/** Holds a process still in the middle of a transaction, so that it can be killed there and nowhere else. */
import Database from 'better-sqlite3';

/** Longer than any test waits [ms]. */
const longest = 300_000;

/**
 * Calls `onReached` and waits to be killed as soon as a statement that matches `pattern` has run for the `nth` time; what
 * the transaction wrote until then is not committed.
 */
export function holdAfter(pattern: RegExp, nth: number, onReached: () => void): void {
  let left = nth;
  // oxlint-disable-next-line typescript/unbound-method -- called with its database below
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (!pattern.test(sql)) return statement;
    const run = statement.run.bind(statement) as (...values: unknown[]) => Database.RunResult;
    statement.run = (...values: unknown[]) => {
      const result = run(...values);
      left -= 1;
      if (left > 0) return result;
      onReached();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, longest);
      throw new Error('was not killed');
    };
    return statement;
  } as typeof prepare;
}
