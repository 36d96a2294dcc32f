/** Random definitions of neurons. */
import fc from 'fast-check';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import { expressions } from './expressions.js';

const allNames = [
  'v',
  'u',
  'theta',
  'p',
  'q',
  'dt',
  'input',
  'learning',
  'spiked',
  'refractory',
  'uniform()',
  'normal()',
  'convolve(input, recent)',
  'convolve(spikes, recent)',
  'convolve(spikes, last)',
];

/** Definitions of neurons over the whole grammar. @param draws whether equations draw, and one neuron of a layer may spike alone */
export function randomDefinitions({ draws }: { draws: boolean }): fc.Arbitrary<NeuronDefinition> {
  const names = allNames.filter((name) => draws || !['uniform()', 'normal()'].includes(name));
  return fc
    .record({
      local: expressions(names),
      v: expressions([...names, 'local']),
      u: expressions([...names, 'local']),
      theta: expressions([...names, 'local']),
      spike: expressions([...names, 'local']),
      resetV: expressions([...names, 'local']),
      end: expressions([...names, 'local']),
      initial: expressions(['p', 'q', 'dt']),
      period: fc.constantFrom('0', 'p', '3', '2.5'),
      holds: fc.constantFrom('input' as const, [] as string[], ['v'], ['u', 'theta']),
      next: fc.constantFrom('after' as const, 'brian' as const),
      allowsSpikes: fc.boolean(),
      hasRefractory: fc.boolean(),
      select: draws
        ? fc.constantFrom('one-of-layer' as const, 'all' as const, undefined)
        : fc.constant(undefined),
    })
    .map(({ local, v, u, theta, spike, resetV, end, initial, hasRefractory, select, ...refractory }) => ({
      name: 'Random',
      parameters: { p: 1.25, q: -0.3 },
      kernels: { recent: [0.1, -0.2, 0.7], last: [0.3] },
      state: { v: initial, u: 0.5, theta: 0 },
      persistent: ['theta'],
      // Held within bounds, so that not every state ends in NaN.
      step: `local = ${local}; v = clip(${v}, -50, 50); u = clip(${u}, -50, 50); theta = clip(${theta}, -5, 5)`,
      spike: `${spike} && v > u`,
      reset: `v = ${resetV}; theta += learning ? 0.1 : 0`,
      end: `v = max(${end}, v)`,
      refractory: hasRefractory ? refractory : undefined,
      select,
    }));
}
