/** Converted networks that one can follow by hand; their run, record and resumption. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { compareRates, convert } from '../../src/kinds/converted/index.js';
import { makeReluNetwork, parseArchitecture } from '../../src/kinds/relu/index.js';
import { toConvertedNetwork, toConvertedRecord } from '../../src/kinds/converted/converted-record.js';
import { readConvertedRecord } from '../../src/kinds/converted/converted-shape.js';
import { Linear, ReLU, Sequential } from '../../src/layers/index.js';
import { openStore } from '../../src/store/index.js';
import { join } from 'node:path';
import { makeFolder } from '../support/make-folder.js';

/** Images of two pixels. */
function pixels(...values: readonly (readonly [number, number])[]) {
  const images = Uint8Array.from(values.flat());
  const labels = Uint8Array.from(values, ([a, b]) => Number(b > a));
  return { name: 'pixels', count: values.length, channels: 1, height: 1, width: 2, images, labels };
}

function dense(...weights: readonly (readonly number[])[]): Sequential {
  const layers = weights.flatMap((w, i) => {
    const inputs = i === 0 ? 2 : weights[i - 1].length / (i === 1 ? 2 : 1);
    const linear = new Linear(inputs, w.length / inputs, { bias: false });
    linear.weight.value.data.set(w);
    return i < weights.length - 1 ? [linear, new ReLU()] : [linear];
  });
  return new Sequential(layers);
}

describe('a converted network', () => {
  it('integrates regular input, spikes at the threshold and crosses its layers within a step', async () => {
    // Hidden: half of each pixel; output: its own hidden neuron.
    const ann = dense([0.5, 0, 0, 0.5], [1, 0, 0, 1]);
    const set = pixels([255, 0], [0, 255]);
    const run = { input: 'constant', duration: 10 } as const;
    const snn = convert(ann, { normalization: 'none', inputShape: [2, 1, 1] });
    const result = await snn.run(set, run);
    expect([...result.times]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // Silent in the first step, when the first class is taken; the second image is right from the second step on.
    expect([...result.accuracy]).toEqual([0.5, ...Array<number>(9).fill(1)]);
    expect(result.spikesByLayer).toEqual({ input: 10, dense1: 5, output: 5 });
    expect(result.spikesPerImage).toBe(20);
    expect([...result.predictions]).toEqual([0, 1]);
    expect([...(await snn.countSpikes(set, 'dense1', run))]).toEqual([5, 0, 0, 5]);
    expect([...(await snn.countSpikes(set, 'input', run))]).toEqual([10, 0, 0, 10]);
  });

  it('loses what exceeds the threshold when it resets to zero, and keeps it when it subtracts', async () => {
    const ann = dense([0.75, 0, 0, 0.75]);
    const set = pixels([255, 0]);
    const counts = async (reset: 'zero' | 'subtract') => {
      const snn = convert(ann, { normalization: 'none', reset, inputShape: [2, 1, 1] });
      return (await snn.countSpikes(set, 'output', { input: 'constant', duration: 12 }))[0];
    };
    expect(await counts('zero')).toBe(6);
    expect(await counts('subtract')).toBe(9);
  });

  it('reads out every millisecond, or every step where that is longer', async () => {
    const snn = convert(dense([1, 0, 0, 1]), { normalization: 'none', inputShape: [2, 1, 1] });
    const set = pixels([255, 0]);
    const times = async (dt: number) => [...(await snn.run(set, { dt, duration: 4, maxRate: 250 })).times];
    expect(await times(0.5)).toEqual([1, 2, 3, 4]);
    expect(await times(2)).toEqual([2, 4]);
  });

  it('has rates that follow the activations', async () => {
    const ann = makeReluNetwork(parseArchitecture('6x6-4c3-2s-6-5o'), { seed: 1 });
    const images = Uint8Array.from({ length: 36 * 10 }, (_, i) => (i * 91) % 256);
    const set = {
      name: 'ten',
      count: 10,
      channels: 1,
      height: 6,
      width: 6,
      images,
      labels: new Uint8Array(10),
    };
    const snn = convert(ann, { trainData: set, reset: 'subtract' });
    for (const [layer, least] of [
      ['conv1', 0.99],
      ['pool1', 0.99],
      ['dense1', 0.97],
    ] as const) {
      const { activations, rates, correlation } = await compareRates(ann, snn, layer, set, {
        input: 'constant',
        duration: 500,
      });
      expect(rates).toHaveLength(activations.length);
      expect(correlation).toBeGreaterThan(least);
      const apart = rates.reduce((sum, rate, i) => sum + Math.abs(rate - activations[i]), 0) / rates.length;
      expect(apart).toBeLessThan(0.02);
    }
  });

  it('is stored and comes back with the same answers; an interrupted run goes on to the same result', async () => {
    const ann = makeReluNetwork(parseArchitecture('6x6-4c3-2s-6-5o'), { seed: 2 });
    const images = Uint8Array.from({ length: 36 * 40 }, (_, i) => (i * 57 + (i >> 5)) % 256);
    const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 5);
    const set = { name: 'forty', count: 40, channels: 1, height: 6, width: 6, images, labels };
    const snn = convert(ann, { trainData: set });
    const run = { duration: 12, seed: 4 };
    const whole = await snn.run(set, run);
    const first = snn.makeTally(40, run);
    const stop = new AbortController();
    await snn.run(set, { ...run, signal: stop.signal, onProgress: () => stop.abort() }, first);
    expect(first.done).toBeGreaterThan(0);
    expect(first.done).toBeLessThan(40);
    const second = snn.makeTally(40, run);
    second.restore(first.save());
    expect(await snn.run(set, run, second)).toEqual(whole);

    const store = openStore(join(makeFolder(), 'networks.db'));
    const parameters = {
      network_type: 'ReLU_SNN',
      architecture: '6x6-4c3-2s-6-5o',
      ann_hash: 'ann',
      dataset: set.name,
      threshold: 1,
      reset: 'zero',
      input: 'poisson',
      max_rate: 1000,
      dt: 1,
      ...run,
    };
    const identity = { parameters, datasetHash: null };
    store.save(toConvertedRecord(snn, whole, identity, { parent: 'ann', name: 'snn' }));
    const record = store.load('snn');
    store.close();
    expect(record.parent).toBe('ann');
    expect(record.arrays.accuracy.data).toEqual(whole.accuracy);
    const { meta, arrays } = readConvertedRecord(record);
    expect(await toConvertedNetwork(meta, arrays).run(set, run)).toEqual(whole);
  });

  it.each([
    [{ duration: 1.5 }, 'expected a duration of whole steps of 1 ms, got 1.5'],
    [{ maxRate: 2000 }, 'expected maxRate > 0 Hz and at most one spike per step of 1 ms, got 2000'],
    [{ dt: 0 }, 'expected a finite dt > 0 ms, got 0'],
    [{ input: 'noise' as 'poisson' }, 'unknown input "noise"'],
  ])('refuses %o', async (options, message) => {
    const snn = convert(dense([1, 0, 0, 1]), { normalization: 'none', inputShape: [2, 1, 1] });
    await expect(snn.run(pixels([1, 2]), options)).rejects.toThrow(message);
  });

  it.each([
    [{ normalization: 'weights' as 'none' }, 'convert: unknown normalization "weights"'],
    [{}, 'convert: expected trainData for the normalization by data'],
    [{ normalization: 'none' as const, threshold: 0 }, 'convert: expected a finite threshold > 0, got 0'],
    [{ reset: 'half' as 'zero' }, 'convert: unknown reset "half"'],
  ])('is not made with %o', (options, message) => {
    expect(() => convert(dense([1, 0, 0, 1]), options)).toThrow(message);
  });
});

describe('architectures', () => {
  it('are read from the papers’ notation', () => {
    expect(parseArchitecture('784-1200-10')).toEqual({
      notation: '784-1200-10',
      inputShape: [784, 1, 1],
      layers: [
        { kind: 'dense', size: 1200 },
        { kind: 'dense', size: 10 },
      ],
    });
    expect(parseArchitecture('28x28-12c5-2s-10o')).toMatchObject({
      inputShape: [1, 28, 28],
      layers: [{ kind: 'conv', channels: 12, kernelSize: 5 }, { kind: 'pool', size: 2 }, { kind: 'dense' }],
    });
    expect(parseArchitecture('32x32x3-10').inputShape).toEqual([3, 32, 32]);
  });

  it.each([
    ['', 'an input such as 784, 28x28 or 32x32x3'],
    ['784', 'an output such as 10o as the last part'],
    ['784-10o-10', 'a layer such as 12c5, 2s, 1200 or (last) 10o, got "10o"'],
    ['784-12c5-10', 'an input such as 28x28 before convolutions'],
    ['28x28-100-2s-10', 'convolutions and pooling before fully connected layers'],
    ['28x28-12q5-10', 'got "12q5"'],
  ])('refuse %j', (notation, message) => {
    expect(() => parseArchitecture(notation)).toThrow(message);
  });
});
