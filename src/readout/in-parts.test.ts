import { describe, expect, it } from 'vitest';
import { finish, finishInParts, type InParts } from './in-parts.js';

/** Counts in parts that take so long [ms] each. */
function* count(parts: number, milliseconds: number): InParts<number> {
  let done = 0;
  while (done < parts) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    done++;
    yield;
  }
  return done;
}

describe('work in parts', () => {
  it('has the same result at once and with pauses', async () => {
    expect(finish(count(7, 0))).toBe(7);
    expect(await finishInParts(count(7, 20), 'counting', undefined)).toBe(7);
    expect(finish(count(0, 0))).toBe(0);
  });

  it('lets timers in, and ends at a pause when the signal says so', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    await expect(finishInParts(count(1e6, 5), 'counting', controller.signal)).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: 'counting: interrupted',
    });
  });
});
