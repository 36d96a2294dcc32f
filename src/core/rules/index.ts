/** Learning rules as equations: a new one is a file here and a line below; every engine runs it. */
export { Hebbian } from './hebbian.js';
export { MSTDP } from './mstdp.js';
export { MSTDPET } from './mstdpet.js';
export { Oja } from './oja.js';
export { RewardPrediction, type RewardPredictionParameters } from './reward-prediction.js';
export { Rmax } from './rmax.js';
export { TripletStdp } from './triplet-stdp.js';
export { VogelsSprekeler } from './vogels-sprekeler.js';
export { WeightDependentPostPre } from './weight-dependent-post-pre.js';
