/** What is given to layers from outside, against runs of BindsNET: voltages, clamped and unclamped spikes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { readNpy } from '../../src/formats/npy.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

interface Meta {
  readonly dt: number;
  readonly steps: number;
  readonly n_source: number;
  readonly n_target: number;
  readonly parameters: Readonly<Record<string, number>> & { readonly nu: readonly [number, number] };
}

const cases = bindsnetCases('run options');

describeCases(cases, ({ folder }) => {
  const floats = (file: string) =>
    Float32Array.from(readNpy(readFileSync(join(folder, `${file}.npy`)), file).data as Float32Array);
  const raster = (file: string, steps: number, n: number) => {
    const { data, shape } = readNpy(readFileSync(join(folder, `${file}.npy`)), file);
    return Uint8Array.from({ length: steps * n }, (_, at) => {
      const neuron = at % n;
      return (Number(data[Math.floor(at / n) * shape[1] + (neuron >> 3)]) >> (7 - (neuron & 7))) & 1;
    });
  };
  it.each(engines)('has every spike and every bit of v and w on %s', async (engine) => {
    const { dt, steps, n_source, n_target, parameters } = readMeta(folder) as Meta;
    const { thresh, rest, reset, refrac, tc_decay, tc_trace, nu, wmin, wmax } = parameters;
    const traces = { tcTracePre: tc_trace, tcTracePost: tc_trace };
    const transpose = (w: Float32Array) =>
      w.map((_, at) => w[(at % n_source) * n_target + Math.floor(at / n_source)]);
    const network = new Network({ engine, dt })
      .addLayer('X', new Input({ shape: n_source, tcTrace: tc_trace }))
      .addLayer('Y', new LIF({ shape: n_target, thresh, rest, reset, refrac, tcDecay: tc_decay, ...traces }))
      .addConnection(
        'X',
        'Y',
        new Connection({
          w: transpose(floats('w_initial')),
          rule: new PostPre({ nu: [nu[0], nu[1]] }),
          wMin: wmin,
          wMax: wmax,
          // There 1 is a weight that is held at 0.
          mask: transpose(floats('mask')).map((absent) => 1 - absent),
        }),
      );
    const [voltages, v, w] = ['injects_v', 'v', 'w'].map(floats);
    const target = raster('target_spikes', steps, n_target);
    const given = Object.fromEntries(
      ['source_spikes', 'clamp', 'unclamp'].map((file) => {
        const n = file === 'source_spikes' ? n_source : n_target;
        const all = raster(file, steps, n);
        return [file, (t: number) => spikeTrainFromRaster(all.subarray(t * n, (t + 1) * n), 1, n)];
      }),
    );
    for (let t = 0; t < steps; t++) {
      const row = (of: Float32Array | Uint8Array) => of.subarray(t * n_target, (t + 1) * n_target);
      await network.run(
        { X: given.source_spikes(t) },
        {
          voltages: { Y: row(voltages) },
          clamp: { Y: given.clamp(t) },
          unclamp: { Y: given.unclamp(t) },
        },
      );
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...row(target)]);
      expect([t, ...network.getVariable('Y', 'v')]).toEqual([t, ...row(v)]);
      const size = n_source * n_target;
      expect([t, ...network.getWeights('X->Y').data]).toEqual([
        t,
        ...transpose(w.subarray(t * size, (t + 1) * size)),
      ]);
    }
    network.dispose();
  });
});
