/** Neuron models as equations against runs of BindsNET, on every engine: every spike and every bit of the state; AdEx against Brian 2. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { AdEx } from '../../src/core/models/adex.js';
import { BoostedLIF } from '../../src/core/models/boosted-lif.js';
import { CurrentLIF } from '../../src/core/models/current-lif.js';
import { CSRM } from '../../src/core/models/csrm.js';
import { csrmKernels } from '../../src/core/models/csrm-kernels.js';
import { DiehlAndCook } from '../../src/core/models/diehl-and-cook.js';
import { Izhikevich } from '../../src/core/models/izhikevich.js';
import { McCullochPitts } from '../../src/core/models/mcculloch-pitts.js';
import { SRM0 } from '../../src/core/models/srm0.js';
import type { Precision } from '../../src/core/precision.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input, LIF, type LayerDescription } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { gpuEngines } from '../support/gpu.js';
import { readTolerance } from '../support/bindsnet-tolerance.js';
import { readFloats, readSpikes } from '../support/case-arrays.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { engines } from '../support/small-networks.js';
import { type CaseFolder, describeCases, readMeta, walkCases } from '../support/walk-cases.js';

/** Models of the first shelf, as a user would write them; some cases have parameters for every neuron. */
const DefinedIF = defineNeuron({
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

const DefinedLIF = defineNeuron({
  ...DefinedIF.definition,
  name: 'LIF',
  parameters: { ...DefinedIF.definition.parameters, rest: [-65, 'mV'], tcDecay: [100, 'ms'] },
  state: { v: 'rest' },
  step: 'v = exp(-dt / tcDecay) * (v - rest) + rest; v += input',
});

const DefinedAdaptiveLIF = defineNeuron({
  ...DefinedLIF.definition,
  name: 'AdaptiveLIF',
  parameters: { ...DefinedLIF.definition.parameters, thetaPlus: [0.05, 'mV'], tcThetaDecay: [1e7, 'ms'] },
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

type LayerClass = new (parameters: never) => LayerDescription;

interface Model {
  readonly neuron: LayerClass;
  /** Our class of that name, which has kernels of its own, and what it needs besides. */
  readonly own?: LayerClass;
  readonly ownOptions?: (theirs: NodeMeta['parameters']) => Readonly<Record<string, unknown>>;
  /** Names of the parameters here, by their names there. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Options that are no parameters of the equations. */
  readonly options?: (theirs: NodeMeta['parameters']) => Readonly<Record<string, unknown>>;
  /** Names of kernels here, by their files. */
  readonly kernels?: Readonly<Record<string, string>>;
  /** Files that hold one value for every neuron. */
  readonly files?: readonly string[];
  /** Names of the state here, by their files. */
  readonly state: Readonly<Record<string, string>>;
}

const bounded = { thresh: 'thresh', refrac: 'refrac', lbound: 'lowest' };
const leaky = { ...bounded, reset: 'reset', rest: 'rest', tc_decay: 'tcDecay' };

const models: Readonly<Record<string, Model>> = {
  McCullochPitts: { neuron: McCullochPitts, parameters: { thresh: 'thresh' }, state: { v: 'v' } },
  IFNodes: {
    neuron: DefinedIF,
    own: IF,
    ownOptions: ({ reset }) => ({ rest: reset }),
    parameters: { ...bounded, reset: 'reset' },
    state: { v: 'v' },
  },
  LIFNodes: { neuron: DefinedLIF, own: LIF, parameters: leaky, state: { v: 'v' } },
  BoostedLIFNodes: { neuron: BoostedLIF, parameters: { ...bounded, tc_decay: 'tcDecay' }, state: { v: 'v' } },
  CurrentLIFNodes: {
    neuron: CurrentLIF,
    parameters: { ...leaky, tc_i_decay: 'tcCurrentDecay' },
    state: { v: 'v', i: 'i' },
  },
  AdaptiveLIFNodes: {
    neuron: DefinedAdaptiveLIF,
    own: AdaptiveLIF,
    parameters: { ...leaky, theta_plus: 'thetaPlus', tc_theta_decay: 'tcThetaDecay' },
    state: { v: 'v', theta: 'theta' },
  },
  DiehlAndCookNodes: {
    neuron: DiehlAndCook,
    parameters: { ...leaky, theta_plus: 'thetaPlus', tc_theta_decay: 'tcThetaDecay' },
    options: ({ one_spike: isOne }) => ({ select: isOne ? 'one-of-layer' : 'all' }),
    state: { v: 'v', theta: 'theta' },
  },
  CSRMNodes: {
    neuron: CSRM,
    parameters: {
      thresh: 'thresh',
      rest: 'rest',
      tc_decay: 'tcDecay',
      theta_plus: 'thetaPlus',
      tc_theta_decay: 'tcThetaDecay',
      lbound: 'lowest',
    },
    kernels: { response_kernel: 'response', refractory_kernel: 'afterpotential' },
    options: (theirs) => {
      const tau = Number(theirs.tau);
      const kernel = (name: string) => csrmKernels[theirs[name] as keyof typeof csrmKernels];
      return {
        response: kernel('responseKernel')({ steps: Number(theirs.res_window_size), tau }),
        afterpotential: kernel('refractoryKernel')({
          steps: Number(theirs.ref_window_size),
          tau,
          drop: Number(theirs.reset_const),
        }),
      };
    },
    state: { v: 'v', theta: 'theta' },
  },
  SRM0Nodes: {
    neuron: SRM0,
    parameters: { ...leaky, eps_0: 'gain', rho_0: 'rate', d_thresh: 'width' },
    state: { v: 'v', spike_probability: 'p' },
  },
  IzhikevichNodes: {
    neuron: Izhikevich,
    parameters: { thresh: 'thresh', rest: 'rest' },
    files: ['a', 'b', 'c', 'd'],
    state: { v: 'v', u: 'u' },
  },
};

interface NodeMeta {
  readonly model: string;
  readonly parameters: Readonly<Record<string, number | string | boolean | null>>;
  readonly dt: number;
  readonly n: number;
  readonly steps: number;
  readonly arrays: Readonly<Record<string, { readonly unpacked_shape?: readonly number[] }>>;
}

/** Cases of neurons whose model is on the shelf. */
const cases = bindsnetCases('neurons');

/** The network of a case, of our class of that name or of equations. */
function build({ folder }: CaseFolder, engine: string, isOwn: boolean): Network {
  const meta = readMeta(folder) as NodeMeta;
  const model = models[meta.model];
  const values = Object.entries(model.parameters).flatMap(([theirs, ours]) => {
    const value = meta.parameters[theirs];
    if (value === undefined || value === null) return [];
    return [[ours, typeof value === 'string' ? readFloats(folder, value.replace('.npy', '')) : value]];
  });
  const own = (model.files ?? []).map((file) => [file, readFloats(folder, file)]);
  const parameters = Object.fromEntries([...values, ...own]) as Record<string, number | Float32Array>;
  const options = isOwn ? model.ownOptions?.(meta.parameters) : model.options?.(meta.parameters);
  const Neuron = isOwn && model.own ? model.own : model.neuron;
  const network = new Network({ engine, dt: meta.dt }).addLayer(
    'Y',
    new Neuron({
      shape: meta.n,
      tcTracePre: Number(meta.parameters.tc_trace),
      ...parameters,
      ...options,
    } as never),
  );
  for (const [file, kernel] of Object.entries(model.kernels ?? {})) {
    const weights = options?.[kernel] as readonly number[];
    const difference = readFloats(folder, file).map((weight, i) => Math.abs(weight - weights[i]));
    expect(Math.max(...difference)).toBeLessThan(3e-7);
  }
  if (meta.arrays.source_spikes) {
    const nSources = meta.arrays.source_spikes.unpacked_shape?.[1] ?? 0;
    const w = readFloats(folder, 'w');
    // Theirs are [source, target].
    const ours = w.map((_, i) => w[(i % nSources) * meta.n + Math.floor(i / nSources)]);
    network
      .addLayer('X', new Input({ shape: nSources }))
      .addConnection('X', 'Y', new Connection({ w: ours }));
  } else if (isGpu(engine)) {
    network.addLayer('X', new Input({ shape: meta.steps })).addConnection('X', 'Y', new Connection());
  }
  return network;
}

/** What it takes of input comes by a connection. */
const isGpu = (engine: string) => engine.startsWith('gpu');

describeCases(cases, (of) => {
  it.each(engines)('has every spike, and the state within the tolerance, on %s', async (engine) => {
    const { model, parameters, steps } = readMeta(of.folder) as NodeMeta;
    expect(await compareRun(of, build(of, engine, false))).toBeGreaterThanOrEqual(steps);
    const isHeterogeneous = Object.values(parameters).some((value) => String(value).endsWith('.npy'));
    if (!models[model].own || isHeterogeneous) return;
    expect(await compareRun(of, build(of, engine, true))).toBeGreaterThanOrEqual(steps);
  });
});

const engineCases = gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const);

const isDrawn = ({ folder }: CaseFolder) => {
  const { arrays } = readMeta(folder) as NodeMeta;
  return Object.hasOwn(arrays, 'draws') || Object.hasOwn(arrays, 'chosen');
};

describe.each(engineCases)('equations on engine %s', (_, { engine, isThere }) => {
  it.skipIf(!isThere).each(cases.filter((of) => !isDrawn(of)))(
    '$name has every spike, and the state within the tolerance',
    async (of) => {
      const { steps } = readMeta(of.folder) as NodeMeta;
      expect(await compareRun(of, build(of, engine, false))).toBeGreaterThanOrEqual(steps);
    },
    120_000,
  );

  it.each(cases.filter(isDrawn))('$name is refused, because it draws', (of) => {
    expect(() => build(of, engine, false).simulation).toThrow(/engine gpu: no kernel for neuron model/);
  });
});

/** Expects the run of a case of a network, and returns how many steps were compared. */
async function compareRun({ folder }: CaseFolder, network: Network): Promise<number> {
  let compared = 0;
  const meta = readMeta(folder) as NodeMeta;
  const model = models[meta.model];
  const { n, steps } = meta;
  const tolerance = readTolerance(folder);
  const isCoupled = meta.model === 'IzhikevichNodes';
  for (const [suffix, learn] of [
    ['', true],
    ['_frozen', false],
  ] as const) {
    const has = (file: string) => Object.hasOwn(meta.arrays, file + suffix);
    if (!has('spikes')) continue;
    const input = has('input') ? readFloats(folder, `input${suffix}`) : null;
    const sources = has('source_spikes')
      ? readSpikes(folder, `source_spikes${suffix}`, meta.arrays.source_spikes.unpacked_shape?.[1] ?? 0)
      : null;
    const spikes = readSpikes(folder, `spikes${suffix}`, n);
    const expected = Object.entries(model.state).map(
      ([file, name]) => [name, readFloats(folder, file + suffix)] as const,
    );
    const draws = has('draws') ? readFloats(folder, `draws${suffix}`) : null;
    const chosen = has('chosen') ? readFloats(folder, `chosen${suffix}`) : null;
    const trace = readFloats(folder, `trace${suffix}`);
    const lateral = isCoupled ? readFloats(folder, 'S') : null;
    if (input && lateral) {
      for (let t = 1; t < steps; t++) addLateral(input.subarray(t * n, (t + 1) * n), lateral, spikes[t - 1]);
    }
    network.resetState();
    const isConnected = input !== null && isGpu(network.simulation.engine);
    if (isConnected) await connectInput(network, input, n);
    for (let t = 0; t < steps; t++, compared++) {
      if (input && !isConnected) network.setVariable('Y', 'input', input.slice(t * n, (t + 1) * n));
      const shown = sources ? sources[t] : isConnected ? oneOf(steps, t + 1) : null;
      await network.run(shown ? { X: spikeTrainFromRaster(Uint8Array.from(shown), 1, shown.length) } : {}, {
        time: 1,
        learn,
        draws: draws ? { Y: draws.slice(t * n, (t + 1) * n) } : {},
        choices: chosen ? { Y: [chosen[t]] } : {},
      });
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...spikes[t]]);
      for (const [name, values] of expected) {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const found = network.getVariable('Y', name);
        const off = found.map((value, j) => Math.abs(value - values[t * n + j]));
        expect([t, name, off.every((each) => each <= tolerance * largest)]).toEqual([t, name, true]);
      }
      expect(network.getVariable('Y', 'tracePre')).toEqual(trace.slice(t * n, (t + 1) * n));
    }
  }
  network.dispose();
  return compared;
}

/** A step in which one of `size` neurons spikes, or none where there is no such. */
const oneOf = (size: number, neuron: number) => Array.from({ length: size }, (_, i) => Number(i === neuron));

/** Gives each step's input to a source of its own, which spikes one step before; the source of the first step has spiked. */
async function connectInput(network: Network, input: Float32Array, n: number): Promise<void> {
  const steps = input.length / n;
  network.setWeights(
    'X->Y',
    input.map((_, i) => input[(i % steps) * n + Math.floor(i / steps)]),
  );
  const [{ model, constants }] = network.compile().layers;
  const before = Object.keys(model.initialState(constants)).map(
    (name) => [name, network.getVariable('Y', name)] as const,
  );
  await network.run({ X: spikeTrainFromRaster(Uint8Array.from(oneOf(steps, 0)), 1, steps) }, { time: 1 });
  for (const [name, values] of before) network.setVariable('Y', name, values);
}

/** Weights between the neurons of the layer [target, source], in float32, source by source. */
function addLateral(input: Float32Array, weights: Float32Array, spikes: readonly number[]): void {
  const n = input.length;
  const sums = new Float32Array(n);
  for (let target = 0; target < n; target++) {
    for (let source = 0; source < n; source++) {
      if (spikes[source]) sums[target] += weights[target * n + source];
    }
    input[target] += sums[target];
  }
}

const brian = walkCases('brian', { marker: 'meta.json' }).filter(({ folder }) =>
  (readMeta(folder) as { about: string }).about.includes('adaptive exponential'),
);

describeCases(brian, ({ folder }) => {
  it.each([
    ...engines.map((engine) => ({ engine, precision: 'single' as const, close: { v: 0.2, w: 0.01 } })),
    // The run was in float64, its files are in float32.
    { engine: 'reference', precision: 'double' as const, close: null },
  ])('has every spike of AdEx, and v below −40 mV, on $engine in $precision precision', async (of) => {
    const { engine, precision } = of;
    const meta = readMeta(folder) as Record<string, number> & { packed: { spikes: number } };
    const n = meta.packed.spikes;
    const current = readFloats(folder, 'current_nA');
    const spikes = readSpikes(folder, 'spikes', n);
    const [v, w] = ['v_mV', 'w_pA'].map((file) => readFloats(folder, file));
    const network = new Network<Precision>({ engine, precision, dt: meta.dt_ms }).addLayer(
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
    // Currents of few digits, which the file rounds to float32.
    const input = Float64Array.from(current, (nanoampere) => 1000 * Number(nanoampere.toPrecision(7)));
    const magnitude = (values: Float32Array) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const close = of.close ?? { v: 1e-6 * magnitude(v), w: 1e-6 * magnitude(w) };
    let [furthestV, furthestW] = [0, 0];
    for (let t = 0; t < meta.steps; t++) {
      network.setVariable('Y', 'input', input);
      await network.run({}, { time: 1 });
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...spikes[t]]);
      const [ours, adaptation] = ['v', 'w'].map((name) => network.getVariable('Y', name));
      const theirs = v.subarray(t * n, (t + 1) * n);
      // v is steep at spikes.
      const offV = Array.from(theirs, (value, j) => (value < -40 ? Math.abs(ours[j] - value) : 0));
      const offW = Array.from(adaptation, (value, j) => Math.abs(value - w[t * n + j]));
      furthestV = Math.max(furthestV, ...offV);
      furthestW = Math.max(furthestW, ...offW);
    }
    expect(furthestV).toBeLessThan(close.v);
    expect(furthestW).toBeLessThan(close.w);
    network.dispose();
  });
});
