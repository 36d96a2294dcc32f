/** The module of what is emitted for a network: steps of its defined neurons, kernels of its compiled rules and synapse models. */
import { encodeModule } from '../../wasm/module-bytes.js';
import { emitStepOf, type NeuronPlan } from './emit-neurons.js';
import { emitVisit, type RulePlan } from './emit-rules.js';
import type { SynapsePlan } from './emit-synapses.js';
import { emitTogetherOf } from './emit-together.js';

/** Its exports are what the simulator imports: `step`, `stepTogether` and `visit`. */
export function emitModule(
  neurons: readonly NeuronPlan[],
  rules: readonly RulePlan[],
  synapses: readonly SynapsePlan[],
): WebAssembly.Module {
  const steps = neurons.flatMap(({ frozen, learning }) => [frozen, learning]);
  const kernels = [...rules, ...synapses].flatMap((plan) => plan.kernels);
  const together = neurons.flatMap((plan) => plan.together ?? []);
  const emitted = [...steps, ...kernels, ...together];
  const functions = [
    ...emitted,
    emitStepOf(0, steps.length),
    emitVisit(steps.length, kernels.length),
    emitTogetherOf(steps.length + kernels.length, together.length),
  ];
  const exported = { step: emitted.length, visit: emitted.length + 1, stepTogether: emitted.length + 2 };
  return new WebAssembly.Module(encodeModule(functions, exported) as Uint8Array<ArrayBuffer>);
}
