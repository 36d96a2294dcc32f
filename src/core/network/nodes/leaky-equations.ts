/** The equations of `leaky.ts`: for minibatches, neurons whose voltage has a lower bound, and double precision. */
import { defineOnShelf } from '../../definitions/define-neuron.js';
import type { ShapeLike } from '../shape.js';
import type { LeakyParameters } from './leaky.js';
import type { NeuronModel } from './neuron-model.js';

/**
 * Theta and what rounding takes of it, as `stepLeaky` keeps them. Where the decay is exact, a spike grows what is carried, and theta takes
 * it at the end of the step: so the images of a minibatch can share both.
 */
const adaptations = {
  stepwise: {
    state: { theta: 0 },
    step: 'theta = learning ? theta * exp(-dt / tcThetaDecay) : theta',
    reset: 'theta += learning ? thetaPlus : 0',
    end: '',
  },
  exact: {
    state: { theta: 0, thetaCarry: 0 },
    step: `
      carried = thetaCarry - (1 - exp(-dt / tcThetaDecay)) * theta
      decayed = theta + carried
      thetaCarry = learning ? carried - (decayed - theta) : thetaCarry
      theta = learning ? decayed : theta
    `,
    reset: 'thetaCarry += learning ? thetaPlus : 0',
    end: `
      grown = learning ? theta + thetaCarry : theta
      thetaCarry -= grown - theta
      theta = grown
    `,
  },
} as const;

/** The model of this family, by its published name, for the engines that know equations. */
export function leakyEquations(
  name: string,
  shape: ShapeLike,
  { thetaDecay, resetBy, ...parameters }: LeakyParameters,
): NeuronModel {
  const adaptation = adaptations[thetaDecay];
  const Equations = defineOnShelf({
    name,
    parameters,
    state: { v: 'rest', ...adaptation.state },
    persistent: Object.keys(adaptation.state),
    step: `v = exp(-dt / tcDecay) * (v - rest) + rest\n${adaptation.step}\nv += input`,
    spike: 'v >= thresh + theta',
    reset: `v = ${resetBy === 'subtract' ? 'v - (thresh - reset)' : 'reset'}; ${adaptation.reset}`,
    end: `v = max(v, lowest)\n${adaptation.end}`,
    refractory: { period: 'refrac' },
  });
  return new Equations({ shape }).model;
}
