/** The ways in which float32 keeps the decay of adaptive thresholds, by name; apart, as the command line lists them. */
export const thetaDecays = ['stepwise', 'exact'] as const;

export type ThetaDecay = (typeof thetaDecays)[number];
