/** Connections against runs of BindsNET: what they deliver, what kernels learn, and what pooling lets pass. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  MaxPool2dConnection,
  MeanFieldConnection,
  type SynapticConnection,
} from '../../src/core/network/topology/index.js';
import { engineOrder, parseShape, type ShapeLike } from '../../src/core/network/shape.js';
import { SynapticFeatures } from '../../src/core/synapses/index.js';
import { bindsnetCases } from '../support/bindsnet-cases.js';
import { type KernelMeta, makeKernelConnection, orderOfWeights } from '../support/bindsnet-connections.js';
import {
  expectValues,
  magnitude,
  readParameters,
  type RuleMeta,
  rules,
  transpose,
} from '../support/bindsnet-rules.js';
import { readTolerance } from '../support/bindsnet-tolerance.js';
import { readArray, readFloats, readSpikes } from '../support/case-arrays.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta } from '../support/walk-cases.js';

interface DeliveryMeta extends RuleMeta {
  readonly arrays: Readonly<Record<string, { readonly axes: readonly string[] }>>;
}

/** The neurons that spike, as engines number those of a layer. */
function listSpikes(spikes: readonly number[], shape: ShapeLike): Uint32Array {
  const order = engineOrder(parseShape(shape, 'X'));
  return Uint32Array.from(spikes.flatMap((spike, i) => (spike ? [order[i]] : []))).sort();
}

/** Threshold of the targets, as in "McCullochPitts, thresh 1". */
const readThreshold = (text: unknown) => Number(/thresh (\S+)/.exec(String(text))?.[1]);

function makeDelivery(folder: string, { n_source, n_target, arrays }: DeliveryMeta): SynapticConnection {
  const all = (file: string) => transpose(readFloats(folder, file), n_source, n_target);
  if (arrays.w.axes.join() === 'target') return new MeanFieldConnection({ w: readFloats(folder, 'w') });
  if (arrays.b) return new Connection({ w: all('w'), bias: readFloats(folder, 'b') });
  if (!arrays.intensity) return new Connection({ w: all('w'), mask: all('w').map((w) => (w === 0 ? 0 : 1)) });
  const bias = readFloats(folder, 'bias');
  // Every synapse adds its own: a target receives their sum.
  const ofTarget = (j: number) =>
    Array.from({ length: n_source }, (_, i) => bias[i * n_target + j]).reduce((sum, each) => sum + each, 0);
  return new Connection({
    w: all('w'),
    mask: all('mask'),
    bias: Float32Array.from({ length: n_target }, (_, j) => ofTarget(j)),
    synapse: new SynapticFeatures({ intensity: all('intensity') }),
  });
}

describeCases(bindsnetCases('deliveries'), ({ folder }) => {
  it.each(engines)('delivers every bit on %s', (engine) => {
    const meta = readMeta(folder) as DeliveryMeta;
    const { dt, steps, n_source, n_target, parameters } = meta;
    const network = new Network({ engine, dt })
      .addLayer('X', new Input({ shape: n_source }))
      .addLayer('Y', new McCullochPitts({ shape: n_target, thresh: readThreshold(parameters.target) }))
      .addConnection('X', 'Y', makeDelivery(folder, meta));
    const sources = readSpikes(folder, 'source_spikes', n_source);
    const targets = readSpikes(folder, 'target_spikes', n_target);
    const delivered = readFloats(folder, 'delivered');
    for (let t = 0; t < steps; t++) {
      network.simulation.step(new Map([[0, listSpikes(sources[t], n_source)]]), false);
      // The voltage of such a neuron is what it has received.
      const found = [...network.getVariable('Y', 'v')];
      expect([t, ...found]).toEqual([t, ...delivered.subarray(t * n_target, (t + 1) * n_target)]);
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...targets[t]]);
    }
    network.dispose();
  });
});

describeCases(bindsnetCases('kernels'), ({ folder }) => {
  const bound = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);

  function build(engine: string, meta: KernelMeta, thresh: number, w: Float32Array): Network {
    const { dt, rule, parameters, source_shape, target_shape } = meta;
    const ofRule = { ...meta, n_source: 0, n_target: 0 } as unknown as RuleMeta;
    return new Network({ engine, dt })
      .addLayer('X', new Input({ shape: source_shape, tcTrace: Number(parameters.tc_trace_source) }))
      .addLayer(
        'Y',
        new McCullochPitts({
          shape: target_shape,
          thresh,
          tcTracePost: Number(parameters.tc_trace_target),
        }),
      )
      .addConnection(
        'X',
        'Y',
        makeKernelConnection(meta, {
          w,
          rule: rules[rule].make(readParameters(folder, ofRule)),
          wMin: bound(parameters.wmin, Number.NEGATIVE_INFINITY),
          wMax: bound(parameters.wmax, Number.POSITIVE_INFINITY),
        }),
      );
  }

  const read = () => {
    const meta = readMeta(folder) as KernelMeta;
    const [n, m] = [meta.source_shape, meta.target_shape].map((shape) =>
      shape.reduce((all, side) => all * side, 1),
    );
    const order = orderOfWeights(meta);
    const inOrder = (values: Float32Array) => Float32Array.from(order, (at) => values[at]);
    return { meta, n, m, inOrder, sources: readSpikes(folder, 'source_spikes', n) };
  };

  it.each(engines)('delivers every bit on %s', (engine) => {
    const { meta, m, inOrder, sources } = read();
    const network = build(engine, meta, 1e6, inOrder(readFloats(folder, 'w_initial')));
    const delivered = readFloats(folder, 'delivered');
    for (let t = 0; t * m < delivered.length; t++) {
      network.resetState();
      network.simulation.step(new Map([[0, listSpikes(sources[t], meta.source_shape)]]), false);
      const found = [...network.getVariable('Y', 'input')];
      expect([t, ...found]).toEqual([t, ...delivered.subarray(t * m, (t + 1) * m)]);
    }
    network.dispose();
  });

  it.each(engines)('learns within the tolerance of the case, and sums to its norm, on %s', (engine) => {
    const { meta, m, inOrder, sources } = read();
    const network = build(engine, meta, 1e6, inOrder(readFloats(folder, 'w_initial')));
    const targets = readSpikes(folder, 'target_spikes', m);
    const weights = readFloats(folder, 'w');
    const reward = meta.arrays.reward ? readFloats(folder, 'reward') : null;
    const tolerance = readTolerance(folder);
    const largest = magnitude(weights);
    const size = weights.length / meta.steps;
    for (let t = 0; t < meta.steps; t++) {
      network.setVariable(
        'Y',
        'input',
        Float32Array.from(targets[t], (spike) => spike * 1e9),
      );
      if (reward) network.setSignal('reward', reward[t]);
      network.simulation.step(new Map([[0, listSpikes(sources[t], meta.source_shape)]]), true);
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...targets[t]]);
      const expected = inOrder(weights.subarray(t * size, (t + 1) * size));
      expectValues(network.getWeights('X->Y').data, expected, { what: `w of step ${t}`, tolerance, largest });
    }
    const { w_normalized: isNormalized } = meta.arrays;
    if (isNormalized) network.normalize();
    const expected = inOrder(isNormalized ? readFloats(folder, 'w_normalized') : weights.subarray(-size));
    // BindsNET sums magnitudes in float32, Locus in float64: a unit in the last place.
    const closest = isNormalized ? Math.max(tolerance, 2 ** -23) : tolerance;
    const { data } = network.getWeights('X->Y');
    expectValues(data, expected, { what: 'w at the end', tolerance: closest, largest });
    network.dispose();
  });
});

interface PoolMeta extends Pick<KernelMeta, 'dt' | 'steps' | 'source_shape' | 'target_shape'> {
  readonly parameters: Readonly<Record<'kernel_size' | 'stride' | 'padding' | 'dilation' | 'decay', number>>;
}

describeCases(bindsnetCases('pooling'), ({ folder }) => {
  it.each(engines)('has every spike and every bit of the rates on %s', (engine) => {
    const { dt, steps, source_shape, target_shape, parameters } = readMeta(folder) as PoolMeta;
    const { kernel_size: kernelSize, stride, padding, dilation, decay } = parameters;
    const [n, m] = [source_shape, target_shape].map((shape) => shape.reduce((all, side) => all * side, 1));
    const network = new Network({ engine, dt })
      .addLayer('X', new Input({ shape: source_shape }))
      .addLayer('Y', new McCullochPitts({ shape: target_shape, thresh: 0.5 }))
      .addConnection('X', 'Y', new MaxPool2dConnection({ kernelSize, stride, padding, dilation, decay }));
    const sources = readSpikes(folder, 'source_spikes', n);
    const targets = readSpikes(folder, 'target_spikes', m);
    const rates = readFloats(folder, 'rates');
    for (let t = 0; t < steps; t++) {
      network.simulation.step(new Map([[0, listSpikes(sources[t], source_shape)]]), false);
      expect([t, ...network.getVariable('Y', 'spikes')]).toEqual([t, ...targets[t]]);
      // Its rates of the next step have the spikes of this one.
      if (t + 1 === steps) break;
      const expected = rates.subarray((t + 1) * n, (t + 2) * n);
      expect([t, ...network.getVariable('X->Y', 'rate')]).toEqual([t, ...expected]);
    }
    network.dispose();
  });
});

describeCases(bindsnetCases('features'), ({ folder }) => {
  it.each(engines)('learns within the tolerance of the case on %s', (engine) => {
    const { dt, steps, n_source, n_target, parameters } = readMeta(folder) as RuleMeta;
    const {
      nu,
      range,
      norm,
      tc_trace: tcTrace,
    } = parameters as unknown as {
      readonly nu: [number, number];
      readonly range: [number, number];
      readonly norm: number;
      readonly tc_trace: number;
    };
    const network = new Network({ engine, dt })
      .addLayer('X', new Input({ shape: n_source, tcTrace }))
      .addLayer('Y', new McCullochPitts({ shape: n_target, thresh: 1e6, tcTracePost: tcTrace }))
      .addConnection(
        'X',
        'Y',
        new Connection({
          w: transpose(readFloats(folder, 'w_initial'), n_source, n_target),
          rule: new PostPre({ nu }),
          wMin: range[0],
          wMax: range[1],
          norm,
          normalizeInitially: false,
        }),
      );
    const sources = readSpikes(folder, 'source_spikes', n_source);
    const targets = readSpikes(folder, 'target_spikes', n_target);
    const { data } = readArray(folder, 'w');
    const size = n_source * n_target;
    const tolerance = readTolerance(folder);
    for (let t = 0; t < steps; t++) {
      network.setVariable(
        'Y',
        'input',
        Float32Array.from(targets[t], (spike) => spike * 1e9),
      );
      network.simulation.step(new Map([[0, listSpikes(sources[t], n_source)]]), true);
      const expected = transpose(
        Float32Array.from((data as Float32Array).subarray(t * size, (t + 1) * size)),
        n_source,
        n_target,
      );
      expectValues(network.getWeights('X->Y').data, expected, {
        what: `w of step ${t}`,
        tolerance,
        largest: range[1],
      });
    }
    network.normalize();
    const expected = transpose(readFloats(folder, 'w_normalized'), n_source, n_target);
    network.getWeights('X->Y').data.forEach((w, i) => expect(Math.abs(w - expected[i])).toBeLessThan(1e-6));
    network.dispose();
  });
});
