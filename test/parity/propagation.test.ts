/** Spikes between several layers against runs of BindsNET: at the next step or within the step, and in a reservoir. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import type { Propagation } from '../../src/core/network/program.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { transpose } from '../support/bindsnet-rules.js';
import { readArray, readFloats, readSpikes } from '../support/case-arrays.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

interface Meta {
  readonly dt: number;
  readonly steps: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<'rest' | 'reset' | 'refrac' | 'tc_decay' | 'thresh', number>>;
}

const listOnes = (spikes: readonly number[]) =>
  Uint32Array.from(spikes.flatMap((spike, i) => (spike ? [i] : [])));

describeCases(bindsnetCases('propagation'), ({ folder }) => {
  const modes: (readonly [Propagation, string])[] = [
    ['next-step', 'next_step'],
    ['same-step', 'one_step'],
  ];
  describe.each(engines)('on %s', (engine) => {
    it.each(modes)('has every spike and every bit of v, %s', (propagation, suffix) => {
      const { dt, steps, sizes, parameters } = readMeta(folder) as Meta;
      const { thresh, rest, reset, refrac, tc_decay: tcDecay } = parameters;
      const network = new Network({ engine, dt, propagation }).addLayer('X', new Input({ shape: sizes.X }));
      for (const layer of ['A', 'B'])
        network.addLayer(layer, new LIF({ shape: sizes[layer], thresh, rest, reset, refrac, tcDecay }));
      for (const [source, target] of ['XA', 'AB', 'BA', 'AA']) {
        const w = transpose(readFloats(folder, `w_${source}${target}`), sizes[source], sizes[target]);
        network.addConnection(source, target, new Connection({ w }));
      }
      const sources = readSpikes(folder, 'source_spikes', sizes.X);
      const expected = ['A', 'B'].map((layer) => ({
        layer,
        spikes: readSpikes(folder, `spikes_${layer}_${suffix}`, sizes[layer]),
        v: readFloats(folder, `v_${layer}_${suffix}`),
      }));
      for (let t = 0; t < steps; t++) {
        network.simulation.step(new Map([[0, listOnes(sources[t])]]), false);
        for (const { layer, spikes, v } of expected) {
          const n = sizes[layer];
          expect([t, layer, ...network.getVariable(layer, 'spikes')]).toEqual([t, layer, ...spikes[t]]);
          expect(network.getVariable(layer, 'v')).toEqual(v.slice(t * n, (t + 1) * n));
        }
      }
      network.dispose();
    });
  });
});

/** LIF neurons that have thresholds of their own. */
const OwnThresholds = defineNeuron({
  name: 'OwnThresholds',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-65, 'mV'],
    thresh: [-52, 'mV'],
    refrac: [5, 'ms'],
    tcDecay: [100, 'ms'],
  },
  state: { v: 'rest' },
  input: 'mV',
  step: 'v = exp(-dt / tcDecay) * (v - rest) + rest; v += input',
  spike: 'v >= thresh',
  reset: 'v = reset',
  refractory: { period: 'refrac' },
});

describeCases(bindsnetCases('reservoirs'), ({ folder }) => {
  it.each(engines)('has every spike and every bit of v on %s', (engine) => {
    const { dt, steps, sizes, parameters } = readMeta(folder) as Meta;
    const { rest, reset, refrac, tc_decay: tcDecay } = parameters;
    const { I: nInputs, O: n } = sizes;
    const thresh = readFloats(folder, 'thresh');
    const connect = (file: string, from: number) =>
      new Connection({ w: transpose(readFloats(folder, file), from, n) });
    const network = new Network({ engine, dt })
      .addLayer('I', new Input({ shape: nInputs }))
      .addLayer('O', new OwnThresholds({ shape: n, rest, reset, refrac, tcDecay, thresh }))
      .addConnection('I', 'O', connect('w_in', nInputs))
      .addConnection('O', 'O', connect('w_recurrent', n));
    const unpack = (file: string, size: number) => {
      const { shape, data } = readArray(folder, file);
      const [samples, , bytes] = shape;
      const at = (row: number, j: number) => (Number(data[row * bytes + (j >> 3)]) >> (7 - (j & 7))) & 1;
      return Array.from({ length: samples * steps }, (_, row) =>
        Array.from({ length: size }, (__, j) => at(row, j)),
      );
    };
    const inputs = unpack('input_spikes', nInputs);
    const spikes = unpack('spikes', n);
    const v = readFloats(folder, 'v');
    inputs.forEach((given, row) => {
      if (row % steps === 0) network.resetState();
      network.simulation.step(new Map([[0, listOnes(given)]]), false);
      expect([row, ...network.getVariable('O', 'spikes')]).toEqual([row, ...spikes[row]]);
      expect(network.getVariable('O', 'v')).toEqual(v.slice(row * n, (row + 1) * n));
    });
    network.dispose();
  });
});
