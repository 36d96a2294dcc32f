/** Random networks of every kind that the simulator knows, and random images for them. */
import fc from 'fast-check';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { NoOp, PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AvgPool2dConnection,
  Connection,
  Conv2dConnection,
  type InitialWeights,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';

/** A number in [low, high] that is seldom a short binary fraction, so that rounding shows. */
const between = (low: number, high: number) =>
  fc.integer({ min: 0, max: 99_991 }).map((i) => low + ((high - low) * i) / 99_991);

const neurons = fc.record({
  model: fc.constantFrom('IF' as const, 'LIF' as const, 'AdaptiveLIF' as const),
  /** Height of the threshold over rest. */
  height: between(0.3, 2),
  rest: fc.constantFrom(0, -65, 0.1),
  resetOffset: fc.constantFrom(0, -0.3, 0.1),
  resetBy: fc.constantFrom('zero' as const, 'zero' as const, 'subtract' as const),
  tcDecay: between(1, 100),
  refrac: fc.constantFrom(0, 0, 1, 2, 2.5),
  thetaPlus: between(0, 0.5),
  tcThetaDecay: fc.constantFrom(10, 1e6),
  tcTracePre: between(1, 30),
  tcTracePost: between(1, 30),
});

const rule = fc.option(
  fc.record({
    nu: fc.tuple(between(-0.2, 0.2), between(-0.2, 0.2)),
    weightDecay: fc.constantFrom(0, 0, 0, 0.003),
  }),
  { nil: null, freq: 5 },
);

const bounds = fc.constantFrom(
  {},
  { wMin: 0, wMax: 1 },
  { wMin: 0.1, wMax: 0.45 },
  { wMin: -0.2 },
  { wMax: 0.3 },
);

const synapses = fc.record({
  rule,
  bounds,
  w: fc.constantFrom<InitialWeights>({ uniform: [0, 1] }, { uniform: [-0.2, 0.8] }, 0.3),
  norm: fc.option(between(0.5, 20), { nil: undefined, freq: 2 }),
  normalizeInitially: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
});

const topology = fc.record({
  kind: fc.constantFrom('local' as const, 'convolutional' as const, 'dense' as const, 'pool' as const),
  kernelSize: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.constantFrom(0, 0, 1),
  /** Side of the target's map where the topology leaves it free. */
  side: fc.integer({ min: 1, max: 2 }),
  synapses,
});

const competition = fc.oneof(
  fc.constant(null),
  fc.record({ weight: between(-2, 0.2) }),
  fc.record({
    rule,
    w: fc.constantFrom<InitialWeights>({ uniform: [-1, 0] }, -0.4),
    bounds: fc.constantFrom({}, { wMax: 0 }, { wMin: -0.7, wMax: -0.1 }, { wMin: 0.05 }),
    norm: fc.option(between(0.5, 3), { nil: undefined, freq: 2 }),
  }),
);

const layerOf = (channels: fc.Arbitrary<number>) => fc.record({ channels, neurons, topology, competition });

const few = fc.constantFrom(1, 2, 3, 4, 4, 5, 7, 8, 8, 9);
/** So many that rows fill whole blocks of vectors. */
const many = fc.integer({ min: 10, max: 75 });

const image = fc.record({
  learn: fc.constantFrom(true, true, false),
  /** Whether the step-by-step run normalises after it. */
  normalize: fc.constantFrom(true, true, false),
  /** Whether the state is reset before it. */
  reset: fc.constantFrom(true, true, true, false),
  /** Which connections learn: bits by connection. */
  plastic: fc.constantFrom(0xff, 0xff, 0xff, 0b10101, 0b01010),
  density: fc.constantFrom(0, 0.05, 0.2, 0.4, 0.6),
  seed: fc.integer(),
});

export const randomCase = fc.record({
  dt: fc.constantFrom(1, 1, 0.5, 0.3),
  propagation: fc.constantFrom('next-step' as const, 'same-step' as const),
  seed: fc.maxSafeNat(),
  source: fc.record({
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 2, max: 6 }),
    width: fc.integer({ min: 2, max: 6 }),
    tcTrace: between(1, 30),
  }),
  /** A second input layer onto Y. */
  second: fc.option(fc.record({ size: fc.integer({ min: 1, max: 7 }), topology }), { nil: null, freq: 2 }),
  y: layerOf(fc.oneof({ weight: 6, arbitrary: few }, { weight: 1, arbitrary: many })),
  /** A second layer of neurons behind Y. */
  z: fc.option(layerOf(few), { nil: null, freq: 2 }),
  /** Feedback from Z onto Y. */
  feedback: fc.option(synapses, { nil: null, freq: 2 }),
  steps: fc.integer({ min: 1, max: 30 }),
  /** Steps per window of the counts. */
  countEvery: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  images: fc.array(image, { minLength: 1, maxLength: 5 }),
});

export type RandomCase = typeof randomCase extends fc.Arbitrary<infer T> ? T : never;
type Topology = RandomCase['y']['topology'];
type Side = readonly [channels: number, height: number, width: number];

/** The kernel that fits, and the map it gives. */
function fitWindow({ kernelSize, stride, padding }: Topology, [, height, width]: Side) {
  const kernel = Math.min(kernelSize, height + 2 * padding, width + 2 * padding);
  const count = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return { kernelSize: kernel, stride, padding, map: [count(height), count(width)] as const };
}

interface RandomSynapses {
  rule: RandomCase['y']['topology']['synapses']['rule'];
  bounds: { wMin?: number; wMax?: number };
  w: InitialWeights;
  norm?: number;
  normalizeInitially?: boolean;
}

function describeSynapses({ rule, bounds, ...rest }: RandomSynapses) {
  return { ...rest, ...bounds, rule: rule ? new PostPre(rule) : new NoOp() };
}

function connect(topology: Topology, source: Side, target: Side) {
  const parameters = describeSynapses(topology.synapses);
  if (topology.kind === 'dense') return new Connection(parameters);
  const { map, ...window } = fitWindow(topology, source);
  if (map[0] !== target[1] || map[1] !== target[2]) return new Connection(parameters);
  if (topology.kind === 'pool' && source[0] === target[0])
    return new AvgPool2dConnection({ channels: source[0], ...window });
  return topology.kind === 'local'
    ? new LocalConnection({ ...parameters, ...window })
    : new Conv2dConnection({ ...parameters, ...window });
}

function shapeBehind({ channels, topology }: RandomCase['y'], source: Side): Side {
  if (topology.kind === 'dense') return [channels, topology.side, topology.side];
  return [topology.kind === 'pool' ? source[0] : channels, ...fitWindow(topology, source).map];
}

function describeNeurons({ neurons }: RandomCase['y'], shape: Side) {
  const { model, height, rest, resetOffset, resetBy, refrac, tcDecay, tcTracePre, tcTracePost } = neurons;
  // Lowering the voltage needs a threshold above `reset`.
  const reset = rest + (resetBy === 'subtract' ? Math.min(0, resetOffset) : resetOffset);
  const common = { shape, rest, reset, thresh: rest + height, refrac, resetBy, tcTracePre, tcTracePost };
  if (model === 'IF') return new IF(common);
  if (model === 'LIF') return new LIF({ ...common, tcDecay });
  const { thetaPlus, tcThetaDecay } = neurons;
  return new AdaptiveLIF({ ...common, tcDecay, thetaPlus, tcThetaDecay });
}

function compete(competition: RandomCase['y']['competition']) {
  if (!competition) return null;
  if ('weight' in competition) return new LateralCompetition(competition);
  return new LateralConnection(describeSynapses(competition));
}

/** Builds the network of a case: inputs X (and U), neurons Y (and Z). */
export function buildRandomNetwork(of: RandomCase, engine: string, threads = 1): Network {
  const { dt, seed, propagation } = of;
  const network = new Network({ dt, seed, propagation, engine, threads });
  const source: Side = [of.source.channels, of.source.height, of.source.width];
  network.addLayer('X', new Input({ shape: source, tcTrace: of.source.tcTrace }));
  if (of.second) network.addLayer('U', new Input({ shape: of.second.size }));
  const y = shapeBehind(of.y, source);
  network.addLayer('Y', describeNeurons(of.y, y)).addConnection('X', 'Y', connect(of.y.topology, source, y));
  if (of.second) network.addConnection('U', 'Y', connect(of.second.topology, [of.second.size, 1, 1], y));
  const lateral = compete(of.y.competition);
  if (lateral) network.addConnection('Y', 'Y', lateral);
  if (!of.z) return network;
  const z = shapeBehind(of.z, y);
  network.addLayer('Z', describeNeurons(of.z, z)).addConnection('Y', 'Z', connect(of.z.topology, y, z));
  const lateralZ = compete(of.z.competition);
  if (lateralZ) network.addConnection('Z', 'Z', lateralZ);
  if (of.feedback) network.addConnection('Z', 'Y', new Connection(describeSynapses(of.feedback)));
  return network;
}

/** Random spikes, by a small generator of their own. */
export function randomSpikes(seed: number, density: number, steps: number, size: number): SpikeTrain {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const raster = Uint8Array.from({ length: steps * size }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 < density ? 1 : 0;
  });
  return spikeTrainFromRaster(raster, steps, size);
}
