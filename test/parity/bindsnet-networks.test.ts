/** Networks of the zoo against runs of BindsNET: every spike of all layers; voltages to 1e-6 of the largest, thresholds and weights to 1e-6. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { Monitor } from '../../src/core/network/monitors.js';
import type { Network } from '../../src/core/network/network.js';
import { readNpy } from '../../src/formats/npy.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { orderOfWeights } from '../support/bindsnet-connections.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';
import {
  DiehlAndCook2015,
  DiehlAndCook2015v2,
  LocallyConnectedNetwork,
  TwoLayerNetwork,
} from '../../src/zoo/index.js';

type Neurons = Readonly<Record<'rest' | 'reset' | 'thresh' | 'refrac' | 'tc_decay', number>>;
type Adaptive = Neurons & {
  readonly theta_plus: number;
  readonly tc_theta_decay: number;
  readonly one_spike: boolean;
};

interface Meta {
  readonly model: string;
  readonly dt: number;
  readonly steps: number;
  readonly n_input: number;
  readonly n_neurons: number;
  readonly n_train: number;
  readonly n_eval: number;
  readonly arrays: Readonly<Record<string, unknown>>;
  readonly parameters: {
    readonly exc: number;
    readonly inh: number;
    readonly nu: [number, number];
    readonly wmin: number;
    readonly wmax: number;
    readonly norm: number;
    readonly norm_sum?: number;
    readonly tc_trace: number;
    readonly kernel_size: number;
    readonly stride: number;
    readonly n_filters: number;
    readonly Ae: Adaptive;
    readonly Ai: Neurons;
    readonly Y: Adaptive;
  };
}

interface Built {
  readonly network: Network;
  /** Layers whose spikes are compared; the first has the thresholds and the weights from X. */
  readonly layers: readonly string[];
  /** Index of every weight there, in the order of the weights here. */
  readonly order: readonly number[];
}

function build(engine: string, meta: Meta, w: Float32Array): Built {
  const { dt, n_input, n_neurons, parameters, model } = meta;
  const { exc, inh, nu, wmin: wMin, wmax: wMax, kernel_size: kernelSize, stride, n_filters } = parameters;
  const {
    theta_plus: thetaPlus,
    tc_theta_decay: tcThetaDecay,
    one_spike: oneSpike,
  } = parameters.Ae ?? parameters.Y;
  const learning = { engine, dt, nu, wMin, wMax, norm: parameters.norm };
  const adaptive = { thetaPlus, tcThetaDecay, oneSpike };
  const dense = { ...learning, inputShape: n_input, nNeurons: n_neurons };
  const [side, rows] = [n_input, n_neurons / (n_filters ?? 1)].map(Math.sqrt);
  // [target, source] of [source, target].
  const transposed = Array.from(
    { length: n_input * n_neurons },
    (_, at) => (at % n_input) * n_neurons + Math.floor(at / n_input),
  );
  const networks: Readonly<Record<string, () => Omit<Built, 'order'> & Partial<Built>>> = {
    DiehlAndCook2015: () => ({
      network: new DiehlAndCook2015({ ...dense, ...adaptive, exc, inh }),
      layers: ['Ae', 'Ai'],
    }),
    DiehlAndCook2015v2: () => ({
      network: new DiehlAndCook2015v2({ ...dense, ...adaptive, inh }),
      layers: ['Y'],
    }),
    TwoLayerNetwork: () => ({ network: new TwoLayerNetwork(dense), layers: ['Y'] }),
    LocallyConnectedNetwork: () => ({
      network: new LocallyConnectedNetwork({
        ...learning,
        ...adaptive,
        inputShape: [side, side],
        kernelSize,
        stride,
        nFilters: n_filters,
        inh,
      }),
      layers: ['Y'],
      order: orderOfWeights({
        source_shape: [1, side, side],
        target_shape: [n_filters, rows, rows],
        parameters: { kernel_size: kernelSize, stride, padding: 0 },
        arrays: { w_initial: { axes: ['source', 'target'] } },
      }),
    }),
  };
  if (!Object.hasOwn(networks, model)) throw new Error(`${model}: no network of that name is known here`);
  const { network, layers, order = transposed } = networks[model]();
  network.setWeights(
    `X->${layers[0]}`,
    Float32Array.from(order, (at) => w[at]),
  );
  return { network, layers, order };
}

describeCases(bindsnetCases('networks'), ({ folder }) => {
  const read = (file: string) => readNpy(readFileSync(join(folder, `${file}.npy`)), file);
  const floats = (file: string) => Float32Array.from(read(file).data as Float32Array);
  /** Spikes [step, neuron] of an image. */
  const raster = (file: string, image: number, steps: number, n: number) => {
    const { data, shape } = read(file);
    const bytes = shape[2];
    return Uint8Array.from({ length: steps * n }, (_, at) => {
      const [t, neuron] = [Math.floor(at / n), at % n];
      return (Number(data[(image * steps + t) * bytes + (neuron >> 3)]) >> (7 - (neuron & 7))) & 1;
    });
  };
  const largest = (a: Float32Array, b: Float32Array) =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

  it.each(engines)('has every spike, and theta and weights to 1e-6, on %s', async (engine) => {
    const meta = readMeta(folder) as Meta;
    const { steps, n_input, n_neurons, n_train, n_eval, arrays } = meta;
    const initial = Float32Array.from(read('w_initial').data as Uint16Array, (value) => value / 4096);
    const { network, layers, order } = build(engine, meta, initial);
    const [learning] = layers;
    const monitors = layers.map((layer) => {
      const monitor = new Monitor({ variables: ['spikes', 'v'] });
      network.addMonitor(layer, monitor);
      return { layer, monitor };
    });
    const theta = arrays.theta_after ? floats('theta_after') : null;
    const chosen = arrays.chosen ? floats('chosen') : null;
    const checkWeights = (file: string) => {
      const w = floats(file);
      const inOrder = Float32Array.from(order, (at) => w[at]);
      expect(largest(network.getWeights(`X->${learning}`).data, inOrder)).toBeLessThan(1e-6);
    };
    for (let image = 0; image < n_train + n_eval; image++) {
      const learn = image < n_train;
      network.resetState();
      const X = spikeTrainFromRaster(raster('input_spikes', image, steps, n_input), steps, n_input);
      const choices = chosen ? { [learning]: chosen.slice(image * steps, (image + 1) * steps) } : {};
      await network.run({ X }, { learn, choices });
      if (learn) network.normalize();
      if (image === 0 && arrays.w_after_first) checkWeights('w_after_first');
      if (image === n_train - 1) checkWeights('w_after_train');
      for (const { layer, monitor } of monitors) {
        const { data } = monitor.get('spikes');
        const expected = raster(`spikes_${layer}`, image, steps, n_neurons);
        const wrong = data.findIndex((spike, at) => spike !== expected[at]);
        expect([image, layer, wrong]).toEqual([image, layer, -1]);
        const size = steps * n_neurons;
        const v = arrays[`v_${layer}`]
          ? floats(`v_${layer}`).subarray(image * size, (image + 1) * size)
          : floats(`v_${layer}_image0`);
        // Inhibition takes voltages to thousands of mV; of some runs there are those of the first image alone.
        const isRecorded = image === 0 || arrays[`v_${layer}`] !== undefined;
        const magnitude = largest(v, new Float32Array(v.length));
        const off = isRecorded && magnitude ? largest(monitor.get('v').data, v) / magnitude : 0;
        expect(off).toBeLessThan(1e-6);
        monitor.reset();
      }
      if (!theta) continue;
      const now = theta.slice(image * n_neurons, (image + 1) * n_neurons);
      expect(largest(network.getVariable(learning, 'theta'), now)).toBeLessThan(1e-6);
    }
    network.dispose();
  });
});
