/** Diehl & Cook's network of 2015 against runs of BindsNET: every spike of both layers; voltages to 1e-6 of the largest, thresholds and weights to 1e-6. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  OneToOneConnection,
} from '../../src/core/network/topology/index.js';
import { readNpy } from '../../src/formats/npy.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta, walkCases } from '../support/walk-cases.js';

type Neurons = Readonly<Record<'rest' | 'reset' | 'thresh' | 'refrac' | 'tc_decay', number>>;

interface Meta {
  readonly model: string;
  readonly dt: number;
  readonly steps: number;
  readonly n_input: number;
  readonly n_neurons: number;
  readonly n_train: number;
  readonly n_eval: number;
  readonly parameters: {
    readonly exc: number;
    readonly inh: number;
    readonly nu: [number, number];
    readonly wmin: number;
    readonly wmax: number;
    readonly norm: number;
    readonly tc_trace: number;
    readonly Ae: Neurons & { theta_plus: number; tc_theta_decay: number; one_spike: boolean };
    readonly Ai: Neurons;
  };
}

/** Where several neurons reach the threshold, all of them spike: nothing is drawn. */
const cases = walkCases('bindsnet', { marker: 'meta.json' }).filter(({ folder }) => {
  const { model, parameters } = readMeta(folder) as Partial<Meta>;
  return model === 'DiehlAndCook2015' && parameters?.Ae.one_spike === false;
});

function build(engine: string, { dt, n_input, n_neurons, parameters }: Meta, w: Float32Array): Network {
  const { exc, inh, nu, wmin, wmax, norm, tc_trace: tcTrace, Ae, Ai } = parameters;
  const neurons = ({ rest, reset, thresh, refrac, tc_decay: tcDecay }: Neurons) => {
    const traces = { tcTracePre: tcTrace, tcTracePost: tcTrace };
    return { shape: n_neurons, rest, reset, thresh, refrac, tcDecay, ...traces };
  };
  return new Network({ engine, dt })
    .addLayer('X', new Input({ shape: n_input, tcTrace }))
    .addLayer(
      'Ae',
      new AdaptiveLIF({ ...neurons(Ae), thetaPlus: Ae.theta_plus, tcThetaDecay: Ae.tc_theta_decay }),
    )
    .addLayer('Ai', new LIF(neurons(Ai)))
    .addConnection(
      'X',
      'Ae',
      new Connection({
        w,
        rule: new PostPre({ nu }),
        wMin: wmin,
        wMax: wmax,
        norm,
        normalizeInitially: false,
      }),
    )
    .addConnection('Ae', 'Ai', new OneToOneConnection({ w: exc }))
    .addConnection('Ai', 'Ae', new AllButOwnConnection({ w: -inh }));
}

describeCases(cases, ({ folder }) => {
  const read = (file: string) => readNpy(readFileSync(join(folder, `${file}.npy`)), file);
  /** Spikes [step, neuron] of an image. */
  const raster = (file: string, image: number, steps: number, n: number) => {
    const { data, shape } = read(file);
    const bytes = shape[2];
    return Uint8Array.from({ length: steps * n }, (_, at) => {
      const [t, neuron] = [Math.floor(at / n), at % n];
      return (Number(data[(image * steps + t) * bytes + (neuron >> 3)]) >> (7 - (neuron & 7))) & 1;
    });
  };
  const transpose = (w: ArrayLike<number>, rows: number, columns: number) =>
    Float32Array.from(
      { length: rows * columns },
      (_, at) => w[(at % rows) * columns + Math.floor(at / rows)],
    );
  const largest = (a: Float32Array, b: Float32Array) =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

  it.each(engines)('has every spike, and theta and weights to 1e-6, on %s', async (engine) => {
    const meta = readMeta(folder) as Meta;
    const { steps, n_input, n_neurons, n_train, n_eval } = meta;
    const initial = Float32Array.from(read('w_initial').data as Uint16Array, (value) => value / 4096);
    const network = build(engine, meta, transpose(initial, n_input, n_neurons));
    const monitors = ['Ae', 'Ai'].map((layer) => {
      const monitor = new Monitor({ variables: ['spikes', 'v'] });
      network.addMonitor(layer, monitor);
      return { layer, monitor };
    });
    const theta = read('theta_after').data as Float32Array;
    for (let image = 0; image < n_train + n_eval; image++) {
      const learn = image < n_train;
      network.resetState();
      const X = spikeTrainFromRaster(raster('input_spikes', image, steps, n_input), steps, n_input);
      await network.run({ X }, { learn });
      if (learn) network.normalize();
      for (const { layer, monitor } of monitors) {
        const { data } = monitor.get('spikes');
        const expected = raster(`spikes_${layer}`, image, steps, n_neurons);
        const wrong = data.findIndex((spike, at) => spike !== expected[at]);
        expect([image, layer, wrong]).toEqual([image, layer, -1]);
        const v = image === 0 ? Float32Array.from(read(`v_${layer}_image0`).data as Float32Array) : null;
        // Inhibition takes voltages to thousands of mV.
        const magnitude = v && largest(v, new Float32Array(v.length));
        const off = v && magnitude ? largest(monitor.get('v').data, v) / magnitude : 0;
        expect(off).toBeLessThan(1e-6);
        monitor.reset();
      }
      const now = Float32Array.from(theta.slice(image * n_neurons, (image + 1) * n_neurons));
      expect(largest(network.getVariable('Ae', 'theta'), now)).toBeLessThan(1e-6);
    }
    const w = transpose(read('w_after_train').data as Float32Array, n_input, n_neurons);
    expect(largest(network.getWeights('X->Ae').data, w)).toBeLessThan(1e-6);
    network.dispose();
  });
});
