/** `lowest` of the leaky neurons: what it holds, and that a bound out of reach changes no bit of them. */
import { describe, expect, it } from 'vitest';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input, LIF } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines } from '../support/small-networks.js';

const outOfReach = -1e30;
const common = { shape: [5, 2, 1], rest: -65.3, reset: -66.1, thresh: -64, refrac: 1.5 } as const;
const leaky = { ...common, tcDecay: 17 };
const adaptive = { ...leaky, thetaPlus: 0.07, tcThetaDecay: 300 };

const layers = {
  IF: (lowest?: number) => new IF({ ...common, lowest }),
  LIF: (lowest?: number) => new LIF({ ...leaky, lowest }),
  'LIF, reset by subtraction': (lowest?: number) => new LIF({ ...leaky, resetBy: 'subtract', lowest }),
  AdaptiveLIF: (lowest?: number) => new AdaptiveLIF({ ...adaptive, lowest }),
  'AdaptiveLIF, exact decay': (lowest?: number) =>
    new AdaptiveLIF({ ...adaptive, thetaDecay: 'exact', lowest }),
};

describe.each(Object.entries(layers))('%s', (_, makeLayer) => {
  const run = async (engine: string, lowest?: number) => {
    const rule = new PostPre({ nu: [1e-2, 2e-2] });
    const network = new Network({ engine, dt: 0.5, seed: 3 })
      .addLayer('X', new Input({ shape: 16 }))
      .addLayer('Y', makeLayer(lowest))
      .addConnection('X', 'Y', new Connection({ rule, w: { uniform: [-0.4, 0.8] } }));
    let spikes = 0;
    const steps = 60;
    await network.simulation.present(
      { layer: 0, count: 3, steps, spikes: (image) => randomSpikes(image, 0.3, steps, 16) },
      { learn: true, count: 1, onCounts: (counts) => counts.forEach((count) => (spikes += count)) },
    );
    await network.run({ X: randomSpikes(7, 0.3, steps, 16) }, { learn: false });
    const { program } = network.simulation;
    const { model, constants } = program.layers[1];
    const variables = [...Object.keys(model.initialState(constants)), 'spikes', 'tracePre'].toSorted();
    const found = variables.map((name) => [name, network.getVariable('Y', name)] as const);
    const weights = network.getWeights('X->Y').data;
    network.dispose();
    return { spikes, found, weights };
  };

  it.each(engines)(
    'has every bit that it has without a bound where none is reached, on %s',
    async (engine) => {
      const expected = await run(engine);
      expect(expected.spikes).toBeGreaterThan(20);
      expect(await run(engine, outOfReach)).toEqual(expected);
    },
  );

  it.each(engines)('never lies below its bound, and keeps it where it would, on %s', async (engine) => {
    const network = new Network({ engine, dt: 0.5 }).addLayer('Y', makeLayer(-67));
    const input = Float32Array.from({ length: 10 }, (_, i) => (i < 5 ? -3 : 0.01));
    for (let t = 0; t < 5; t++) {
      network.setVariable('Y', 'input', input);
      await network.run({}, { time: 1 });
      const v = network.getVariable('Y', 'v');
      expect([...v.subarray(0, 5)]).toEqual([-67, -67, -67, -67, -67]);
      expect(Math.min(...v.subarray(5))).toBeGreaterThan(-66);
    }
    network.dispose();
  });

  it('has the same bits on reference and gpu-webasm', async () => {
    const expected = await run('reference', -65.5);
    expect(expected.spikes).toBeGreaterThan(20);
    expect(await run('gpu-webasm', -65.5)).toEqual(expected);
  });

  it('is refused at the threshold, and where it is no number', () => {
    expect(() => makeLayer(-64)).toThrow('expected lowest below thresh = -64 mV, got -64');
    expect(() => makeLayer(Number.NaN)).toThrow('expected lowest to be a number [mV], got NaN');
  });
});
