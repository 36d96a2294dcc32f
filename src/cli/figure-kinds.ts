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

export const figureKinds = ['database', ...snnFigureKinds, ...layeredFigureKinds] as const;

export type SnnFigureKind = (typeof snnFigureKinds)[number];
export type LayeredFigureKind = (typeof layeredFigureKinds)[number];
