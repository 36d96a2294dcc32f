/** When a training is looked at: at multiples of an interval, and not so often that looking slows it down. */

/** Share of the time that looking may take, whatever the length of the training. */
const share = 0.035;
/** How long it may be until it is asked again whether to look, where somebody looks and where nobody does [ms]: asking takes time too. */
const longestPause = { watched: 3000, unwatched: 1000 };

export class LookSchedule {
  #begun = 0;
  /** Time that looking took, and how much of that the training stood still [ms]. */
  #spent = 0;
  #paused = 0;
  /** Time that the latest look took, as far as it is known [ms]; the next one is expected to take as long. */
  #latest = 0;
  #start = 0;
  /** Intervals that had passed at the last look. */
  #seen = 0;

  /** @param interval images between two looks, where that leaves the training its time */
  constructor(
    readonly interval: number,
    readonly clock: () => number = () => performance.now(),
  ) {}

  /** The training begins (again) at iteration `nIter`; `expected`: what its first look may cost [ms]. */
  begin(nIter: number, expected = 0): void {
    this.#begun = nIter;
    this.#start = this.clock();
    this.#spent = 0;
    this.#paused = 0;
    this.#seen = 0;
    this.#latest = expected;
  }

  /** Notes that iteration `nIter` was looked at; what is spent from now on is spent on that look. */
  looked(nIter: number): void {
    this.#seen = this.#intervalsAt(nIter);
    this.#latest = 0;
  }

  /** Time that the training lost to what is shown between looks [ms]. */
  charge(lost: number): void {
    this.#spent += lost;
  }

  /** Time that the training stood still for the latest look, and time that it lost to those who draw it [ms]. */
  spend(paused: number, lost = 0): void {
    this.#paused += paused;
    this.#spent += paused + lost;
    if (this.#seen > 0) this.#latest += paused + lost;
  }

  /** Whether to look at iteration `nIter`: an interval has passed since the last look, and enough time for one more. */
  isDue(nIter: number): boolean {
    return this.#intervalsAt(nIter) > this.#seen && this.#missing <= 0;
  }

  /** The next iteration at which to ask; where nobody looks now, not before some time has passed. */
  next(nIter: number, isWatched: boolean): number {
    const done = nIter - this.#begun;
    const busy = this.clock() - this.#start - this.#paused;
    const perMillisecond = done / Math.max(1, busy);
    const pause = isWatched
      ? Math.min(longestPause.watched, Math.max(0, this.#missing))
      : longestPause.unwatched;
    const intervals = this.#intervalsAt(nIter + pause * perMillisecond);
    return this.#begun + this.interval * Math.max(intervals, this.#intervalsAt(nIter) + 1);
  }

  #intervalsAt(nIter: number): number {
    return Math.floor((nIter - this.#begun) / this.interval);
  }

  /** Time until the looks so far and one more have their share and no more [ms]. */
  get #missing(): number {
    return (this.#spent + this.#latest) / share - (this.clock() - this.#start);
  }
}
