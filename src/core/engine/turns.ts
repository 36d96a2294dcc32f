/** Work that shares memory, one piece after another: what is asked for while another piece runs waits for its turn. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all that was asked for before, failed or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
