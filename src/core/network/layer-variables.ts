/** The variables of a layer that every engine shows, and those that it lets be set. */
import { unknownName } from '../../errors.js';
import { inputsOf } from './nodes/neuron-model.js';
import type { ProgramLayer } from './program.js';

/** Throws unless the layer has that variable (and, to `set`, one that is not made by the simulation alone). */
export function checkVariable(layer: ProgramLayer, variable: string, use: 'get' | 'set'): void {
  const { model, constants, name } = layer;
  const own =
    model.kernel === 'input' ? [] : [...Object.keys(model.initialState(constants)), ...inputsOf(model)];
  const known = use === 'set' ? own : [...own, 'spikes', 'tracePre', 'tracePost'];
  if (known.includes(variable)) return;
  throw unknownName(`layer ${name}`, use === 'set' ? 'variable to set' : 'variable', variable, known);
}
