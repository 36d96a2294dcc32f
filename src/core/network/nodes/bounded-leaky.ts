/** Leaky neurons whose voltage has a lower bound: the equations of `leaky.ts`, which the engines that know equations run. */
import { defineOnShelf } from '../../definitions/define-neuron.js';
import type { ShapeLike } from '../shape.js';
import type { LeakyParameters } from './leaky.js';
import type { NeuronModel } from './neuron-model.js';

/** Theta and what rounding takes of it, as `stepLeaky` keeps them. */
const adaptations = {
  stepwise: {
    state: { theta: 0 },
    step: 'theta = learning ? theta * exp(-dt / tcThetaDecay) : theta',
    reset: 'theta += learning ? thetaPlus : 0',
  },
  exact: {
    state: { theta: 0, thetaCarry: 0 },
    step: `
      carried = thetaCarry - (1 - exp(-dt / tcThetaDecay)) * theta
      decayed = theta + carried
      thetaCarry = learning ? carried - (decayed - theta) : thetaCarry
      theta = learning ? decayed : theta
      growth = thetaCarry + thetaPlus
      grown = theta + growth
      left = growth - (grown - theta)
    `,
    reset: 'theta = learning ? grown : theta; thetaCarry = learning ? left : thetaCarry',
  },
} as const;

/** The model of this family, by its published name, for a lower bound that is not −Infinity. */
export function boundedModel(
  name: string,
  shape: ShapeLike,
  { thetaDecay, resetBy, ...parameters }: LeakyParameters,
): NeuronModel {
  const adaptation = adaptations[thetaDecay];
  const Bounded = defineOnShelf({
    name,
    parameters,
    state: { v: 'rest', ...adaptation.state },
    persistent: Object.keys(adaptation.state),
    step: `v = exp(-dt / tcDecay) * (v - rest) + rest\n${adaptation.step}\nv += input`,
    spike: 'v >= thresh + theta',
    reset: `v = ${resetBy === 'subtract' ? 'v - (thresh - reset)' : 'reset'}; ${adaptation.reset}`,
    end: 'v = max(v, lowest)',
    refractory: { period: 'refrac' },
  });
  return { ...new Bounded({ shape }).model, name: `${name} with lowest` };
}
