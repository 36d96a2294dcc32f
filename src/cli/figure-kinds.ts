/** What `locus figure` can draw. */

/** Figures of a spiking network, and of one that is shown an image. */
export const snnFigureKinds = [
  'weights-xy',
  'weights-yy',
  'votes',
  'votes-distribution',
  'confusion',
  'accuracy-distribution',
  'accuracy-by-training',
  'accuracy-by-top-n',
  'competition-distribution',
  'competition-map',
  'stdp-window',
  'health',
  'input',
  'spikes',
  'best-spikes',
  'best-voters',
  'voltage',
] as const;

/** Figures of a deep network (NNMF, SBS). */
export const layeredFigureKinds = [
  'training-curves',
  'layer-weights',
  'reconstruction',
  'robustness',
] as const;

/** Figures of a ReLU network, and of the spiking network that it becomes. */
export const reluFigureKinds = ['training-curves'] as const;
export const convertedFigureKinds = ['accuracy-by-time', 'rates-by-activation', 'rate-threshold'] as const;

export const figureKinds = [
  'database',
  ...snnFigureKinds,
  ...layeredFigureKinds,
  ...convertedFigureKinds,
] as const;

export type SnnFigureKind = (typeof snnFigureKinds)[number];
export type LayeredFigureKind = (typeof layeredFigureKinds)[number];
export type ConvertedFigureKind = (typeof convertedFigureKinds)[number];
