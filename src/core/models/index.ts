/** Neuron models as equations: a new one is a file here and a line below; every engine runs it, the GPU engine unless it draws. */
export { AdEx } from './adex.js';
export { BoostedLIF } from './boosted-lif.js';
export { CSRM } from './csrm.js';
export { csrmKernels, type EtaKernelOptions, type KernelOptions } from './csrm-kernels.js';
export { ConductanceLIF } from './conductance-lif.js';
export { CurrentLIF } from './current-lif.js';
export { DiehlAndCook } from './diehl-and-cook.js';
export { Izhikevich } from './izhikevich.js';
export { McCullochPitts } from './mcculloch-pitts.js';
export { NoisyLIF } from './noisy-lif.js';
export { PoissonSource } from './poisson-source.js';
export { SRM0 } from './srm0.js';
