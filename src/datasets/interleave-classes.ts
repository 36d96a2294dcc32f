/** Mixes items that come grouped by class into an order in which every part has its share of each class. */

export interface Interleaved {
  /** Class of each item of the order. */
  readonly classes: Uint8Array;
  /** Number of each item within its class, ascending. */
  readonly members: Uint32Array;
}

/**
 * Spreads the members of each class evenly: member `k` of a class of `n` stands at the place (k + ½) / n of the whole
 * (equal places: the lower class first). So the first `m` of `N` items hold `n · m / N` of a class for every `m`,
 * off by at most ½ + n / N · (classes / 2): by one where the classes are of one size and ten.
 */
export function interleaveClasses(sizes: readonly number[]): Interleaved {
  const items = sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, member) => ({ place: (member + 0.5) / size, label, member })),
  );
  items.sort((a, b) => a.place - b.place || a.label - b.label);
  return {
    classes: Uint8Array.from(items, (item) => item.label),
    members: Uint32Array.from(items, (item) => item.member),
  };
}
