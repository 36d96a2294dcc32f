/** Benchmarks: what is measured, and how. */
export { type BenchFigure, type MeasureOptions, measureNetworks } from './measure-networks.js';
export { type BenchCase, type BenchSelection, planCases } from './plan-cases.js';
