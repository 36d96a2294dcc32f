/** Texts of definitions that fuzzing found to make a wrong model or a crash, and functions that rules have not. */
import { describe, expect, it } from 'vitest';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import { Network } from '../../src/core/network/network.js';
import { engines } from '../support/small-networks.js';

async function spikesOf(engine: string, spike: string): Promise<number[]> {
  const Model = defineNeuron({
    name: 'Model',
    parameters: { p: 31 },
    kernels: { k: [1] },
    state: { v: 0, sum: 0 },
    step: 'v = input; sum += convolve(spikes, k)',
    spike,
  });
  const network = new Network({ engine }).addLayer('Y', new Model({ shape: 5 }));
  for (let t = 0; t < 2; t++) {
    network.setVariable('Y', 'input', Float32Array.of(-2, 0, 0.5, 256, 257));
    await network.run({}, { time: 1 });
  }
  const found = ['spikes', 'sum'].flatMap((name) => Array.from(network.getVariable('Y', name)));
  network.dispose();
  return found;
}

describe.each(engines)('spike conditions on %s', (engine) => {
  it('a number is true where it is not 0: one spike, whatever its size', async () => {
    expect(await spikesOf(engine, 'v')).toEqual([1, 0, 1, 1, 1, 1, 0, 1, 1, 1]);
    expect(await spikesOf(engine, 'p')).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(await spikesOf(engine, '0x1f')).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('deep nesting makes a long module, which runs', async () => {
    const spike = `${'exp('.repeat(190)}v${')'.repeat(190)}`;
    const all = [spike, `log(${spike.slice(4)}`, `sqrt(${spike.slice(4)}`].join(' + ');
    expect(await spikesOf(engine, all)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('functions of neuron models in a rule', () => {
  const sound: RuleDefinition = {
    name: 'Own',
    traces: { x: { of: 'source', tc: '20', scale: '1' } },
    synapse: { e: 0 },
    onTarget: 'w += x',
  };
  it.each<readonly [change: Partial<RuleDefinition>, message: string]>([
    [{ onStep: 'w += 0.1;\n w *= uniform()' }, 'Own.onStep (2:7): uniform()'],
    [{ onSource: 'w = w + normal()' }, 'Own.onSource (1:9): normal()'],
    [{ onTarget: 'w = exp(-convolve(x, w))' }, 'Own.onTarget (1:10): convolve()'],
    [{ end: 'w = 1 ? w : uniform()' }, 'Own.end (1:13): uniform()'],
    [{ synapse: { e: '2 * normal()' } }, 'Own.synapse.e (1:5): normal()'],
    [{ traces: { x: { of: 'source', tc: '20 + uniform()' } } }, 'Own.traces.x.tc (1:6): uniform()'],
    [{ traces: { x: { of: 'source', scale: 'normal()' } } }, 'Own.traces.x.scale (1:1): normal()'],
  ])('%j is refused with its place', (change, message) => {
    expect(() => defineRule({ ...sound, ...change })).toThrow(
      `${message} is a function of neuron models; a learning rule has none`,
    );
  });
});
