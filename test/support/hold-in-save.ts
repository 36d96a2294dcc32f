/** Holds a process still in the middle of a transaction, so that it can be killed there and nowhere else. */
import Database from 'better-sqlite3';

/**
 * Calls `onReached` as soon as a statement that matches `pattern` has run for the `nth` time, and stands still for so many
 * milliseconds (five minutes: longer than any test waits); what the transaction wrote until then is not committed.
 */
export function holdAfter(pattern: RegExp, nth: number, onReached: () => void, milliseconds = 300_000): void {
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
      if (left === 0) {
        onReached();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
      }
      return result;
    };
    return statement;
  } as typeof prepare;
}
