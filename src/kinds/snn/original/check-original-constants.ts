/** Whether an imported network would run here with the constants that its file says it ran with. */
import { invalidArgument } from '../../../errors.js';
import type { OriginalNetwork } from './index.js';
import { decayPerStep } from '../../../core/network/nodes/neuron-model.js';
import type { SnnParameters } from '../parameters.js';
import { buildUsualNeurons, describeParts } from '../snn-network.js';

/** A constant by its name in the file: what the file says, what runs here. */
type Constant = readonly [name: string, theirs: number | null, ours: number | null];

/**
 * @param parameters what the network is to run with here
 * @param place names the network file in errors
 * @throws LocusError `INVALID_ARGUMENT` naming the first constant that differs by more than float32 can tell
 */
export function checkOriginalConstants(
  { networkType, constants, wYY }: OriginalNetwork,
  parameters: SnnParameters,
  place: string,
): void {
  const { dt, traces, xy, yy } = constants;
  const parts = describeParts(networkType, parameters);
  const neurons = buildUsualNeurons(parameters, [1]).parameters;
  const ownDecay = (timeConstant: number) => decayPerStep(parameters.dt, timeConstant);
  const checked: Constant[] = [
    ['dt', dt, parameters.dt],
    ['Y.rest', constants.rest, neurons.rest],
    ['Y.reset', constants.reset, neurons.reset],
    ['Y.thresh', constants.thresh, neurons.thresh],
    ['Y.refrac', constants.refrac, neurons.refrac],
    ['Y.tc_decay', constants.tcDecay, neurons.tcDecay],
    ['Y.decay', constants.decay, ownDecay(neurons.tcDecay)],
    ['Y.theta_plus', constants.thetaPlus, neurons.thetaPlus],
    ['Y.tc_theta_decay', constants.tcThetaDecay, neurons.tcThetaDecay],
    ['Y.theta_decay', constants.thetaDecay, ownDecay(neurons.tcThetaDecay)],
    ['X.tc_trace_pre', traces.x.tcTracePre, parts.x.tcTracePre],
    ['X.trace_decay_pre', traces.x.traceDecayPre, ownDecay(parts.x.tcTracePre)],
    ['Y.tc_trace_pre', traces.y.tcTracePre, parts.y.tcTracePre],
    ['Y.trace_decay_pre', traces.y.traceDecayPre, ownDecay(parts.y.tcTracePre)],
    ['Y.tc_trace_post', traces.y.tcTracePost, parts.y.tcTracePost],
    ['Y.trace_decay_post', traces.y.traceDecayPost, ownDecay(parts.y.tcTracePost)],
    ['X_to_Y.nu, before a spike', xy.nu?.[0] ?? null, parts.xy.rule.constants.nuPre],
    ['X_to_Y.nu, after a spike', xy.nu?.[1] ?? null, parts.xy.rule.constants.nuPost],
    ['X_to_Y.weight_decay', xy.weightDecay, parts.xy.rule.constants.weightDecay],
    ['X_to_Y.wmin', xy.wmin, oneBound(parts.xy.wMin)],
    ['X_to_Y.wmax', xy.wmax, oneBound(parts.xy.wMax)],
    ['X_to_Y.norm', xy.norm, parts.xy.norm],
    ['Y_to_Y.norm', yy.norm, null],
  ];
  if (parts.yy.kind === 'synapses') {
    checked.push(
      ['Y_to_Y.nu, before a spike', yy.nu?.[0] ?? null, parts.yy.rule.constants.nuPre],
      ['Y_to_Y.nu, after a spike', yy.nu?.[1] ?? null, parts.yy.rule.constants.nuPost],
      ['Y_to_Y.weight_decay', yy.weightDecay, parts.yy.rule.constants.weightDecay],
      ['Y_to_Y.wmin', yy.wmin, oneBound(parts.yy.wMin)],
      ['Y_to_Y.wmax', yy.wmax, oneBound(parts.yy.wMax)],
    );
  } else {
    const weight = wYY.kind === 'fixed' && parameters.nFilters > 1 ? wYY.weight : parts.yy.weight;
    checked.push(
      ['Y_to_Y.w', weight, parts.yy.weight],
      ['Y_to_Y.nu, before a spike', yy.nu?.[0] ?? 0, 0],
      ['Y_to_Y.nu, after a spike', yy.nu?.[1] ?? 0, 0],
      ['Y_to_Y.weight_decay', yy.weightDecay, 0],
    );
  }
  for (const [name, theirs, ours] of checked) {
    if (isSame(theirs, ours)) continue;
    throw invalidArgument(
      `${place}, ${name}`,
      `${ours ?? 'none'}, with which such a network runs here`,
      theirs,
    );
  }
}

/** Equal, or neighbours in float32: the original computed its factors in it, we round ours to it. */
function isSame(a: number | null, b: number | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || !Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= 2 ** -23 * Math.max(Math.abs(a), Math.abs(b));
}

/** Networks of the original program have the same bounds for all weights. */
function oneBound(bound: number | ArrayLike<number>): number {
  return typeof bound === 'number' ? bound : Number.NaN;
}
