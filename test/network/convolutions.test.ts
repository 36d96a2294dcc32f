/** `convolve` in equations: sums over the last steps, literal and in closed form; errors. */
import { describe, expect, it } from 'vitest';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { csrmKernels } from '../../src/core/models/csrm-kernels.js';
import { Network } from '../../src/core/network/network.js';
import { engines } from '../support/small-networks.js';

const definition = {
  name: 'Looking',
  parameters: { refrac: [0, 'ms'] },
  kernels: { response: [0.25, 0.5, 1], own: [-2, -8] },
  state: { v: 0, echo: 0 },
  step: 'v = convolve(input, response); echo = convolve(spikes, own)',
  spike: 'v >= 1',
  refractory: { period: 'refrac' },
} as const;
const Looking = defineNeuron(definition);

describe.each(engines)('convolve on %s', (engine) => {
  const run = async (options: object, inputs: readonly number[]) => {
    const network = new Network({ engine }).addLayer('Y', new Looking({ shape: [3, 1, 2], ...options }));
    const found: number[][] = [];
    const show = async (values: readonly number[]) => {
      for (const input of values) {
        network.setVariable('Y', 'input', new Float32Array(6).fill(input));
        await network.run({}, { time: 1 });
        for (const name of ['v', 'echo', 'spikes']) {
          const values = network.getVariable('Y', name);
          expect(new Set(values).size).toBe(1);
        }
        found.push(['v', 'echo', 'spikes'].map((name) => network.getVariable('Y', name)[5] + 0));
      }
    };
    await show(inputs);
    const once = found.splice(0);
    network.resetState();
    await show(inputs);
    // A reset forgets what was.
    expect(found).toEqual(once);
    network.dispose();
    return once;
  };

  it('weights inputs of this step and those before, and spikes of those before', async () => {
    expect(await run({}, [1, 0, 0, 0, 2, -1, 0])).toEqual([
      [1, 0, 1],
      [0.5, -8, 0],
      [0.25, -2, 0],
      [0, 0, 0],
      [2, 0, 1],
      [0, -8, 0],
      [0, -2, 0],
    ]);
  });

  it('takes kernels of other lengths, one weight included', async () => {
    expect(await run({ response: [3], own: Float32Array.of(5) }, [1, 0])).toEqual([
      [3, 0, 1],
      [0, 5, 0],
    ]);
    const long = Array.from({ length: 256 }, (_, i) => i);
    const found = await run({ response: long, own: long }, [1, ...new Array<number>(5).fill(0)]);
    expect(found.map(([v]) => v)).toEqual([255, 254, 253, 252, 251, 250]);
    // Every step spikes: 255, 255 + 254, …
    expect(found.map(([, echo]) => echo)).toEqual([0, 255, 509, 762, 1014, 1265]);
  });

  it('sees the input as equations do: 0 within a refractory period', async () => {
    expect((await run({ refrac: 1, own: [0] }, [1, 1, 1])).map(([v]) => v)).toEqual([1, 0.5, 1.25]);
  });

  it('of an exponential kernel is an exponential current, but for the end of the window', async () => {
    const [tau, steps] = [4, 200];
    const response = csrmKernels.ExponentialKernel({ steps, tau });
    const inputs = Array.from({ length: 60 }, (_, t) => ((t * 7) % 5) / 4);
    const found = await run({ response, own: [0] }, inputs);
    let current = 0;
    inputs.forEach((input, t) => {
      current = current * Math.exp(-1 / tau) + input / tau;
      expect(Math.abs(found[t][0] - current)).toBeLessThan(1e-6);
    });
  });
});

describe('kernels', () => {
  it('have their closed forms, the oldest step first', () => {
    const kernel = csrmKernels.AlphaKernel({ steps: 200, tau: 5, dt: 0.5 });
    expect(kernel[199]).toBe(0);
    expect(kernel.indexOf(Math.max(...kernel))).toBe(199 - 10);
    // ∫ t / τ² exp(−t / τ) dt = 1, by the rectangle rule at dt = 0.5.
    expect(kernel.reduce((sum, weight) => sum + 0.5 * weight, 0)).toBeCloseTo(1, 2);
    const slayer = csrmKernels.AlphaKernelSLAYER({ steps: 20, tau: 5 });
    expect(slayer[19 - 5]).toBe(1);
    expect(csrmKernels.LaplacianKernel({ steps: 3, tau: 1 })[2]).toBe(0.5);
    expect(csrmKernels.EtaKernel({ steps: 2, tau: 1 })).toEqual([-50 * Math.exp(-1), -50]);
  });

  it.each([
    [{ steps: 257, tau: 1 }, 'AlphaKernel: expected steps'],
    [{ steps: 3, tau: 0 }, 'AlphaKernel: expected a finite tau > 0 ms, got 0'],
    [{ steps: 3, tau: 1, drop: 1 }, 'AlphaKernel: unknown option "drop"'],
  ])('refuse %o', (options, message) => {
    expect(() => csrmKernels.AlphaKernel(options)).toThrow(message);
  });
});

describe('definitions refuse', () => {
  it.each<[string, object, string]>([
    [
      'a kernel that there is not',
      { step: 'v = convolve(input, answer)' },
      'Looking.step (1:5): expected convolve(input, kernel)',
    ],
    [
      'a convolution of anything else',
      { step: 'v = convolve(v, response)' },
      'Looking.step (1:5): expected convolve(input, kernel)',
    ],
    [
      'a convolution of sums',
      { step: 'v = convolve(input + 1, response)' },
      'Looking.step (1:5): expected convolve',
    ],
    [
      'a convolution in the state',
      { state: { v: 'convolve(input, own)', echo: 0 } },
      'Looking.state.v (1:1): expected convolve',
    ],
    ['a kernel as a number', { step: 'v = own' }, 'Looking.step (1:5): unknown name "own"'],
    [
      'spikes as a number',
      { step: 'v = spikes' },
      'Looking.step (1:5): unknown name "spikes". Did you mean "spiked"?',
    ],
    [
      'an empty kernel',
      { kernels: { response: [], own: [1] } },
      'defineNeuron: expected kernels.response to be a kernel',
    ],
    [
      'a kernel named as a parameter',
      { parameters: { own: 1, refrac: 0 } },
      'Looking.kernels.own: own is a parameter',
    ],
    [
      'a kernel named as an option',
      { kernels: { shape: [1] } },
      'Looking.kernels.shape: shape is an option of layers',
    ],
  ])('%s', (_, change, message) => {
    expect(() => defineNeuron({ ...definition, ...change })).toThrow(message);
  });

  it.each([
    [{ own: [] }, 'Looking: expected own to be a kernel: a list of 1 to 256 numbers (float32), got []'],
    [{ own: [Number.NaN] }, 'Looking: expected own to be a kernel'],
    [{ own: 3 }, 'Looking: expected own to be a kernel'],
    [{ own: new Array(257).fill(0) }, 'Looking: expected own to be a kernel'],
  ])('as layers refuse %o', (options, message) => {
    expect(() => new Looking({ shape: 1, ...options })).toThrow(message);
  });
});
