/** Notes on a stored network whose parameters float32 cannot keep. */
import { describeSlowDecay } from '../../core/network/slow-decay.js';

const timeConstants = ['tc_theta_decay', 'tau_pos', 'tau_neg'] as const;

/** A line for each time constant that acts otherwise than it says; none for other kinds of networks. */
export function noteSlowDecays(parameters: Readonly<Record<string, unknown>>): string[] {
  const { dt } = parameters;
  if (typeof dt !== 'number') return [];
  return timeConstants.flatMap((name) => {
    const value = parameters[name];
    if (name === 'tc_theta_decay' && parameters.theta_decay === 'exact') return [];
    if (typeof value !== 'number') return [];
    if (name === 'tc_theta_decay' && !hasThetaDecay(parameters.neuron)) return [];
    const found = describeSlowDecay(dt, value);
    return found ? [`${name} ${found}`] : [];
  });
}

/** Whether a neuron model, as a record holds it, has the parameter. */
function hasThetaDecay(neuron: unknown): boolean {
  if (typeof neuron !== 'string') return true;
  const { definition } = JSON.parse(neuron) as { readonly definition?: { readonly parameters?: object } };
  return Object.hasOwn(definition?.parameters ?? {}, 'tcThetaDecay');
}
