/** Neuron models as equations against runs of BindsNET: every spike and every bit of the state; AdEx against a run of Brian 2. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron, type DefinedNeuron } from '../../src/core/definitions/define-neuron.js';
import { AdEx } from '../../src/core/models/adex.js';
import { BoostedLIF } from '../../src/core/models/boosted-lif.js';
import { CurrentLIF } from '../../src/core/models/current-lif.js';
import { Izhikevich } from '../../src/core/models/izhikevich.js';
import { McCullochPitts } from '../../src/core/models/mcculloch-pitts.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { readNpy } from '../../src/formats/npy.js';
import { engines } from '../support/small-networks.js';
import { type CaseFolder, describeCases, readMeta, walkCases } from '../support/walk-cases.js';

/** Models of the first shelf, as a user would write them with a lower bound. */
const IF = defineNeuron({
  name: 'IF',
  parameters: { reset: [-65, 'mV'], thresh: [-52, 'mV'], lowest: [-Infinity, 'mV'], refrac: [5, 'ms'] },
  state: { v: 'reset' },
  input: 'mV',
  step: 'v += input',
  spike: 'v >= thresh',
  reset: 'v = reset',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac' },
});

const LIF = defineNeuron({
  ...IF.definition,
  name: 'LIF',
  parameters: { ...IF.definition.parameters, rest: [-65, 'mV'], tcDecay: [100, 'ms'] },
  state: { v: 'rest' },
  step: 'v = exp(-dt / tcDecay) * (v - rest) + rest; v += input',
});

const AdaptiveLIF = defineNeuron({
  ...LIF.definition,
  name: 'AdaptiveLIF',
  parameters: { ...LIF.definition.parameters, thetaPlus: [0.05, 'mV'], tcThetaDecay: [1e7, 'ms'] },
  state: { v: 'rest', theta: [0, 'mV'] },
  persistent: ['theta'],
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    theta = learning ? theta * exp(-dt / tcThetaDecay) : theta
    v += input
  `,
  spike: 'v >= thresh + theta',
  reset: 'v = reset; theta += learning ? thetaPlus : 0',
});

interface Model {
  readonly neuron: DefinedNeuron;
  /** Names of the parameters here, by their names there. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Files that hold one value for every neuron. */
  readonly files?: readonly string[];
  readonly state: readonly string[];
}

const bounded = { thresh: 'thresh', refrac: 'refrac', lbound: 'lowest' };
const leaky = { ...bounded, reset: 'reset', rest: 'rest', tc_decay: 'tcDecay' };

const models: Readonly<Record<string, Model>> = {
  McCullochPitts: { neuron: McCullochPitts, parameters: { thresh: 'thresh' }, state: ['v'] },
  IFNodes: { neuron: IF, parameters: { ...bounded, reset: 'reset' }, state: ['v'] },
  LIFNodes: { neuron: LIF, parameters: leaky, state: ['v'] },
  BoostedLIFNodes: { neuron: BoostedLIF, parameters: { ...bounded, tc_decay: 'tcDecay' }, state: ['v'] },
  CurrentLIFNodes: {
    neuron: CurrentLIF,
    parameters: { ...leaky, tc_i_decay: 'tcCurrentDecay' },
    state: ['v', 'i'],
  },
  AdaptiveLIFNodes: {
    neuron: AdaptiveLIF,
    parameters: { ...leaky, theta_plus: 'thetaPlus', tc_theta_decay: 'tcThetaDecay' },
    state: ['v', 'theta'],
  },
  IzhikevichNodes: {
    neuron: Izhikevich,
    parameters: { thresh: 'thresh', rest: 'rest' },
    files: ['a', 'b', 'c', 'd'],
    state: ['v', 'u'],
  },
};

interface NodeMeta {
  readonly model: string;
  readonly parameters: Readonly<Record<string, number | string | boolean | null>>;
  readonly dt: number;
  readonly n: number;
  readonly steps: number;
}

/** Cases of neurons whose model is on the shelf. */
const cases = walkCases('bindsnet', { marker: 'meta.json' }).flatMap(({ name, folder }) => {
  const { model } = readMeta(folder) as Partial<NodeMeta>;
  return name.includes('node_') && model !== undefined && models[model] ? [{ name, folder }] : [];
});

const read = (folder: string, file: string) => readNpy(readFileSync(join(folder, `${file}.npy`)), file);

const floats = (folder: string, file: string) => Float32Array.from(read(folder, file).data as Float32Array);

/** Spikes of a step, unpacked. */
function unpack(folder: string, file: string, n: number): number[][] {
  const { shape, data } = read(folder, file);
  return Array.from({ length: shape[0] }, (_, t) =>
    Array.from({ length: n }, (__, j) => (Number(data[t * shape[1] + (j >> 3)]) >> (7 - (j & 7))) & 1),
  );
}

function build({ folder }: CaseFolder, engine: string): { network: Network; meta: NodeMeta; model: Model } {
  const meta = readMeta(folder) as NodeMeta;
  const model = models[meta.model];
  const values = Object.entries(model.parameters).flatMap(([theirs, ours]) => {
    const value = meta.parameters[theirs];
    if (value === undefined || value === null) return [];
    return [[ours, typeof value === 'string' ? floats(folder, value.replace('.npy', '')) : value]];
  });
  const own = (model.files ?? []).map((file) => [file, floats(folder, file)]);
  const parameters = Object.fromEntries([...values, ...own]) as Record<string, number | Float32Array>;
  const network = new Network({ engine, dt: meta.dt }).addLayer(
    'Y',
    new model.neuron({ shape: meta.n, tcTracePre: Number(meta.parameters.tc_trace), ...parameters }),
  );
  // Weights between the neurons of the layer [target, source].
  if (meta.model === 'IzhikevichNodes') {
    network.addConnection('Y', 'Y', new Connection({ w: floats(folder, 'S') }));
  }
  return { network, meta, model };
}

describeCases(cases, (of) => {
  it.each(engines)('has every spike and every bit of the state on %s', async (engine) => {
    const { network, meta, model } = build(of, engine);
    const { n } = meta;
    const { folder } = of;
    const recorded = new Map(
      ['spikes', 'tracePre', ...model.state].map((variable) => [
        variable,
        new Monitor({ variables: [variable] }),
      ]),
    );
    for (const monitor of recorded.values()) network.addMonitor('Y', monitor);
    for (const [suffix, learn] of [
      ['', true],
      ['_frozen', false],
    ] as const) {
      if (suffix !== '' && !Object.hasOwn(readMeta(folder) as object, 'arrays')) continue;
      const arrays = Object.keys((readMeta(folder) as { arrays: object }).arrays);
      if (!arrays.includes(`input${suffix}`)) continue;
      const input = floats(folder, `input${suffix}`);
      const spikes = unpack(folder, `spikes${suffix}`, n);
      const expected = Object.fromEntries(model.state.map((name) => [name, floats(folder, name + suffix)]));
      const trace = floats(folder, `trace${suffix}`);
      network.resetState();
      for (const each of recorded.values()) each.reset();
      await network.run({}, { currents: { Y: input }, learn });
      const found = (variable: string) => recorded.get(variable)?.get(variable).data as Float32Array;
      expect(rows(found('spikes'), n)).toEqual(rows(Float32Array.from(spikes.flat()), n));
      for (const name of model.state) expect(rows(found(name), n)).toEqual(rows(expected[name], n));
      expect(rows(found('tracePre'), n)).toEqual(rows(trace, n));
    }
    network.dispose();
  });
});

/** A row for every step, which begins with its number. */
function rows(values: Float32Array, n: number): number[][] {
  return Array.from({ length: values.length / n }, (_, t) => [t, ...values.subarray(t * n, (t + 1) * n)]);
}

const brian = walkCases('brian', { marker: 'meta.json' }).filter(({ folder }) =>
  (readMeta(folder) as { about: string }).about.includes('adaptive exponential'),
);

describeCases(brian, ({ folder }) => {
  it.each(engines)('has every spike of AdEx, and v within 0.2 mV below −40 mV, on %s', async (engine) => {
    const meta = readMeta(folder) as Record<string, number> & { packed: { spikes: number } };
    const n = meta.packed.spikes;
    const current = floats(folder, 'current_nA');
    const spikes = unpack(folder, 'spikes', n);
    const [v, w] = ['v_mV', 'w_pA'].map((file) => floats(folder, file));
    const network = new Network({ engine, dt: meta.dt_ms }).addLayer(
      'Y',
      new AdEx({
        shape: n,
        capacitance: meta.C_pF,
        leak: meta.gL_nS,
        rest: meta.EL_mV,
        reset: meta.EL_mV,
        thresh: meta.VT_mV,
        slope: meta.DT_mV,
        tcAdaptation: meta.tauw_ms,
        a: meta.a_nS,
      }),
    );
    const currents = { Y: current.map((nanoampere) => 1000 * nanoampere) };
    for (let t = 0; t < meta.steps; t++) {
      await network.run({}, { time: 1, currents });
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...spikes[t]]);
      const [ours, adaptation] = ['v', 'w'].map((name) => network.getVariable('Y', name));
      const theirs = v.subarray(t * n, (t + 1) * n);
      // v is steep at spikes.
      const offV = theirs.map((value, j) => (value < -40 ? Math.abs(ours[j] - value) : 0));
      const offW = adaptation.map((value, j) => Math.abs(value - w[t * n + j]));
      expect(Math.max(...offV)).toBeLessThan(0.2);
      expect(Math.max(...offW)).toBeLessThan(0.01);
    }
    network.dispose();
  });
});
