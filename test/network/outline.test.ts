/** How many neurons, weights, synapses and bytes networks are, counted by hand. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  OneToOneConnection,
  SparseConnection,
} from '../../src/core/network/topology/index.js';
import { MSTDPET, Oja } from '../../src/core/rules/index.js';

describe('the outline', () => {
  const network = (options: object = {}) =>
    new Network(options)
      .addLayer('X', new Input({ shape: [6, 6] }))
      .addLayer('Y', new LIF({ shape: [2, 4, 4] }))
      .addLayer('Z', new LIF({ shape: 32 }))
      .addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 3, rule: new PostPre({ nu: [0.1, 0.1] }) }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -3 }))
      .addConnection('Y', 'Z', new Connection({ delay: { uniform: [1, 9] } }))
      .addConnection('Y', 'Y', new OneToOneConnection({ w: 1 }), 'one')
      .addConnection('Z', 'Z', new AllButOwnConnection({ w: -1 }))
      .addConnection('Z', 'Y', new SparseConnection({ condition: (i, j) => i === j, rule: new Oja() }))
      .addConnection('X', 'Z', new Connection({ rule: new MSTDPET() }));

  it('counts neurons, shared weights once, and synapses where there are some', () => {
    const { layers, connections, neurons, weights, synapses } = network().outline();
    expect(layers.map((layer) => [layer.name, layer.model, layer.shape, layer.neurons])).toEqual([
      ['X', 'Input', [1, 6, 6], 36],
      ['Y', 'LIF', [2, 4, 4], 32],
      ['Z', 'LIF', [32, 1, 1], 32],
    ]);
    expect(
      connections.map((each) => [each.name, each.rule, each.learns, each.weights, each.synapses]),
    ).toEqual([
      // Each of 4 × 4 positions of 2 filters sees 3 × 3 pixels.
      ['X->Y', 'PostPre', true, 18, 288],
      ['Y->Y', null, false, 0, 0],
      ['Y->Z', 'NoOp', false, 1024, 1024],
      ['one', 'NoOp', false, 32, 32],
      ['Z->Z', 'NoOp', false, 1024, 992],
      ['Z->Y', 'Oja', true, 32, 32],
      ['X->Z', 'MSTDPET', true, 1152, 1152],
    ]);
    expect([neurons, weights, synapses]).toEqual([
      100,
      18 + 1024 + 32 + 1024 + 32 + 1152,
      288 + 1024 + 32 + 992 + 32 + 1152,
    ]);
  });

  it('counts the bytes of every array that a network gives, and of delays', () => {
    const [single, double] = [network(), network({ precision: 'double', engine: 'reference' })];
    const { layers, connections, bytes } = single.outline();
    const of = (name: string) => [...layers, ...connections].find((each) => each.name === name)!.bytes;
    const lengths = (variables: readonly string[], name: string) =>
      variables.reduce((sum, variable) => sum + single.getVariable(name, variable).length, 0);
    expect(of('X')).toBe(0);
    expect(of('Y')).toBe(4 * lengths(['v', 'refracCount', 'theta', 'input'], 'Y'));
    expect(of('Y->Z')).toBe((4 + 1) * 1024);
    expect(of('one')).toBe(4 * 32);
    expect(of('X->Z')).toBe(
      4 * (1152 + lengths(['pPlus', 'pMinus', 'eligibility', 'eligibilityTrace'], 'X->Z')),
    );
    // In double precision PostPre runs as equations, which have traces of their own.
    expect(double.outline().bytes).toBe(2 * bytes - 1024 + 8 * (36 + 32));
  });

  it('is what the summary says', () => {
    const lines = network().summary().split('\n');
    expect(lines).toContain('connection X->Y: PostPre, 2 × 3 × 3 = 18 weights, 288 synapses');
    expect(lines).toContain('connection one (Y->Y): NoOp, 2 × 4 × 4 = 32 weights');
    expect(lines.at(-1)).toMatch(
      /^in all: 3 layers, 7 connections, 100 neurons, 3520 synapses, \d+\.\d kB of weights and variables$/,
    );
  });
});
