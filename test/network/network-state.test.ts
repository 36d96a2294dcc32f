/** The state of a network between two images: whoever goes on from it gets the bits of the training that was never interrupted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { networkFromDescription } from '../../src/core/network/description/build-network.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import type { NetworkState } from '../../src/core/network/network-state.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import { Connection, LateralConnection } from '../../src/core/network/topology/index.js';
import { DiehlAndCook, NoisyLIF, SRM0 } from '../../src/core/models/index.js';
import { MSTDP } from '../../src/core/rules/index.js';
import { StochasticRelease } from '../../src/core/synapses/index.js';
import { buildRandomNetwork, type RandomCase, randomCase, randomSpikes } from '../support/random-network.js';
import { engines } from '../support/small-networks.js';

/** A rule with state that outlives an image. */
const Counting = defineRule({
  name: 'Counting',
  parameters: { rate: 1e-3 },
  synapse: { seen: 0 },
  persistent: ['seen'],
  onSource: 'seen += 1; w += rate * seen',
  end: 'w = w > 1 ? 0.5 : w',
});

/** Everything that a state may hold. */
function makeNetwork(engine: string): Network {
  const network = new Network({ engine, seed: 4 })
    .addLayer('X', new Input({ shape: [3, 3] }))
    .addLayer(
      'Y',
      new AdaptiveLIF({ shape: 7, thresh: -64, thetaPlus: 0.3, thetaDecay: 'exact', tcThetaDecay: 300 }),
    )
    .addLayer('noisy', new NoisyLIF({ shape: 5, thresh: -64 }))
    .addLayer('one', new DiehlAndCook({ shape: 6, thresh: -64, select: 'one-of-layer' }))
    .addLayer('escape', new SRM0({ shape: 4, gain: 30 }))
    .addConnection(
      'X',
      'Y',
      new Connection({ rule: new PostPre({ nu: [0.01, 0.05] }), norm: 5, wMin: 0, wMax: 0.9 }),
    )
    .addConnection(
      'Y',
      'Y',
      new LateralConnection({
        w: -0.2,
        rule: new PostPre({ nu: [0.01, -0.02] }),
        norm: 3,
        normalizeInitially: false,
      }),
    )
    .addConnection('X', 'noisy', new Connection({ rule: new Counting() }))
    .addConnection('X', 'one', new Connection({ synapse: new StochasticRelease({ p: 0.6 }) }))
    .addConnection('X', 'escape', new Connection({ rule: new MSTDP(), norm: 2 }))
    .addConnection('Y', 'one', new Connection({ rule: new PostPre({ nu: [0.1, 0.1] }) }), 'fixed');
  network.setPlastic('fixed', false);
  network.setSignal('reward', 0.7);
  return network;
}

async function train(network: Network, images: readonly number[], isNormalized = (_image: number) => true) {
  for (const image of images) {
    network.resetState();
    await network.run({ X: randomSpikes(image + 1, 0.4, 30, 9) });
    if (isNormalized(image)) network.normalize();
  }
}

/** The state as a database or a file would give it back. */
function reread({ json, arrays }: NetworkState): NetworkState {
  return { json: JSON.parse(JSON.stringify(json)) as NetworkState['json'], arrays };
}

function rebuilt(network: Network, engine: string): Network {
  const { json, arrays } = network.describe();
  const again = networkFromDescription(json, { arrays, engine }) as Network;
  again.setState(reread(network.getState()));
  return again;
}

describe.each(engines)('a state on %s', (engine) => {
  it('holds all that training changed', async () => {
    const network = makeNetwork(engine);
    await train(network, [0, 1, 2]);
    const { json, arrays } = network.getState();
    expect(Object.keys(arrays)).toEqual([
      'connections.X->Y.w',
      'connections.Y->Y.w',
      'connections.X->noisy.w',
      'connections.X->noisy.seen',
      'connections.X->one.w',
      'connections.X->escape.w',
      'connections.fixed.w',
      'layers.Y.theta',
      'layers.Y.thetaCarry',
      'layers.one.theta',
    ]);
    expect(json).toMatchObject({ resets: 3, signals: { reward: 0.7 } });
    expect(json.connections.fixed).toEqual({ normalized: false, plastic: false });
    expect(json.connections['X->Y']).toEqual({ normalized: true, plastic: true });
    expect(arrays['layers.Y.theta'].data.some((theta) => theta > 0)).toBe(true);
    expect(arrays['connections.X->noisy.seen'].data.some((seen) => seen > 3)).toBe(true);
  });

  it.each(engines)('goes on, on %s, to the same bits', async (other) => {
    const whole = makeNetwork(engine);
    await train(whole, [0, 1, 2, 3, 4, 5], (image) => image !== 2);
    const parts = makeNetwork(engine);
    await train(parts, [0, 1, 2], (image) => image !== 2);
    const again = rebuilt(parts, other);
    await train(again, [3, 4, 5]);
    expect(again.getState()).toEqual(whole.getState());
  });

  it('is that of random networks too, wherever they are interrupted', async () => {
    const at = fc.integer({ min: 0, max: 4 });
    await fc.assert(
      fc.asyncProperty(randomCase, at, async (of, interrupted) => {
        const whole = buildRandomNetwork(of, engine);
        let parts = buildRandomNetwork(of, engine);
        for (const [i, image] of of.images.entries()) {
          if (i === interrupted) parts = rebuilt(parts, engine);
          await show(whole, of, image);
          await show(parts, of, image);
        }
        expect(parts.getState()).toEqual(whole.getState());
      }),
      { numRuns: 40 },
    );
  });

  it('is refused where it does not fit, and nothing changes', async () => {
    const network = makeNetwork(engine);
    const state = network.getState();
    const { 'layers.Y.theta': theta, ...others } = state.arrays;
    const change =
      (json: object, arrays: object = state.arrays) =>
      () =>
        network.setState({ json: { ...state.json, ...json }, arrays } as NetworkState);
    expect(change({}, others)).toThrow(
      'Network.setState, arrays: expected "layers.Y.theta", which is missing',
    );
    expect(change({}, { ...state.arrays, more: theta })).toThrow('arrays: expected no "more"');
    expect(change({}, { ...others, 'layers.Y.theta': { data: [1] } })).toThrow(
      'layers.Y.theta: expected a Float32Array',
    );
    expect(change({ resets: -1 })).toThrow('json: expected resets to be a whole number ≥ 0, got -1');
    expect(change({ connections: {} })).toThrow('json.connections: expected "X->Y", which is missing');
    expect(network.getState()).toEqual(state);
  });
});

async function show(network: Network, of: RandomCase, image: RandomCase['images'][number]): Promise<void> {
  const { program } = network.simulation;
  program.connections.forEach(({ name, kind }, i) => {
    if (kind === 'synapses') network.setPlastic(name, Boolean((image.plastic >> i) & 1));
  });
  network.resetState();
  const inputs = program.layers.filter(({ model }) => model.kernel === 'input');
  const trains = inputs.map(({ name, size }, i) => [
    name,
    randomSpikes(image.seed + i, image.density, of.steps, size),
  ]);
  await network.run(Object.fromEntries(trains), { learn: image.learn });
  if (image.normalize && image.learn) network.normalize();
}
