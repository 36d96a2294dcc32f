/** Work that shares memory, one piece after another: what is asked for while another piece runs waits for its turn. */
import { LocusError } from '../../errors.js';

export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Runs `work` after all that was asked for before, failed or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(work).finally(() => {
      this.#waiting--;
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /** @throws LocusError `BUSY` unless all that was asked for is done */
  checkIdle(place: string): void {
    if (this.#waiting > 0) throw new LocusError('BUSY', `${place}: is at work; await its end first`);
  }
}
