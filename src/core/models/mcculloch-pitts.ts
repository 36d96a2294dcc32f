/** McCulloch and Pitts' neurons: they spike where the input of the step reaches the threshold. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/** They have no memory: the voltage is the input of the step. */
export const McCullochPitts = defineOnShelf({
  name: 'McCullochPitts',
  about: 'neurons that spike where the input of the step reaches the threshold',
  source:
    'McCulloch & Pitts, A logical calculus of the ideas immanent in nervous activity, Bulletin of Mathematical Biophysics 5 (1943)',
  parameters: { thresh: 1 },
  state: { v: 0 },
  step: 'v = input',
  spike: 'v >= thresh',
});
