/** A connection from 16 neurons onto 6 in which some pairs have no synapse. */

/** Of `Connection`. */
export const somePairs = {
  mask: Uint8Array.from({ length: 96 }, (_, i) => Number(i % 3 !== 0)),
  w: { uniform: [0.1, 1] },
  wMin: -1,
  wMax: 2,
} as const;
