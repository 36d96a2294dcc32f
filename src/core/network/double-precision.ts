/** What networks in double precision run: equations, since models and rules that are written by hand round to float32. */
import { LocusError } from '../../errors.js';
import type { Precision } from '../precision.js';
import type { LearningRule } from './learning/learning-rule.js';
import type { LayerDescription, NeuronModel } from './nodes/neuron-model.js';

/**
 * The model of a layer in a precision.
 *
 * @param model that of the layer in its network
 * @throws LocusError `ENGINE_UNAVAILABLE` for a model in double precision that has no equations
 */
export function modelInPrecision(
  layer: LayerDescription,
  model: NeuronModel,
  precision: Precision,
  place: string,
): NeuronModel {
  if (precision === 'single' || model.kernel === 'input' || model.compile) return model;
  const equations = layer.equations?.();
  if (equations) return equations;
  throw withoutEquations(place, 'neuron model', model.name);
}

/** The rule of a connection in a precision. Errors as `modelInPrecision`. */
export function ruleInPrecision(rule: LearningRule, precision: Precision, place: string): LearningRule {
  if (precision === 'single' || rule.kernel === 'none' || rule.compile) return rule;
  if (rule.equations) return rule.equations();
  throw withoutEquations(place, 'learning rule', rule.name);
}

/** The rule as equations. @throws LocusError `ENGINE_UNAVAILABLE` where it has none */
export function ruleAsEquations(rule: LearningRule, place: string): LearningRule {
  if (rule.compile) return rule;
  if (rule.equations) return rule.equations();
  throw new LocusError(
    'ENGINE_UNAVAILABLE',
    `${place}: updates "summed" run equations, and learning rule "${rule.name}" has none`,
  );
}

function withoutEquations(place: string, what: string, name: string): LocusError {
  return new LocusError(
    'ENGINE_UNAVAILABLE',
    `${place}: precision "double" runs equations, and ${what} "${name}" has none`,
  );
}
