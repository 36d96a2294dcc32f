/** Random synapse models on the engines reference and wasm, with one thread and two, with and without a learning rule: the same bits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineSynapse, type SynapseModel } from '../../src/core/definitions/define-synapse.js';
import type { NeuronVariable } from '../../src/core/definitions/rule-definition.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import { type LearningRule, NoOp, PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import type { Propagation } from '../../src/core/network/program.js';
import {
  AllButOwnConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
  OneToOneConnection,
} from '../../src/core/network/topology/index.js';
import { TripletStdp } from '../../src/core/rules/index.js';
import { expressions } from '../support/expressions.js';
import { randomSpikes } from '../support/random-network.js';
import { show } from '../support/show-values.js';
import { somePairs } from '../support/some-pairs.js';

/** What equations may say of a source and of a synapse. */
const ofSource = ['u', 'x', 'p', 'q', 'dt'];
const ofSynapse = ['w', 'vTarget'];
const draws = ['uniform()', 'normal()'];

interface Names {
  /** Whether sources are neurons, whose voltage is read. */
  readonly hasVoltage: boolean;
  /** Whether synapses have state and draws of their own. */
  readonly hasState: boolean;
}

/** Definitions over the whole grammar. */
function randomSynapses({ hasVoltage, hasState }: Names): fc.Arbitrary<SynapseDefinition> {
  const source = [...ofSource, ...(hasVoltage ? ['vSource'] : [])];
  const mixed = hasState ? [...source, ...ofSynapse, ...draws] : source;
  const sending = [...source, ...ofSynapse, ...(hasState ? draws : [])];
  const clause = (names: readonly string[]) =>
    fc.option(
      fc
        .tuple(expressions(names), expressions([...names, 'local']), expressions([...names, 'local']))
        // Held within bounds, so that not all of it ends in NaN.
        .map(([local, u, x]) => `local = ${local}; u = clip(${u}, -5, 5); x += clip(${x}, -1, 1)`),
      { nil: undefined },
    );
  const vTarget = { of: 'target', variable: 'v' } as const;
  const vSource = { of: 'source', variable: 'v' } as const;
  const neurons: Record<string, NeuronVariable> = hasVoltage ? { vTarget, vSource } : { vTarget };
  const clauses = (names: readonly string[]) =>
    fc.record({ step: clause(names), onSource: clause(names), initial: expressions(['p', 'q', 'dt']) });
  const send = fc.oneof(
    fc.constantFrom('w', 'w * u * x', 'u * (w * x) * q'),
    expressions(sending).map((text) => `w * clip(${text}, -2, 2)`),
    expressions(sending).map((text) => `clip(${text}, -2, 2)`),
  );
  return fc
    .record({
      clauses: fc.oneof(clauses(source), clauses(mixed)),
      send,
      each: fc.constantFrom('spike' as const, 'step' as const),
    })
    .map(({ clauses: { initial, step, onSource }, send, each }) => ({
      name: 'Random',
      parameters: { p: 1.25, q: -0.3 },
      state: { u: initial, x: 0.5 },
      neurons,
      step,
      onSource,
      send,
      each,
    }));
}

interface Simulated {
  readonly engine: string;
  readonly threads: number;
  readonly propagation: Propagation;
}

interface Synapses {
  readonly rule: LearningRule;
  /** Of the inputs onto the neurons, and of the neurons among themselves. */
  readonly forward: SynapseModel;
  readonly lateral: SynapseModel;
}

type Build = (simulated: Simulated, synapses: Synapses) => Network;

const start = (simulated: Simulated, sources: readonly number[], shape: readonly number[]) =>
  new Network({ ...simulated, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: sources }))
    .addLayer(
      'Y',
      new AdaptiveLIF({ shape, thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 }),
    );

/** Positions that are simulated apart, each with weights of its own. */
const local: Build = (simulated, { rule, forward: synapse, lateral }) =>
  start(simulated, [4, 4], [5, 2, 2])
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 3, stride: 1, norm: 3, wMin: 0, wMax: 2, rule, synapse }),
    )
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, synapse: lateral }));

/** Every source onto every target, and a layer that inhibits itself. */
const dense: Build = (simulated, { rule, forward: synapse, lateral }) =>
  start(simulated, [16], [6])
    .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, norm: 4, rule, synapse }))
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, wMin: -1, wMax: 0, rule, synapse: lateral }));

/** Some pairs alone. */
const masked: Build = (simulated, { rule, forward: synapse, lateral }) =>
  start(simulated, [16], [6])
    .addConnection('X', 'Y', new Connection({ ...somePairs, rule, synapse }))
    .addConnection('Y', 'Y', new AllButOwnConnection({ w: -0.5, wMin: -1, wMax: 0, rule, synapse: lateral }));

/** Pairs of neurons. */
const oneToOne: Build = (simulated, { rule, forward: synapse, lateral }) =>
  start(simulated, [4, 2, 2], [4, 2, 2])
    .addConnection(
      'X',
      'Y',
      new OneToOneConnection({ w: { uniform: [1, 4] }, wMin: 0, wMax: 5, rule, synapse }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }))
    .addConnection('Y', 'Y', new OneToOneConnection({ w: 0.3, synapse: lateral }), 'own');

/** Positions that share their weights. */
const shared: Build = (simulated, { rule, forward: synapse, lateral }) =>
  start(simulated, [4, 4], [3, 3, 3])
    .addConnection(
      'X',
      'Y',
      new Conv2dConnection({ kernelSize: 2, wMin: 0, wMax: 2, norm: 3, rule, synapse }),
    )
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.1, synapse: lateral }));

/** Presents images, learning and not, then makes steps, between which state is set by hand. */
async function run(network: Network, seed: number) {
  const steps = 12;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.4, steps, 16);
  for (const learn of [true, false]) {
    await network.simulation.present(
      { layer: 0, count: 3, steps, spikes },
      { learn, count: 1, onCounts: (found) => counts.push(...found) },
    );
  }
  await network.run({ X: spikes(7) }, { time: 5, learn: false });
  const { length } = network.getVariable('X->Y', 'u');
  network.setVariable(
    'X->Y',
    'u',
    Float32Array.from({ length }, (_, i) => (i % 5) / 4),
  );
  await network.run({ X: spikes(8) }, { time: 9 });
  const found = {
    counts,
    weights: show(network.getWeights('X->Y').data),
    state: ['u', 'x'].map((name) => show(network.getVariable('X->Y', name))),
    neurons: ['v', 'input'].map((name) => show(network.getVariable('Y', name))),
  };
  network.dispose();
  return found;
}

describe.each<[string, Build, boolean]>([
  ['weights of every position', local, true],
  ['weights of every pair', dense, true],
  ['weights of some pairs', masked, true],
  ['weights of pairs of neurons', oneToOne, true],
  ['shared weights', shared, false],
])('random synapse models on %s', (_, build, hasState) => {
  it('have the same bits on reference and wasm', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomSynapses({ hasVoltage: false, hasState }),
        randomSynapses({ hasVoltage: true, hasState: true }),
        fc.record({
          threads: fc.constantFrom(1, 2),
          propagation: fc.constantFrom<Propagation>('next-step', 'same-step'),
        }),
        fc.constantFrom(new NoOp(), new PostPre({ nu: [1e-2, 5e-2] }), new TripletStdp()),
        fc.nat(1e6),
        async (first, second, simulated, rule, seed) => {
          const [Forward, Lateral] = [defineSynapse(first), defineSynapse(second)];
          const synapses = { rule, forward: new Forward(), lateral: new Lateral() };
          const expected = await run(
            build({ ...simulated, engine: 'reference', threads: 1 }, synapses),
            seed,
          );
          expect(await run(build({ ...simulated, engine: 'wasm' }, synapses), seed)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });
});
