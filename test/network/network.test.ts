/** Networks from outside: building, monitors, reading and setting state, and what each call says of bad input. */
import { describe, expect, it } from 'vitest';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import { PostPre, type LearningRule } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { Input, LIF, type NeuronModel } from '../../src/core/network/nodes/index.js';
import { leakyModel } from '../../src/core/network/nodes/leaky.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, spikesByNeuron } from '../support/small-networks.js';

/** X [4 × 4] onto Y [3 filters, 2 × 2], every weight its own index. */
function build(parameters: NetworkParameters = {}): Network {
  const w = Float32Array.from({ length: 48 }, (_, i) => i);
  return new Network(parameters)
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new LIF({ shape: [3, 2, 2], thresh: 1000 }))
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2, w }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -5 }));
}

const pixel = (index: number, steps = 2) => ({
  X: spikesByNeuron(
    Array.from({ length: 16 }, (_, i) => (i === index ? [0] : [])),
    steps,
  ),
});

describe.each(engines)('engine %s', (engine) => {
  it('monitors record chosen neurons and weights, in the order they were asked for', async () => {
    const network = build({ engine });
    const all = new Monitor({ variables: ['v', 'input'] });
    const some = new Monitor({ variables: ['input'], indices: [11, 0, 4] });
    const weights = new Monitor({ variables: ['w'], indices: [47, 5] });
    network.addMonitor('Y', all).addMonitor('Y', some).addMonitor('X->Y', weights);
    await network.run(pixel(0));
    // Pixel 0 is tap 0 of position 0: weights 0, 16 and 32 onto neurons 0, 4 and 8.
    const onto = (step: number) => [...all.get('input').data.subarray(step * 12, (step + 1) * 12)];
    expect(onto(0)).toEqual([0, 0, 0, 0, 16, 0, 0, 0, 32, 0, 0, 0]);
    expect(onto(1)).toEqual(new Array(12).fill(0));
    expect(all.get('v')).toMatchObject({ steps: 2, size: 12 });
    expect(some.get('input')).toMatchObject({ steps: 2, size: 3, data: Float32Array.of(0, 0, 16, 0, 0, 0) });
    expect(weights.get('w')).toMatchObject({ steps: 2, size: 2, data: Float32Array.of(47, 5, 47, 5) });
    some.reset();
    expect(some.get('input')).toMatchObject({ steps: 0, size: 3, data: new Float32Array(0) });
    await network.run(pixel(15, 1));
    expect([...some.get('input').data]).toEqual([47, 0, 0]);
    expect(all.get('v').steps).toBe(3);
    network.dispose();
  });

  it('run goes on where the last one ended, for as long as it is told or its inputs are', async () => {
    const [whole, parts] = [build({ engine }), build({ engine })];
    await whole.run(pixel(3, 20));
    await parts.run(pixel(3, 20), { time: 5 });
    await parts.run({}, { time: 15 });
    expect(parts.getVariable('Y', 'v')).toEqual(whole.getVariable('Y', 'v'));
    expect(whole.getVariable('Y', 'v').some((v) => v > -65)).toBe(true);
    await parts.run({});
    await parts.run(pixel(3, 2), { time: 0 });
    expect(parts.getVariable('Y', 'v')).toEqual(whole.getVariable('Y', 'v'));
    whole.dispose();
    parts.dispose();
  });

  it('weights and variables are read and set in published order', () => {
    const network = build({ engine });
    expect(network.getWeights('X->Y')).toEqual({
      shape: [3, 2, 2, 2, 2],
      data: Float32Array.from({ length: 48 }, (_, i) => i),
    });
    const reversed = Float32Array.from({ length: 48 }, (_, i) => 47 - i);
    network.setWeights('X->Y', reversed);
    expect(network.getWeights('X->Y').data).toEqual(reversed);
    const v = Float32Array.from({ length: 12 }, (_, i) => i / 7);
    for (const variable of ['v', 'theta', 'input', 'refracCount']) {
      network.setVariable('Y', variable, v);
      expect(network.getVariable('Y', variable)).toEqual(v);
    }
    network.dispose();
  });

  it('the same seed draws the same weights; another seed, or another connection of it, draws others', () => {
    const draw = (seed: number) => {
      const network = new Network({ engine, seed })
        .addLayer('X', new Input({ shape: 50 }))
        .addLayer('Y', new LIF({ shape: 40 }))
        .addConnection('X', 'Y', new Connection({ w: { uniform: [-2, 3] } }))
        .addConnection('X', 'Y', new Connection({ w: { uniform: [-2, 3] } }), 'second');
      const weights = [network.getWeights('X->Y').data, network.getWeights('second').data];
      network.dispose();
      return weights;
    };
    const [first, second] = draw(3);
    expect(draw(3)).toEqual([first, second]);
    expect(second).not.toEqual(first);
    expect(draw(4)[0]).not.toEqual(first);
    expect(first.every((w) => w >= -2 && w < 3)).toBe(true);
    const mean = first.reduce((sum, w) => sum + w, 0) / first.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan((5 * 5) / Math.sqrt(12 * first.length));
  });

  it('a present leaves the network as after a reset, and is refused where it does not fit', async () => {
    const network = build({ engine });
    const { simulation } = network;
    const shown = { layer: 0, count: 1, steps: 2, spikes: () => pixel(0).X };
    await network.run(pixel(3));
    await simulation.present(shown, { learn: true, count: 1 });
    expect([...network.getVariable('Y', 'v')]).toEqual(new Array(12).fill(-65));
    expect([...network.getVariable('X', 'tracePre')]).toEqual(new Array(16).fill(0));
    const poisson = {
      images: new Uint8Array(16),
      nPixels: 16,
      intensity: 100,
      dt: 1,
      seed: 0,
      purpose: 'user' as const,
      items: new Uint32Array(1),
    };
    for (const [change, message] of [
      [{ layer: 1 }, 'present: expected the index of an input layer to show images to, got 1'],
      [{ layer: 7 }, 'present: expected the index of an input layer to show images to, got 7'],
      [{ count: -1 }, 'present: expected a whole number of images ≥ 0, got -1'],
      [{ steps: 0 }, 'present: expected a whole number of steps ≥ 1, got 0'],
      [{ steps: 3 }, 'spikes of image 0: expected 3 steps, got 2'],
      [{ spikes: () => spikesByNeuron([[0]], 2) }, 'spikes of image 0: expected spikes of 16 neurons, got 1'],
      [{ poisson: { ...poisson, nPixels: 4 } }, 'present: expected images of 16 pixels, got 4'],
      [{ poisson, count: 2 }, 'present: expected 2 × 16 pixels and 2 items, got [16,1]'],
      [{ poisson: { ...poisson, intensity: -1 } }, 'present: expected a finite intensity ≥ 0 Hz, got -1'],
    ] as const) {
      await expect(simulation.present({ ...shown, ...change }, { learn: false, count: 1 })).rejects.toThrow(
        message,
      );
    }
    await expect(simulation.present(shown, { learn: false, count: 0 })).rejects.toThrow(
      'present: expected the index of a layer of neurons to count spikes of, got 0',
    );
    network.dispose();
  });

  it('presentations that are asked for at once are made one after another', async () => {
    const counts = async (atOnce: boolean) => {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 16 }))
        .addLayer('Y', new LIF({ shape: 4 }))
        .addConnection(
          'X',
          'Y',
          new Connection({ w: 5, wMin: 0, norm: 60, rule: new PostPre({ nu: [0.1, 0.5] }) }),
        );
      const all: number[][] = [];
      const present = (first: number, learn: boolean) => {
        const shown = {
          layer: 0,
          count: 20,
          steps: 20,
          spikes: (i: number) => randomSpikes(first + i, 0.3, 20, 16),
        };
        const own: number[] = [];
        all.push(own);
        return network.simulation.present(shown, {
          learn,
          count: 1,
          onCounts: (batch) => own.push(...batch),
        });
      };
      const calls = [() => present(0, true), () => present(5, false), () => present(9, true)];
      if (atOnce) await Promise.all(calls.map((call) => call()));
      else for (const call of calls) await call();
      const weights = [...network.getWeights('X->Y').data];
      network.dispose();
      return { all, weights };
    };
    const inTurn = await counts(false);
    expect(await counts(true)).toEqual(inTurn);
    for (const own of inTurn.all) expect(Math.max(...own)).toBeGreaterThan(1);
  });

  it('reading and setting refuse what is not there', () => {
    const network = build({ engine });
    const call = (action: () => unknown, message: string | RegExp) => expect(action).toThrow(message);
    call(
      () => network.getWeights('X->Z'),
      'Network: unknown connection with weights "X->Z". Did you mean "X->Y"? Known: X->Y.',
    );
    call(() => network.getWeights('Y->Y'), 'unknown connection with weights "Y->Y"');
    call(() => network.setPlastic('Y->Y', true), 'unknown connection with weights "Y->Y"');
    call(
      () => network.setWeights('X->Y', new Float32Array(47)),
      'Network connection X->Y: expected 48 weights (3 × 2 × 2 × 2 × 2), got 47',
    );
    call(() => network.getVariable('y', 'v'), 'Network: unknown layer "y". Did you mean "Y"? Known: X, Y.');
    call(
      () => network.getVariable('Y', 'voltage'),
      /^layer Y: unknown variable "voltage"\. Known: v, (refracCount, theta|theta, refracCount), input, spikes, tracePre, tracePost\.$/,
    );
    call(() => network.getVariable('X', 'v'), 'layer X: unknown variable "v".');
    call(() => network.getVariable('X', 'theta'), 'layer X: unknown variable "theta".');
    call(
      () => network.setVariable('Y', 'spikes', new Float32Array(12)),
      'layer Y: unknown variable to set "spikes".',
    );
    call(
      () => network.setVariable('Y', 'tracePre', new Float32Array(12)),
      'layer Y: unknown variable to set "tracePre".',
    );
    call(
      () => network.setVariable('X', 'input', new Float32Array(16)),
      'layer X: unknown variable to set "input".',
    );
    call(
      () => network.setVariable('Y', 'theta', new Float32Array(3)),
      'Network layer Y: expected 12 values of theta, got 3',
    );
    network.dispose();
  });

  it('run refuses inputs that do not fit', async () => {
    const network = build({ engine });
    const cases: [Parameters<Network['run']>, string][] = [
      [[{ Z: pixel(0).X }], 'Network: unknown layer "Z"'],
      [[{ Y: spikesByNeuron([[0]], 1) }], 'Network.run, clamp.Y: expected spikes of 12 neurons, got 1'],
      [[{ X: spikesByNeuron([[0]], 1) }], 'Network.run input X: expected spikes of 16 neurons, got 1'],
      [
        [{ X: { ...pixel(0).X, neurons: Uint32Array.of(16) } }],
        'Network.run input X: expected neurons below 16',
      ],
      [[pixel(0), { time: 3 }], 'Network.run: expected inputs of at least 3 steps, got 2'],
      [[pixel(0), { time: -1 }], 'Network.run: expected time to be a whole number of steps ≥ 0, got -1'],
      [[pixel(0), { time: 1.5 }], 'got 1.5'],
    ];
    for (const [parameters, message] of cases) {
      await expect(network.run(...parameters)).rejects.toThrow(message);
    }
    network.dispose();
  });

  it('monitors refuse what they cannot record, when it is recorded', async () => {
    for (const [of, monitor, message] of [
      ['Y', new Monitor({ variables: ['w'] }), 'Network: unknown connection with weights "Y"'],
      ['X->Y', new Monitor({ variables: ['v'] }), 'Network: unknown layer "X->Y"'],
      ['X', new Monitor({ variables: ['v'] }), 'layer X: unknown variable "v"'],
      [
        'Y',
        new Monitor({ variables: ['v'], indices: [12] }),
        'Monitor: expected indices below 12 (values of v), got 12',
      ],
    ] as const) {
      const network = build({ engine }).addMonitor(of, monitor);
      await expect(network.run(pixel(0))).rejects.toThrow(message);
      network.dispose();
    }
  });
});

describe('building refuses', () => {
  const on = (add: (network: Network) => unknown) => () => add(build({ engine: 'reference' }));
  const run = (network: Network) => network.simulation;
  const layer = new LIF({ shape: 2 });
  it.each([
    ['no time', () => new Network({ dt: 0 }), 'Network: expected a finite dt > 0 ms, got 0'],
    [
      'endless steps',
      () => new Network({ dt: Infinity }),
      'Network: expected a finite dt > 0 ms, got Infinity',
    ],
    ['a negative seed', () => new Network({ seed: -1 }), 'Network: expected seed to be a whole number'],
    [
      'an unknown engine',
      () => run(build({ engine: 'wams' })),
      'engine: unknown engine "wams". Did you mean "wasm"?',
    ],
    [
      'no threads',
      () => run(build({ threads: 0 })),
      'Network: expected threads to be a whole number from 1 to 256, got 0',
    ],
    ['a layer twice', on((n) => n.addLayer('Y', layer)), 'Network: there is a layer "Y" already'],
    [
      'a connection twice',
      on((n) => n.addConnection('X', 'Y', new Connection())),
      'there is a connection "X->Y" already; give this one a name',
    ],
    [
      'an unknown source',
      on((n) => n.addConnection('x', 'Y', new Connection())),
      'Network: unknown layer "x". Did you mean "X"?',
    ],
    [
      'an unknown target',
      on((n) => n.addConnection('X', 'Output', new Connection())),
      'Network: unknown layer "Output". Known: X, Y.',
    ],
    [
      'a connection onto an Input',
      on((n) => n.addConnection('Y', 'X', new Connection())),
      'Network connection Y->X: expected a target of neurons, because the spikes of an Input are given, got "X"',
    ],
    [
      'competition from an Input',
      on((n) => n.addConnection('X', 'Y', new LateralCompetition({ weight: -1 }), 'c')),
      'Network connection c: expected competition from a layer of neurons that spike, got "X"',
    ],
    [
      'competition without a weight',
      () => new LateralCompetition({ weight: Number.NaN }),
      'LateralCompetition: expected a finite weight [mV], got NaN',
    ],
    [
      'lateral weights between layers of other shapes',
      on((n) => run(n.addConnection('X', 'Y', new LateralConnection({}), 'c'))),
      'Network connection c: expected a source and a target of the same shape',
    ],
    [
      'a map of another size',
      on((n) => run(n.addConnection('X', 'Y', new LocalConnection({ kernelSize: 2 }), 'c'))),
      'Network connection c: expected a target of 3 × 3 positions, got [2,2]',
    ],
    [
      'a kernel larger than the source',
      on((n) => run(n.addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 5 }), 'c'))),
      'Network connection c: expected a kernelSize (with dilation) within 4 × 4, got "5 × 5"',
    ],
    [
      'a kernel of no size',
      () => new LocalConnection({ kernelSize: 0 }),
      'LocalConnection: expected kernelSize to be a whole number ≥ 1, got 0',
    ],
    [
      'half a stride',
      () => new Conv2dConnection({ kernelSize: 2, stride: 0.5 }),
      'Conv2dConnection: expected stride to be a whole number ≥ 1, got 0.5',
    ],
    [
      'negative padding',
      () => new Conv2dConnection({ kernelSize: 2, padding: -1 }),
      'Conv2dConnection: expected padding to be a whole number ≥ 0, got -1',
    ],
    [
      'weights of another size',
      on((n) => run(n.addConnection('X', 'Y', new Connection({ w: new Float32Array(5) }), 'c'))),
      'Network connection c: expected 192 weights (3 × 2 × 2 × 4 × 4), got 5',
    ],
    [
      'layers of a running network',
      on((n) => [run(n), n.addLayer('Z', layer)]),
      'Network: expected layers and connections to be added before it runs, got "a running network"',
    ],
    [
      'connections of a running network',
      on((n) => [run(n), n.addConnection('X', 'Y', new Connection(), 'c')]),
      'before it runs',
    ],
    [
      'a monitor of nothing',
      () => new Monitor({ variables: [] }),
      'Monitor: expected variables to be a list of at least 1, got []',
    ],
    [
      'a monitor of neuron −1',
      () => new Monitor({ variables: ['v'], indices: [-1] }),
      'Monitor: expected indices that are whole numbers ≥ 0, got -1',
    ],
    [
      'a monitor of an unknown layer',
      on((n) => n.addMonitor('Z', new Monitor({ variables: ['v'] }))),
      'Network: unknown layer or connection "Z". Did you mean "X"? Known: X, Y, X->Y, Y->Y.',
    ],
    [
      'to read what a monitor does not record',
      () => new Monitor({ variables: ['v'] }).get('spikes'),
      'Monitor: unknown variable "spikes". Known: v.',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a custom model or rule', () => {
  const model: NeuronModel = { ...leakyModel('Mine'), kernel: 'mine' };
  class Mine extends LIF {
    override readonly model = model;
  }
  const rule: LearningRule = {
    name: 'Grow',
    kernel: 'grow',
    constants: {},
    changesOnlySpikingTargets: false,
    update: ({ weights }) => weights.forEach((w, i) => (weights[i] = w + 1)),
  };
  const own = (engine: string, layer: LIF, learning: LearningRule) =>
    new Network({ engine })
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', layer)
      .addConnection('X', 'Y', new Connection({ w: 20, rule: learning }));

  it('runs on the reference engine at once', async () => {
    const network = own('reference', new Mine({ shape: 1 }), rule);
    await network.run({ X: spikesByNeuron([[0]], 2) });
    expect([...network.getVariable('Y', 'spikes')]).toEqual([1]);
    expect([...network.getWeights('X->Y').data]).toEqual([22]);
  });

  it('is named by the wasm engine, which has no kernel for it', () => {
    const code = expect.objectContaining({ code: 'ENGINE_UNAVAILABLE' });
    const withModel = () => own('wasm', new Mine({ shape: 1 }), new PostPre({ nu: [0, 0] })).simulation;
    expect(withModel).toThrow(code);
    expect(withModel).toThrow(
      'engine wasm: no kernel for neuron model "Mine"; the engine "reference" runs every neuron model',
    );
    expect(() => own('wasm', new LIF({ shape: 1 }), rule).simulation).toThrow(
      'engine wasm: no kernel for learning rule "Grow"; the engine "reference" runs every learning rule',
    );
  });
});

describe.each(['wasm', 'reference', 'gpu-webasm'])('the life of a network on engine %s', (engine) => {
  const make = () =>
    new Network({ engine })
      .addLayer('X', new Input({ shape: 4 }))
      .addLayer('Y', new LIF({ shape: 3 }))
      .addConnection('X', 'Y', new Connection());
  const train = spikeTrainFromEvents([0, 2], [1, 3], 5, 4);
  const presentation = { layer: 0, count: 3, steps: 5, spikes: () => train };
  const options = { learn: true, count: 1 };
  const busy = expect.objectContaining({ code: 'BUSY' });
  const disposed = expect.objectContaining({ code: 'DISPOSED' });

  it('ends with dispose, once or twice; all else is an error afterwards', async () => {
    const network = make();
    const { simulation } = network;
    await network.run({ X: train });
    network.dispose();
    network.dispose();
    simulation.dispose();
    expect(() => network.getWeights('X->Y')).toThrow(disposed);
    expect(() => network.setVariable('Y', 'v', new Float32Array(3))).toThrow(disposed);
    expect(() => network.resetState()).toThrow(disposed);
    await expect(network.run({ X: train })).rejects.toThrow(disposed);
    await expect(simulation.present(presentation, options)).rejects.toThrow(disposed);
    const unused = make();
    unused.dispose();
    expect(() => unused.simulation).toThrow(disposed);
  });

  it('lets a presentation be read, but not changed, while it is at work', async () => {
    const network = make();
    const { simulation } = network;
    const atWork = simulation.present(presentation, options);
    const waiting = simulation.present(presentation, options);
    expect(network.getWeights('X->Y').data).toHaveLength(12);
    expect(() => network.setWeights('X->Y', new Float32Array(12))).toThrow(busy);
    expect(() => network.setVariable('Y', 'theta', new Float32Array(3))).toThrow(busy);
    expect(() => network.setPlastic('X->Y', false)).toThrow(busy);
    expect(() => network.normalize()).toThrow(busy);
    expect(() => network.resetState()).toThrow(busy);
    expect(() => network.dispose()).toThrow(busy);
    await expect(network.run({ X: train })).rejects.toThrow(busy);
    expect(await atWork).toBe(3);
    expect(await waiting).toBe(3);
    network.dispose();
  });
});

it('a run while another is at work is an error, on an engine whose runs take their time', async () => {
  const network = new Network({ engine: 'gpu-webasm' })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('Y', new LIF({ shape: 3 }))
    .addConnection('X', 'Y', new Connection());
  const train = spikeTrainFromEvents([0], [0], 3, 1);
  const first = network.run({ X: train });
  await expect(network.run({ X: train })).rejects.toThrow(expect.objectContaining({ code: 'BUSY' }));
  await first;
  await network.run({ X: train });
  network.dispose();
});
