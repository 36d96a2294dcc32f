/** The published accuracy table: what was published, and the settings that reproduce each row, with their origin. */
import type { NetworkType, SnnParameters } from '../models/index.js';

/** Mean and standard deviation over five networks [%]. */
export interface PublishedAccuracy {
  readonly mean: number;
  readonly sd: number;
}

export interface TableRow {
  readonly row: number;
  readonly type: NetworkType;
  readonly parameters: Readonly<Partial<SnnParameters>>;
  /** Training images. */
  readonly nIter: number;
  /** Where `parameters` and `nIter` come from. */
  readonly origin: string;
  readonly nParameters: number;
  readonly nOutput: number;
  /** Method 1: the best voting algorithm; method 2: the linear classifier. */
  readonly voting: PublishedAccuracy;
  readonly linear: PublishedAccuracy;
}

const published = 'published hyperparameters';

/** All networks: stride 4, crop 20, 250 ms, intensity 127.5. */
export const tableRows: readonly TableRow[] = [
  {
    row: 1,
    type: 'LC_SNN',
    parameters: { nFilters: 1000, kernelSize: 12, meanWeight: 0.2, cW: -50 },
    nIter: 5000,
    origin: published,
    nParameters: 10287000,
    nOutput: 9000,
    voting: { mean: 92.3, sd: 0.7 },
    linear: { mean: 95.1, sd: 0.5 },
  },
  {
    row: 2,
    type: 'LC_SNN',
    parameters: { nFilters: 100, kernelSize: 12, meanWeight: 0.32, cW: -50 },
    nIter: 5000,
    origin: published,
    nParameters: 218700,
    nOutput: 900,
    voting: { mean: 87.5, sd: 0.9 },
    linear: { mean: 91.5, sd: 0.6 },
  },
  {
    row: 3,
    type: 'LC_SNN',
    parameters: { nFilters: 100, kernelSize: 8, meanWeight: 0.5, cW: -40 },
    nIter: 5000,
    origin: published,
    nParameters: 260800,
    nOutput: 1600,
    voting: { mean: 82.9, sd: 0.6 },
    linear: { mean: 88.1, sd: 0.7 },
  },
  {
    row: 4,
    type: 'LC_SNN',
    parameters: {
      nFilters: 25,
      kernelSize: 12,
      meanWeight: 0.46,
      cW: -100,
      cL: true,
      APos: -0.0556,
      ANeg: -1.626,
      tauPos: 17.72,
      tauNeg: 16.48,
    },
    nIter: 4000,
    origin: published,
    nParameters: 37800,
    nOutput: 225,
    voting: { mean: 82.3, sd: 1.0 },
    linear: { mean: 88.2, sd: 0.6 },
  },
  {
    row: 5,
    type: 'LC_SNN',
    parameters: { nFilters: 25, kernelSize: 12, meanWeight: 0.46, cW: -127 },
    nIter: 4000,
    origin: published,
    nParameters: 37800,
    nOutput: 225,
    voting: { mean: 80.1, sd: 1.0 },
    linear: { mean: 85.5, sd: 0.8 },
  },
  {
    row: 6,
    type: 'LC_SNN',
    parameters: { nFilters: 25, kernelSize: 8, meanWeight: 0.5, cW: -60 },
    nIter: 5000,
    origin: published,
    nParameters: 35200,
    nOutput: 400,
    voting: { mean: 73.6, sd: 1.0 },
    linear: { mean: 80.3, sd: 0.7 },
  },
  {
    row: 7,
    type: 'C_SNN',
    parameters: { nFilters: 169, kernelSize: 12, meanWeight: 0.5, cW: -110 },
    nIter: 5000,
    origin: published,
    nParameters: 279864,
    nOutput: 1521,
    voting: { mean: 79.2, sd: 1.6 },
    linear: { mean: 85.7, sd: 1.4 },
  },
  {
    row: 8,
    type: 'C_SNN',
    parameters: { nFilters: 81, kernelSize: 12, meanWeight: 0.5, cW: -110 },
    nIter: 5000,
    origin: published,
    nParameters: 69984,
    nOutput: 729,
    voting: { mean: 77.2, sd: 1.7 },
    linear: { mean: 83.1, sd: 1.2 },
  },
  {
    row: 9,
    type: 'C_SNN',
    parameters: { nFilters: 100, kernelSize: 8, meanWeight: 0.4, cW: -100 },
    nIter: 5000,
    origin: published,
    nParameters: 164800,
    nOutput: 1600,
    voting: { mean: 77.4, sd: 1.9 },
    linear: { mean: 82.1, sd: 1.3 },
  },
  {
    row: 10,
    type: 'C_SNN',
    parameters: { nFilters: 25, kernelSize: 12, meanWeight: 0.5, cW: -80 },
    nIter: 5000,
    origin: published,
    nParameters: 9000,
    nOutput: 225,
    voting: { mean: 65.8, sd: 0.7 },
    linear: { mean: 77.1, sd: 0.6 },
  },
  {
    row: 11,
    type: 'C_SNN',
    parameters: { nFilters: 25, kernelSize: 8, meanWeight: 0.5, cW: -80 },
    nIter: 5000,
    origin: published,
    nParameters: 11200,
    nOutput: 400,
    voting: { mean: 63.1, sd: 1.2 },
    linear: { mean: 75.8, sd: 0.5 },
  },
  {
    row: 12,
    type: 'FC_SNN',
    parameters: { nFilters: 100, meanWeight: 0.3, cW: -80 },
    nIter: 5000,
    origin: published,
    nParameters: 49900,
    nOutput: 100,
    voting: { mean: 81.4, sd: 0.9 },
    linear: { mean: 82.1, sd: 0.8 },
  },
];
