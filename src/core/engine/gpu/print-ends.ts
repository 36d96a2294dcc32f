/** Prints the kernel that follows the spikes of the layer of neurons for a defined rule: the blocks of `ends` (see plan-rules.ts). */
import type { GpuPlan } from './plan-network.js';
import type { Block, RulePlan } from './plan-rules.js';
import { printProduct } from './print-functions.js';
import type { GpuBackend } from './runtime.js';

export interface EndsKernel {
  /** Takes `ends` of the step before, `state` after this step, and `theta` that it compared with. */
  readonly text: string;
  /** Of every block its factor of a step and what a spike sets or adds: `this.constants.traces`; 0 where it is no trace. */
  readonly traces: Float32Array;
}

export function printEnds(plan: GpuPlan, rule: RulePlan, backend: GpuBackend): EndsKernel {
  const { nPositions } = plan;
  const traces = new Float32Array(2 * rule.ends.length);
  const parts = rule.ends.map((block, at) => {
    const trace = rule.compiled.traces.find(({ name }) => name === block.name);
    if (trace) traces.set([trace.decay, trace.scale], 2 * at);
    return [`if (block === ${at}) {`, ...printBlock(plan, rule, block, at, backend), '}'];
  });
  const text = [
    'function (ends, state, theta) {',
    'const filter = this.thread.x;',
    `const block = Math.floor((this.thread.y + 0.5) / ${nPositions});`,
    `const position = this.thread.y - block * ${nPositions};`,
    'const voltage = state[0][position][filter];',
    'let spike = 0.0;',
    'if (voltage >= this.constants.thresh + theta[position][filter]) { spike = 1.0; }',
    ...parts.flat(),
    'return 0.0;',
    '}',
  ].join('\n');
  return { text, traces };
}

/** The statements that return one block of the neuron at `position` and `filter`. */
function printBlock(
  plan: GpuPlan,
  { compiled }: RulePlan,
  { kind, name }: Block,
  at: number,
  backend: GpuBackend,
): string[] {
  const before = (block: number) => `ends[position + ${block * plan.nPositions}][filter]`;
  switch (kind) {
    case 'spikes':
      return ['return spike;'];
    case 'active':
      return [`return spike > 0.5 ? 1.0 : ${before(at)};`];
    case 'before':
      return [`return ${printProduct(before(at - 1), `this.constants.traces[${at}][0]`, backend)};`];
    case 'trace': {
      const adds = compiled.traces.find((trace) => trace.name === name)?.adds === true;
      const scale = `this.constants.traces[${at}][1]`;
      return [
        `const decayed = ${printProduct(before(at), `this.constants.traces[${at}][0]`, backend)};`,
        `return spike > 0.5 ? ${adds ? `decayed + ${scale}` : scale} : decayed;`,
      ];
    }
    default:
      return printVariable(plan, compiled.neurons.get(name)?.variable ?? '');
  }
}

/** State of neurons as the step leaves it; that of leaky neurons follows from what their kernel keeps. */
function printVariable({ defined, nPositions, advance }: GpuPlan, variable: string): string[] {
  if (defined) {
    return [`return state[0][position + ${(2 + defined.variables.indexOf(variable)) * nPositions}][filter];`];
  }
  if (variable === 'v') {
    const reset = advance.resetDrop > 0 ? 'voltage - this.constants.resetDrop' : 'this.constants.reset';
    return [`return spike > 0.5 ? ${reset} : voltage;`];
  }
  // `refracCount`: steps that are left.
  return [
    `const code = state[0][position + ${nPositions}][filter];`,
    'const age = code - 4096 * Math.floor(code * 0.000244140625);',
    'let left = 0.0;',
    'if (age < 4094) { left = Math.max(0.0, this.constants.refracSteps - 1 - age); }',
    'if (spike > 0.5) { left = this.constants.refracSteps; }',
    'return left;',
  ];
}
