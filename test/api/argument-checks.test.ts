/** Plain arguments of functions and methods are checked as options are: a LocusError names what is wrong. */
import { describe, expect, it } from 'vitest';
import * as locus from '../../src/index.js';
import { wrongValues } from './option-case.js';

const running = () =>
  new locus.Network()
    .addLayer('X', new locus.Input({ shape: [1] }))
    .addLayer('Y', new locus.LIF({ shape: [3] }))
    .addConnection('X', 'Y', new locus.Connection());

const silentCounts = locus.packSpikeCounts(new Uint16Array(4), { nFilters: 4, nPositions: 1 });

/** Calls with one argument of which none of `wrongValues` is a right one. */
const calls: Readonly<Record<string, (wrong: never) => unknown>> = {
  'poisson of brightness': (wrong) => locus.poisson([0, wrong], { time: 5 }),
  'spikeTrainFromEvents at times': (wrong) => locus.spikeTrainFromEvents([wrong], [0], 2, 2),
  'spikeTrainFromEvents of steps': (wrong) => locus.spikeTrainFromEvents([], [], wrong, 2),
  'spikeTrainFromRaster of size': (wrong) => locus.spikeTrainFromRaster([0], 1, wrong),
  'RandomStream of a seed': (wrong) => new locus.RandomStream(wrong, 'user'),
  'RandomStream for a purpose': (wrong) => new locus.RandomStream(0, wrong),
  'RandomStream of an item': (wrong) => new locus.RandomStream(0, 'user', wrong),
  'nextBelow a bound': (wrong) => new locus.RandomStream(0, 'user').nextBelow(wrong),
  'parseShape of a shape': (wrong) => locus.parseShape(wrong, 'example'),
  'buildFanOut of rows': (wrong) => locus.buildFanOut(1, wrong, 1, []),
  'getEngine by name': (wrong) => locus.getEngine(wrong),
  'getEncoder by name': (wrong) => locus.getEncoder(wrong),
  registerEngine: (wrong) => locus.registerEngine(wrong),
  'addLayer of a layer': (wrong) => new locus.Network().addLayer('Z', wrong),
  'addConnection of a connection': (wrong) => running().addConnection('Y', 'Y', wrong),
  'addMonitor of a monitor': (wrong) => running().addMonitor('Y', wrong),
  'setWeights to weights': (wrong) => running().setWeights('X->Y', wrong),
  'getWeights of a connection': (wrong) => running().getWeights(wrong),
  'setVariable to values': (wrong) => running().setVariable('Y', 'v', wrong),
  'firingRates of spikes': (wrong) => locus.firingRates(wrong),
  'synchronyIndex of a recording': (wrong) => locus.synchronyIndex(wrong),
  'run with spikes': (wrong) => running().run({ X: wrong }),
  'setLayerThreads to a number': (wrong) => locus.setLayerThreads(wrong),
  'Dropout of a share': (wrong) => new locus.Dropout(wrong),
  'Linear of inputs': (wrong) => new locus.Linear(wrong, 1),
  'convert of a network': (wrong) => locus.convert(wrong, { normalization: 'none' }),
  'makeReluNetwork of an architecture': (wrong) => locus.makeReluNetwork(wrong),
  'parseArchitecture of a notation': (wrong) => locus.parseArchitecture(wrong),
  'SbsTraining of a configuration': (wrong) => new locus.SbsTraining(wrong, {} as never),
  'loadDataset by name': (wrong) => locus.loadDataset(wrong),
  'loadImage of a size': (wrong) => locus.loadImage('picture.png', wrong),
  'addNoise to images': (wrong) => locus.addNoise(wrong, 0.1),
  'packSpikeCounts of a shape': (wrong) => locus.packSpikeCounts(new Uint16Array(4), wrong),
  'assignLabels of counts': (wrong) => locus.assignLabels(wrong, Uint8Array.of()),
  'predictByAssignment of an assignment': (wrong) =>
    locus.predictByAssignment('all_activity', silentCounts, wrong),
  'countNgrams of spikes': (wrong) => locus.countNgrams([wrong], Uint8Array.of(0)),
  'predictByNgrams by scores': (wrong) => locus.predictByNgrams([], wrong),
  'readNpy of bytes': (wrong) => locus.readNpy(wrong, 'example'),
  'readNpz of bytes': (wrong) => locus.readNpz(wrong, 'example'),
};

describe.each(Object.entries(calls))('%s', (_, call) => {
  it.each(Object.entries(wrongValues))('refuses %s', async (_, wrong) => {
    const attempt = async () => call(wrong as never);
    await expect(attempt()).rejects.toMatchObject({ name: 'LocusError' });
  });
});

const isClass = (value: unknown) =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** Those whose effect would stay: entries of registries, threads, files. Classes that others make out of stored records. */
const leftOut = new Set([
  'registerEngine',
  'registerKind',
  'registerFigure',
  'registerDataset',
  'registerPart',
  'setLayerThreads',
  'openStore',
  'Snn',
  'NetworkStore',
  'LayeredNetwork',
  'ConvertedModel',
  'ReluModel',
  'Parameter',
]);
const exported = Object.entries(locus).filter(
  ([name, value]) => typeof value === 'function' && !leftOut.has(name),
);

it.each(exported)('%s meets wrong arguments with a LocusError, or takes them', async (_, called) => {
  const call = called as unknown as (...given: unknown[]) => unknown;
  const nameError = async (given: readonly unknown[]): Promise<string | null> => {
    try {
      await (isClass(called) ? Reflect.construct(call, given) : call(...given));
      return null;
    } catch (error) {
      return `${given.length} times ${String(given[0])}: ${(error as Error).name}`;
    }
  };
  // Symbols in places that only name a caller cannot be shown by anything.
  const lists = Object.values(wrongValues).flatMap((wrong) =>
    Array.from({ length: typeof wrong === 'symbol' ? 1 : 3 }, (_, i) => Array(i + 1).fill(wrong)),
  );
  const errors = await Promise.all(lists.map(nameError));
  expect(errors.filter((error) => error !== null && !error.endsWith(': LocusError'))).toEqual([]);
});

it.each<[string, () => unknown, string]>([
  ['a network by a number', () => locus.loadNetwork(3 as never), 'name'],
  ['sorting by a number', () => locus.viewDatabase({ sort: 5 as never }), 'sort'],
  ['an input without a shape', () => new locus.Input({ tcTrace: 5 } as never), 'shape'],
  ['a training interval', () => new locus.LC_SNN().train({ interval: true as never, nIter: 1 }), 'interval'],
  ['an engine by a number', () => new locus.Network({ engine: 3 as never }), 'engine'],
  [
    'progress by a number',
    () => new locus.LC_SNN().train({ nIter: 1, onProgress: 5 as never }),
    'onProgress',
  ],
])('refuses %s by name', async (_, call, named) => {
  const attempt = async () => call();
  await expect(attempt()).rejects.toMatchObject({
    name: 'LocusError',
    message: expect.stringContaining(named),
  });
});

it('layers may have one axis, and maps no more neurons than memory holds', () => {
  expect(new locus.LIF({ shape: [7] }).shape).toEqual({ channels: 7, depth: 1, height: 1, width: 1 });
  expect(new locus.Input({ shape: [1] }).shape).toEqual(new locus.Input({ shape: 1 }).shape);
  expect(() => new locus.IF({ shape: [2 ** 15, 2 ** 15] })).toThrow(
    'expected a shape of at most 2²⁸ neurons',
  );
});

it('a custom topology is laid out with what is exported', () => {
  const shape = locus.parseShape([2, 1, 1], 'example');
  expect(shape).toEqual({ channels: 2, depth: 1, height: 1, width: 1 });
  const fanOut = locus.buildFanOut(2, 2, 2, [
    [0, 0, 0],
    [1, 1, 0],
  ]);
  expect([...fanOut.start]).toEqual([0, 1, 2]);
  expect(() => locus.buildFanOut(2, 2, 2, [[2, 0, 0]])).toThrow(
    'buildFanOut: expected entries of sources below 2 and rows below 2, got [2,0]',
  );
  expect(locus.decayPerStep(1, Number.POSITIVE_INFINITY)).toBe(1);
});
