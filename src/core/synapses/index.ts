/** Synapse models as equations: a new one is a file here and a line below; it runs on the engines reference and wasm. */
export { GapJunction } from './gap-junction.js';
export { StochasticRelease } from './stochastic-release.js';
export { SynapticFeatures } from './synaptic-features.js';
export { TsodyksMarkram } from './tsodyks-markram.js';
