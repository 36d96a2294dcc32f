/** Images of a whole calibration or test set, about: the choice of an engine reckons with them. */
export const usualSet = 10_000;
