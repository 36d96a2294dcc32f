/** McCulloch and Pitts' neurons: they spike where the input of the step reaches the threshold. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/** Source: McCulloch & Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943. */
export const McCullochPitts = defineOnShelf({
  name: 'McCullochPitts',
  parameters: { thresh: 1 },
  state: { v: 0 },
  step: 'v = input',
  spike: 'v >= thresh',
});
