/** A pause in a long computation in which timers, signals and messages get their turn. */
export function letEventsIn(): Promise<void> {
  return new Promise((resolve) => {
    // Browsers have no setImmediate; their timers wait a few milliseconds longer.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
