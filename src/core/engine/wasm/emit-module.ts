/** The module of what is emitted for a network: steps of its defined neurons, kernels of its compiled rules and synapse models. */
import { encodeModule } from '../../wasm/module-bytes.js';
import { emitStepOf, type NeuronPlan } from './emit-neurons.js';
import { emitVisit, type RulePlan } from './emit-rules.js';
import type { SynapsePlan } from './emit-synapses.js';

/** Its exports are what the simulator imports: `step` and `visit`. */
export function emitModule(
  neurons: readonly NeuronPlan[],
  rules: readonly RulePlan[],
  synapses: readonly SynapsePlan[],
): WebAssembly.Module {
  const steps = neurons.flatMap(({ frozen, learning }) => [frozen, learning]);
  const kernels = [...rules, ...synapses].flatMap((plan) => plan.kernels);
  const functions = [
    ...steps,
    ...kernels,
    emitStepOf(0, steps.length),
    emitVisit(steps.length, kernels.length),
  ];
  const exported = { step: functions.length - 2, visit: functions.length - 1 };
  return new WebAssembly.Module(encodeModule(functions, exported) as Uint8Array<ArrayBuffer>);
}
