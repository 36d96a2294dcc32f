/** Random definitions of learning rules. */
import fc from 'fast-check';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import { expressions } from './expressions.js';

const names = [
  'w',
  'e',
  'p',
  'q',
  'dt',
  'wMin',
  'wMax',
  'sourceSpike',
  'targetSpike',
  'x',
  'slow',
  'y',
  'before',
  'v',
  'reward',
];

/** A clause that changes weight and eligibility, or none. */
const clause = fc.option(
  fc
    .tuple(expressions(names), expressions([...names, 'local']), expressions([...names, 'local']))
    // Held within bounds, so that not every weight ends in NaN.
    .map(([local, w, e]) => `local = ${local}; w += clip(${w}, -0.1, 0.1); e = clip(${e}, -5, 5)`),
  { nil: undefined },
);

/** Changes that spikes alone make, whose synapses engines may leave alone between them. */
const sparse = fc
  .tuple(expressions(names), expressions(names), fc.boolean(), fc.boolean())
  .map(([onSource, onTarget, byTrace, both]) => ({
    onStep: both ? `w += 0.02 * sourceSpike * targetSpike * clip(${onTarget}, -1, 1)` : undefined,
    onSource: `w -= ${byTrace ? 'y * ' : ''}clip(${onSource}, -0.1, 0.1)`,
    onTarget: `w += ${byTrace ? 'x * ' : ''}clip(${onTarget}, -0.1, 0.1)`,
  }));

const dense = fc
  .record({ onStep: clause, onSource: clause, onTarget: clause, end: clause })
  .filter((clauses) => Object.values(clauses).some((each) => each !== undefined));

/** Rules over the whole grammar that read traces, state of the target's `v`, and a signal. */
export const randomRules: fc.Arbitrary<RuleDefinition> = fc
  .record({
    clauses: fc.oneof(sparse, dense),
    mode: fc.constantFrom('set' as const, 'add' as const),
    scale: fc.constantFrom('1', 'p', '-0.5'),
    persistent: fc.constantFrom([], ['e']),
  })
  .map(({ clauses, mode, scale, persistent }) => ({
    name: 'Random',
    parameters: { p: 1.25, q: -0.3 },
    traces: {
      x: { of: 'source', mode, scale },
      slow: { of: 'source', tc: '40 * p', mode: 'add', reads: 'before' },
      y: { of: 'target' },
      before: { of: 'target', tc: '7', mode, reads: 'before' },
    },
    synapse: { e: 'q' },
    persistent,
    neurons: { v: { of: 'target', variable: 'v' } },
    signals: ['reward'],
    onStep: clauses.onStep,
    onSource: clauses.onSource,
    onTarget: clauses.onTarget,
    end: 'end' in clauses ? clauses.end : undefined,
  }));
