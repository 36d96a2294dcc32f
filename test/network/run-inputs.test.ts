/** What a run gives to layers from outside: currents, voltages, forced and forbidden spikes, on every engine; errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { Izhikevich } from '../../src/core/models/izhikevich.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input } from '../../src/core/network/nodes/index.js';
import { LateralCompetition, LocalConnection } from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, record, spikesByNeuron, spikeTimes } from '../support/small-networks.js';

const Integrator = defineNeuron({
  name: 'Integrator',
  state: { v: 0 },
  persistent: ['v'],
  step: 'v = spiked ? 0 : v + input',
  spike: 'v >= 4',
});

const models = {
  AdaptiveLIF: (shape: number[]) => new AdaptiveLIF({ shape, rest: 0, reset: 0, thresh: 2 }),
  Izhikevich: (shape: number[]) => new Izhikevich({ shape }),
  Integrator: (shape: number[]) => new Integrator({ shape }),
};

function build(model: keyof typeof models, engine: string, threads: number): Network {
  return new Network({ engine, threads, seed: 5 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', models[model]([5, 2, 2]))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, rule: new PostPre({ nu: [1e-2, 5e-2] }) }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));
}

async function simulate(network: Network, seed: number): Promise<unknown[]> {
  const size = 20;
  const steps = 15;
  const variables = ['v', 'spikes', 'tracePost', 'input'].map((name) => record(network, 'Y', name));
  const currents = { Y: Float32Array.from({ length: steps * size }, (_, at) => Math.sin(seed + at) * 6) };
  await network.run(
    { X: randomSpikes(seed, 0.3, steps, 16) },
    {
      currents,
      voltages: { Y: Array.from({ length: size }, (_, neuron) => neuron / 50) },
      clamp: { Y: randomSpikes(seed + 1, 0.1, steps, size) },
      unclamp: { Y: randomSpikes(seed + 2, 0.2, steps, size) },
    },
  );
  // What was clamped does not last.
  await network.run({ X: randomSpikes(seed, 0.3, 5, 16) });
  const found = [...variables.map((read) => read()), [...network.getWeights('X->Y').data]];
  network.dispose();
  return found;
}

describe('currents, voltages and clamps', () => {
  it.each(Object.keys(models) as (keyof typeof models)[])(
    '%s has the same bits on reference and wasm, with one thread and two',
    async (model) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1e6), async (seed) => {
          const expected = await simulate(build(model, 'reference', 1), seed);
          expect(await simulate(build(model, 'wasm', 1), seed)).toEqual(expected);
          expect(await simulate(build(model, 'wasm', 2), seed)).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    },
  );
});

describe.each(engines)('engine %s', (engine) => {
  const integrate = (shape: number | number[] = 2) =>
    new Network({ engine }).addLayer('Y', new IF({ shape, thresh: 10, reset: 0, rest: 0, refrac: 0 }));

  it('adds a current of one value per neuron in every step, and one of [step, neuron] in its step', async () => {
    const network = integrate();
    const v = record(network, 'Y', 'v');
    await network.run({}, { time: 3, currents: { Y: [1, 2.5] } });
    await network.run({}, { currents: { Y: Float32Array.of(1, 0, 0, -1) } });
    expect(v()).toEqual([
      [1, 2.5],
      [2, 5],
      [3, 7.5],
      [4, 7.5],
      [4, 6.5],
    ]);
    network.dispose();
  });

  it('takes them in published order', async () => {
    const network = integrate([2, 1, 3]);
    await network.run({}, { time: 1, currents: { Y: [1, 2, 3, 4, 5, 6] } });
    expect([...network.getVariable('Y', 'v')]).toEqual([1, 2, 3, 4, 5, 6]);
    network.dispose();
  });

  it('a forced spike leaves a trace and travels, and the voltage stays; a forbidden one does neither', async () => {
    const network = integrate(3).addConnection('Y', 'Y', new LateralCompetition({ weight: -1 }));
    const spikes = record(network, 'Y', 'spikes');
    await network.run(
      {},
      {
        currents: { Y: [0, 10, 4] },
        time: 1,
        clamp: { Y: spikesByNeuron([[0], [], []], 1) },
        unclamp: { Y: spikesByNeuron([[], [0], []], 1) },
      },
    );
    expect([...network.getVariable('Y', 'v')]).toEqual([0, 0, 4]);
    expect([...network.getVariable('Y', 'tracePre')]).toEqual([1, 0, 0]);
    expect([...network.getVariable('Y', 'input')]).toEqual([0, -1, -1]);
    await network.run({}, { time: 2 });
    expect(spikeTimes(spikes())).toEqual([[0], [], []]);
    network.dispose();
  });

  it('a neuron that is forced and forbidden does not spike', async () => {
    const network = integrate(1);
    const spikes = spikesByNeuron([[0, 1]], 2);
    const found = record(network, 'Y', 'spikes');
    await network.run({}, { clamp: { Y: spikes }, unclamp: { Y: spikesByNeuron([[1]], 2) } });
    expect(spikeTimes(found())).toEqual([[0]]);
    network.dispose();
  });

  const two = spikesByNeuron([[0], []], 2);
  it.each([
    [{ currents: { Z: [1, 1] } }, 'unknown layer "Z"'],
    [{ currents: { X: [1, 1] } }, 'Network.run, currents.X: expected a layer of neurons'],
    [{ currents: { Y: [1, 2, 3] } }, 'currents.Y: expected a value for each of 2 neurons, or [step, neuron]'],
    [{ currents: { Y: [] } }, 'currents.Y: expected a value for each of 2 neurons'],
    [{ currents: { Y: [1, Number.NaN] } }, 'currents.Y: expected finite values (float32; neuron 1, step 0)'],
    [{ currents: { Y: [1, 1e39] } }, 'currents.Y: expected finite values (float32; neuron 1, step 0)'],
    [{ currents: { Y: 1 } }, 'currents.Y to be a list of numbers'],
    [{ currents: [1, 2] }, 'expected currents as an object'],
    [{ time: 3, currents: { Y: [1, 2, 3, 4] } }, 'currents.Y: expected values of at least 3 steps'],
    [{ voltages: { Y: [1, 2, 3] } }, 'voltages.Y: expected a value for each of 2 neurons'],
    [{ clamp: { X: two } }, 'clamp.X: expected a layer of neurons'],
    [{ time: 3, clamp: { Y: two } }, 'Network.run, clamp.Y: expected at least 3 steps, got 2'],
    [{ unclamp: { Y: spikesByNeuron([[0]], 1) } }, 'unclamp.Y: expected spikes of 2 neurons, got 1'],
    [{ clamps: { Y: two } }, 'unknown option "clamps". Did you mean "clamp"?'],
  ])('refuses %o', async (options, message) => {
    const network = integrate().addLayer('X', new Input({ shape: 2 }));
    await expect(network.run({}, options as never)).rejects.toThrow(message);
    network.dispose();
  });
});

it('voltages need a model with v', async () => {
  const Own = defineNeuron({ name: 'Own', state: { u: 0 }, step: 'u = input', spike: 'u > 1' });
  const network = new Network().addLayer('Y', new Own({ shape: 1 }));
  await expect(network.run({}, { time: 1, voltages: { Y: [1] } })).rejects.toThrow(
    'layer Y: unknown variable to set "v"',
  );
  network.dispose();
});

it('the gpu engine refuses them by name', async () => {
  const network = new Network({ engine: 'gpu-webasm' })
    .addLayer('X', new Input({ shape: 2 }))
    .addLayer('Y', new AdaptiveLIF({ shape: 2 }))
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 1, w: 1 }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -1 }));
  const X = randomSpikes(1, 0.5, 2, 2);
  await expect(network.run({ X }, { learn: false, currents: { Y: [1, 1] } })).rejects.toThrow(
    /Network.run, currents.Y: the engine gpu-webasm takes spikes of Input layers only; "reference" and "wasm"/,
  );
  network.dispose();
});
