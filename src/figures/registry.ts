/** All figures. A line here gives one to the API, to networks, `locus figure`, the gallery and the documentation. */
export {
  type AccuracyByTimeOptions,
  accuracyByTimeFigure,
  type TimeCurve,
} from './accuracy-by-time-figure.js';
export { accuracyByTopNFigure } from './accuracy-by-top-n-figure.js';
export { accuracyByTrainingFigure } from './accuracy-by-training-figure.js';
export { accuracyDistributionFigure } from './accuracy-distribution-figure.js';
export { bestSpikesFigure, type BestSpikesOptions } from './best-spikes-figure.js';
export { bestVotersFigure, type BestVotersOptions, type VotedImage } from './best-voters-figure.js';
export {
  competitionDistributionFigure,
  type CompetitionHistogram,
} from './competition-distribution-figure.js';
export { competitionMapFigure, type CompetitionMapOptions } from './competition-map-figure.js';
export type { ClassOptions } from './class-names.js';
export { confusionFigure } from './confusion-figure.js';
export { cvHistogramFigure, type CvHistogramOptions } from './cv-histogram-figure.js';
export { databaseFigure, type DatabasePoint } from './database-figure.js';
export { type GridCell, gridFigure, type GridFigureOptions } from './grid-figure.js';
export { healthFigure } from './health-figure.js';
export { inputFigure, type InputOptions } from './input-figure.js';
export { isiHistogramFigure, type IsiHistogramOptions } from './isi-histogram-figure.js';
export { layerWeightsFigure } from './layer-weights-figure.js';
export { rasterFigure, type RasterOptions } from './raster-figure.js';
export { rateHistogramFigure, type RateHistogramOptions } from './rate-histogram-figure.js';
export {
  type RatePoints,
  type RatesByActivationOptions,
  ratesByActivationFigure,
} from './rates-by-activation-figure.js';
export { rateThresholdFigure, type RateThresholdCell } from './rate-threshold-figure.js';
export { reconstructionFigure, type ReconstructionOptions } from './reconstruction-figure.js';
export { type NoisePoint, robustnessFigure } from './robustness-figure.js';
export { spikesFigure, type SpikesFigureOptions } from './spikes-figure.js';
export { type StdpWindow, stdpWindowFigure } from './stdp-window-figure.js';
export { type MeanAccuracy, tableFigure, type TableFigureOptions, type TableRow } from './table-figure.js';
export {
  trainingCurvesFigure,
  type TrainingCurvesOptions,
  type TrainingPoint,
} from './training-curves-figure.js';
export { voltageFigure, type VoltageOptions } from './voltage-figure.js';
export { votesDistributionFigure } from './votes-distribution-figure.js';
export { votesFigure, type VotesFigureOptions } from './votes-figure.js';
export { weightsXYFigure } from './weights-xy-figure.js';
export { weightsYYFigure } from './weights-yy-figure.js';
