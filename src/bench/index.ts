/** Benchmarks: what is measured, and how; and the choice of an engine by measuring. */
export {
  chooseEngine,
  describeChoice,
  describeWebGpu,
  type EngineChoiceMade,
  type EngineTrial,
  type PlannedWork,
} from './choose-engine.js';
export { type BenchFigure, type MeasureOptions, measureNetworks } from './measure-networks.js';
export { type BenchCase, type BenchSelection, gpuEngineNames, planCases } from './plan-cases.js';
