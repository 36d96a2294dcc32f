/** Networks as JSON: everything exported makes the round trip, to the same program and the same spikes; whatever else is named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { networkFromDescription } from '../../src/core/network/description/build-network.js';
import type { NetworkDescription } from '../../src/core/network/description/describe-network.js';
import { listParts, registerPart } from '../../src/core/network/description/parts.js';
import * as learning from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import * as nodes from '../../src/core/network/nodes/index.js';
import { listSignals } from '../../src/core/network/rule-inputs.js';
import { parseShape } from '../../src/core/network/shape.js';
import * as topologies from '../../src/core/network/topology/index.js';
import { wireDensely } from '../../src/core/network/topology/connection.js';
import * as models from '../../src/core/models/index.js';
import * as rules from '../../src/core/rules/index.js';
import * as synapses from '../../src/core/synapses/index.js';
import { buildRandomNetwork, randomCase, randomSpikes } from '../support/random-network.js';
import { attempt } from '../support/import-database.js';

const { Input, LIF } = nodes;
const { Connection } = topologies;

type Any = new (options: object) => never;

const shape = [2, 3, 3];
const random = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.abs(Math.sin(seed + 12.9898 * i)) / 4);

/** The network that text describes. */
function reread(network: Network, engine = 'reference'): Network {
  const { json, arrays } = network.describe();
  const text = JSON.stringify(json);
  return networkFromDescription(JSON.parse(text) as NetworkDescription, { arrays, engine }) as Network;
}

/** All numbers and names of a program, without its functions. */
function plainOf(value: unknown): unknown {
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : value;
  if (value instanceof Map) return [...value].map(plainOf);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value)
    ? value.map(plainOf)
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainOf(each)]));
}

/** Spikes, weights and variables after two images that are learned from. */
async function trace(network: Network) {
  const seen: unknown[] = [];
  const { program } = network.simulation;
  for (const signal of listSignals(program)) network.setSignal(signal, 0.5);
  for (let image = 0; image < 2; image++) {
    network.resetState();
    for (let t = 0; t < 12; t++) {
      const inputs = Object.fromEntries(
        program.layers.flatMap(({ name, size, model, spikes }) =>
          model.kernel === 'input' && !spikes ? [[name, randomSpikes(31 * image + t + 1, 0.4, 1, size)]] : [],
        ),
      );
      await network.run(inputs, { time: 1 });
      seen.push(program.layers.map(({ name }) => Array.from(network.getVariable(name, 'spikes'))));
    }
    network.normalize();
  }
  seen.push(plainOf(network.getState()));
  network.dispose();
  return seen;
}

/** What a network is and does, and the same of the one that its description is read as. */
async function roundTrip(make: (engine: string) => Network) {
  const given = make('reference');
  const read = reread(given);
  const [programs, descriptions] = [
    [given, read].map((network) => plainOf(network.compile())),
    [given, read].map((network) => network.describe()),
  ];
  const [spikes, spikesRead, spikesOnWasm] = [
    await trace(given),
    await trace(read),
    await trace(reread(make('reference'), 'wasm')),
  ];
  return {
    given: [programs[0], descriptions[0], spikes, spikes],
    read: [programs[1], descriptions[1], spikesRead, spikesOnWasm],
  };
}

const isAbstract = (Class: { prototype: object }) => Class === topologies.SynapticConnection;

/** Classes among exports, of two names the one that they have. */
const classesOf = (exported: object) =>
  Object.entries(exported).filter(
    ([name, each]) =>
      typeof each === 'function' &&
      /^[A-Z]/.test(name) &&
      !isAbstract(each as { prototype: object }) &&
      !(name === 'Local2dConnection' && each === topologies.LocalConnection),
  ) as [string, Any][];

/** `RewardPrediction` is no rule. */
const definedRules = classesOf(rules).filter(([, each]) => 'definition' in each);

/** Options of every topology beside those of synapses. */
const topologyOptions: Readonly<Record<string, object>> = {
  AllButOwnConnection: { wMax: random(4, 9)[0] },
  AvgPool1dConnection: { kernelSize: 3, stride: 1, padding: 1 },
  AvgPool2dConnection: { channels: 2, kernelSize: 1, stride: 1 },
  AvgPool3dConnection: { kernelSize: [1, 3, 3], stride: 1, padding: [0, 1, 1], delay: 2 },
  Connection: { mask: Uint8Array.from({ length: 18 * 18 }, (_, i) => i % 2), w: random(18 * 18, 3) },
  Conv1dConnection: { kernelSize: 5, padding: 2, bias: { uniform: [0, 1] } },
  Conv2dConnection: { kernelSize: 3, padding: 1, norm: 4, normalizeOver: 'channel', updates: 'summed' },
  Conv3dConnection: { kernelSize: 3, padding: 1, sign: 1 },
  LateralCompetition: { weight: -0.5, among: 'layer', delay: 3 },
  LateralConnection: { w: { uniform: [-1, 0] }, wMax: 0 },
  Local1dConnection: { kernelSize: 3, padding: 1, delay: { uniform: [0, 4] } },
  Local3dConnection: { kernelSize: [1, 3, 3], padding: [0, 1, 1] },
  LocalConnection: { kernelSize: 3, padding: 1, w: new Float64Array(18 * 18).fill(0.3) },
  MaxPool1dConnection: { kernelSize: 3, stride: 1, padding: 1, decay: 0.1 },
  MaxPool2dConnection: { kernelSize: 3, stride: 1, padding: 1, w: 3 },
  MaxPool3dConnection: { kernelSize: [1, 3, 3], stride: 1, padding: [0, 1, 1], delay: 1 },
  MeanFieldConnection: { w: { uniform: [0, 9] } },
  OneToOneConnection: {
    w: 0.7,
    rule: new learning.PostPre({ nu: [0.01, 0.02], traces: { sourceTrace: { mode: 'add' } } }),
  },
  PadConnection: { padding: 0, w: 2 },
  PermuteConnection: { order: [0, 2, 1] },
  SparseConnection: {
    probability: 0.4,
    delay: { uniform: [0, 5] },
    norm: 3,
    rule: new learning.PostPre({ nu: [0.01, 0.02] }),
  },
};

/** Layers whose sides fit, of as many neurons. */
function shapeFor(topology: string): readonly number[] {
  if (topology.includes('1d')) return [2, 1, 9];
  return topology.includes('3d') ? [1, 2, 3, 3] : shape;
}

describe('the round trip through text', () => {
  it('is known of every class that networks are made of', () => {
    const exported = [nodes, topologies, learning].flatMap((room) => classesOf(room));
    expect(exported.map(([name]) => name).filter((name) => !listParts().includes(name))).toEqual([]);
  });

  it.each(classesOf(nodes).concat(classesOf(models)))('keeps layers of %s', async (name, Layer) => {
    const definition = (Layer as { definition?: { parameters?: object } }).definition;
    const parameter = Object.keys(definition?.parameters ?? {}).find((each) => /rest|^v|^a$/.test(each));
    const own = parameter ? { [parameter]: { normal: [-65, 0.5] } } : {};
    const list = parameter ? { [parameter]: Float64Array.from({ length: 18 }, (_, i) => -65 - i / 7) } : {};
    const { given, read } = await roundTrip((engine) => {
      const network = new Network({ engine, seed: 5, dt: 0.5 });
      network.addLayer('X', new Input({ shape, tcTrace: 12 }));
      if (name === 'SpikeSource') {
        const spikes = Array.from({ length: 18 }, (_, i) => [i / 2, i / 2 + 2.5]);
        return network
          .addLayer('train', new Layer({ shape, spikes: randomSpikes(3, 0.3, 9, 18) }))
          .addLayer('times', new Layer({ shape, spikes, tcTrace: 7 }));
      }
      network.addLayer('Y', new Layer({ shape }));
      network.addLayer('Z', new Layer({ shape, ...own }));
      network.addLayer('by neuron', new Layer({ shape, ...list }));
      if (name === 'Input') return network;
      for (const target of ['Y', 'Z', 'by neuron'])
        network.addConnection('X', target, new Connection({ w: { uniform: [0, 9] } }));
      return network;
    });
    expect(read).toEqual(given);
  });

  it.each(classesOf(topologies))('keeps connections of %s', async (name, Topology) => {
    const options = topologyOptions[name];
    expect(options).toBeDefined();
    const sides = shapeFor(name);
    const { given, read } = await roundTrip((engine) => {
      const network = new Network({ engine, propagation: 'same-step', seed: 9 });
      network.addLayer('X', new Input({ shape: 18 }));
      network.addLayer('Y', new LIF({ shape: sides, thresh: -63, lowest: -80 }));
      network.addLayer('Z', new LIF({ shape: sides, thresh: -64.9, refrac: 0 }));
      network.addConnection('X', 'Y', new Connection({ w: 1 }), 'in.w');
      return network.addConnection('Y', 'Z', new Topology(options));
    });
    expect(read).toEqual(given);
  });

  it('keeps the pairs that a condition chose', async () => {
    const connect = (engine: string) =>
      new Network({ engine, seed: 2 })
        .addLayer('X', new Input({ shape: [2, 2, 3] }))
        .addLayer('Y', new LIF({ shape: [3, 2, 2], thresh: -64 }))
        .addConnection(
          'X',
          'Y',
          new topologies.SparseConnection({
            probability: 0.7,
            condition: (i, j) => i !== j,
            w: { uniform: [0, 2] },
          }),
        );
    const [given, read] = [connect('reference'), reread(connect('reference'))];
    expect(read.getPairs('X->Y')).toEqual(given.getPairs('X->Y'));
    expect(await trace(read)).toEqual(await trace(given));
  });

  it.each(classesOf(learning).concat(definedRules))('keeps the rule %s', async (name, Rule) => {
    const options = name === 'PostPre' ? { nu: [1e-3, 1e-2], weightDecay: 1e-4 } : {};
    const list =
      'definition' in Rule && name !== 'PostPre'
        ? {
            [Object.keys((Rule as unknown as typeof rules.Hebbian).definition.parameters!)[0]]: random(32, 4),
          }
        : options;
    const { given, read } = await roundTrip((engine) => {
      const network = new Network({ engine });
      const neurons = name === 'Rmax' ? models.SRM0 : LIF;
      network.addLayer('X', new Input({ shape: 8 })).addLayer('Y', new neurons({ shape: 4, thresh: -64 }));
      const rule = new Rule(options);
      network.addConnection('X', 'Y', new Connection({ rule, wMin: -Infinity, wMax: 2, norm: 4 }));
      return network.addConnection('X', 'Y', new Connection({ rule: new Rule(list) }), 'other');
    });
    expect(read).toEqual(given);
  });

  it.each(classesOf(synapses))('keeps the synapse model %s', async (_, Synapse) => {
    const [parameter] = Object.keys(
      (Synapse as unknown as typeof synapses.GapJunction).definition.parameters ?? {},
    );
    const { given, read } = await roundTrip((engine) => {
      const network = new Network({ engine });
      network
        .addLayer('X', new LIF({ shape: 8, thresh: -64 }))
        .addLayer('Y', new LIF({ shape: 4, thresh: -64 }));
      network.addLayer('I', new Input({ shape: 8 })).addConnection('I', 'X', new Connection({ w: 1 }));
      network.addConnection('X', 'Y', new Connection({ synapse: new Synapse({}) }));
      const list = parameter ? { [parameter]: random(8, 2) } : {};
      return network.addConnection('X', 'Y', new Connection({ synapse: new Synapse(list) }), 'list');
    });
    expect(read).toEqual(given);
  });

  it('keeps random networks of the published kind', async () => {
    await fc.assert(
      fc.asyncProperty(randomCase, async (of) => {
        const { given, read } = await roundTrip((engine) => buildRandomNetwork(of, engine));
        expect(read).toEqual(given);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps custom definitions apart that have one name, and numbers that JSON has not', () => {
    const model = (step: string, name = 'Own') =>
      defineNeuron({
        name,
        parameters: { least: -Infinity, zero: -0 },
        state: { v: 0 },
        step,
        spike: 'v > 1',
      });
    const [One, Two] = [model('v += input'), model('v = input')];
    const network = new Network()
      .addLayer('A', new One({ shape: 2 }))
      .addLayer('B', new Two({ shape: 2, zero: -0, least: [-Infinity, 3] }))
      .addLayer('C', new One({ shape: 3 }))
      .addLayer('D', new (model('v = 1', 'LIF'))({ shape: 1 }));
    const { json } = network.describe();
    expect(Object.keys(json.definitions)).toEqual(['Own', 'Own 2', 'LIF']);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    const again = reread(network);
    expect(again.describe().json).toEqual(json);
    const read = again.compile().layers.map(({ model }) => plainOf(model.compile?.(1).learning));
    expect(read).toEqual(network.compile().layers.map(({ model }) => plainOf(model.compile?.(1).learning)));
  });
});

/** A custom topology. */
class Dense extends topologies.SynapticConnection {
  constructor(options: { readonly strength?: number }) {
    super({ w: options.strength ?? 1 }, 'Dense', options);
  }

  wire = wireDensely;
}

describe('custom classes', () => {
  const network = () =>
    new Network().addLayer('X', new Input({ shape: 2 })).addLayer('Y', new LIF({ shape: 3 }));

  it('are named where descriptions do not know them, and kept once they are registered', () => {
    const own = () => network().addConnection('X', 'Y', new Dense({ strength: 0.25 }));
    expect(() => own().describe()).toThrow(
      'Network.describe, connections.X->Y: expected a class that descriptions know (registerPart) and that keeps its options, or one of equations, got "Dense"',
    );
    registerPart('Dense', Dense);
    expect(reread(own()).getWeights('X->Y').data).toEqual(new Float32Array(6).fill(0.25));
    expect(() => registerPart('Connection', Dense)).toThrow('there is a class "Connection" already');
  });

  it('are named where they are a model or rule in TypeScript, or extend another class', () => {
    const { model } = new LIF({ shape: 1 });
    const layer = {
      model,
      shape: parseShape(1, 'test'),
      tcTracePre: 1,
      tcTracePost: 1,
      constants: () => ({}),
    };
    expect(() => network().addLayer('Z', layer).describe()).toThrow('layers.Z: expected a class');
    class Mine extends models.Izhikevich {}
    expect(() =>
      network()
        .addLayer('Z', new Mine({ shape: 1 }))
        .describe(),
    ).toThrow('got "Mine"');
    class Frozen extends learning.NoOp {}
    const connection = new Connection({ rule: new Frozen() });
    expect(() => network().addConnection('X', 'Y', connection).describe()).toThrow(
      'Network.describe, connections.X->Y.rule: expected a class that descriptions know',
    );
  });
});

describe('a description from elsewhere', () => {
  const whole = () =>
    new Network({ seed: 3 })
      .addLayer('X', new Input({ shape: [4, 4] }))
      .addLayer('Y', new models.AdEx({ shape: 3 }))
      .addConnection('X', 'Y', new Connection({ w: random(48, 1), rule: new rules.TripletStdp() }))
      .describe();
  const change = (path: readonly (string | number)[], value: unknown) => {
    const { json, arrays } = whole();
    const copy = JSON.parse(JSON.stringify(json)) as NetworkDescription;
    let at = copy as unknown as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) at = at[key] as typeof at;
    at[path.at(-1)!] = value;
    return attempt(() => networkFromDescription(copy, { arrays }).dispose());
  };

  it.each<readonly [path: readonly (string | number)[], value: unknown, message: string]>([
    [['dt'], 0, 'network description: expected a finite dt > 0 ms, got 0'],
    [['format'], 2, 'network description: expected format to be 1, the form that this version reads, got 2'],
    [['more'], 1, 'network description: unknown option "more"'],
    [['layers', 1, 'name'], 'X', 'network description, layers[1]: Network: there is a layer "X" already'],
    [
      ['layers', 0, 'layer', 'options', 'shape'],
      -1,
      'network description, layers[0].layer: Input: expected a shape',
    ],
    [
      ['layers', 0, 'layer', 'options', 'size'],
      1,
      'network description, layers[0].layer: Input: unknown option "size"',
    ],
    [
      ['layers', 0, 'layer', '$class'],
      'Inptu',
      'network description, layers[0].layer.$class: unknown class "Inptu". Did you mean "Input"?',
    ],
    [['layers', 0, 'layer', '$class'], 'constructor', 'layers[0].layer.$class: unknown class "constructor"'],
    [['layers', 0, 'layer', '$class'], 'NoOp', 'layers[0]: Network.addLayer: expected layer to be a layer'],
    [
      ['layers', 1, 'layer', '$definition'],
      'toString',
      'layers[1].layer: expected $class, or $definition with the name of a definition, got "toString"',
    ],
    [['layers', 0, 'layer', 'options'], 3, 'layers[0].layer: expected options to be an object, got 3'],
    [['connections', 0, 'source'], 'Z', 'connections[0]: Network: unknown layer "Z"'],
    [
      ['connections', 0, 'connection', 'options', 'w', '$array'],
      'no',
      'connections[0].connection.options.w.$array: expected an array of that name beside the JSON, got "no"',
    ],
    [
      ['connections', 0, 'connection', 'options', 'w'],
      { $number: 'NaN' },
      'options.w.$number: expected one of infinity, -infinity, -0, got "NaN"',
    ],
    [
      ['connections', 0, 'connection', 'options', 'w'],
      { $eval: '1' },
      'expected one of $number, $array, $class, $definition, got "$eval"',
    ],
    [
      ['connections', 0, 'connection', 'options', 'rule'],
      { $class: 'LIF', options: { shape: 2 } },
      'Connection: expected rule to be a learning rule',
    ],
    [
      ['definitions', 'AdEx', 'definition', 'step'],
      'v = alert(1)',
      'network description, definitions.AdEx: ',
    ],
    [
      ['definitions', 'AdEx', 'kind'],
      'program',
      'network description, definitions.AdEx: unknown kind "program"',
    ],
  ])('is refused: %j = %j', (path, value, message) => {
    expect(change(path, value)?.message).toContain(message);
  });

  it('is refused where its options are nested without end', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(change(['connections', 0, 'connection', 'options', 'w'], deep)?.message).toContain(
      'at most 32 levels',
    );
  });

  it('makes a network or an error of Locus, whatever any of its fields becomes', () => {
    const { json, arrays } = whole();
    const paths = listPaths(json);
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        { $array: Object.keys(arrays)[0] },
        { $class: 'NoOp', options: {} },
        { $number: 'infinity' },
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, given) => {
        const error = change(path, given);
        expect([undefined, 'LocusError']).toContain(error?.name);
      }),
      { numRuns: 300 },
    );
  });
});

type Path = readonly (string | number)[];

function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [here as Path].concat(listPaths(inner, here));
  });
}
