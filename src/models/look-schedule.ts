/** When a training is looked at: at multiples of an interval, and not so often that looking slows it down. */

/** Share of the time that looking may take. */
const share = 0.03;
/** A look that waits for its time is asked about this often [ms]. */
const longestPause = 500;

export class LookSchedule {
  #begun = 0;
  #spent = 0;
  #start = 0;

  /** @param interval images between two looks, where that leaves the training its time */
  constructor(
    readonly interval: number,
    readonly clock: () => number = () => performance.now(),
  ) {}

  /** The training begins (again) at iteration `nIter`. */
  begin(nIter: number): void {
    this.#begun = nIter;
    this.#start = this.clock();
    this.#spent = 0;
  }

  /** Time that looking took [ms]. */
  spend(milliseconds: number): void {
    this.#spent += milliseconds;
  }

  /** Whether to look at iteration `nIter`: it is a multiple of the interval, and enough time has passed. */
  isDue(nIter: number): boolean {
    return nIter > this.#begun && (nIter - this.#begun) % this.interval === 0 && this.#missing <= 0;
  }

  /** The next iteration at which to ask. */
  next(nIter: number): number {
    const done = nIter - this.#begun;
    const busy = this.clock() - this.#start - this.#spent;
    const perMillisecond = done / Math.max(1, busy);
    const pause = Math.min(longestPause, Math.max(0, this.#missing));
    const intervals = Math.floor((done + pause * perMillisecond) / this.interval);
    return this.#begun + this.interval * Math.max(intervals, Math.floor(done / this.interval) + 1);
  }

  /** Time until the looks so far have had their share and no more [ms]. */
  get #missing(): number {
    return this.#spent / share - (this.clock() - this.#start);
  }
}
