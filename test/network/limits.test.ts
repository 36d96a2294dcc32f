/** Limits of counters and of float32, on every engine that has them: refused before the run, or said in a note. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, IF, Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { engines } from '../support/small-networks.js';

afterEach(() => vi.restoreAllMocks());

/** Every input fires the one neuron of Y. */
const eager = (engine: string) =>
  new Network({ engine })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('Y', new IF({ shape: 1 }))
    .addConnection('X', 'Y', new Connection({ w: 1 }));

const always = (steps: number) =>
  spikeTrainFromEvents(
    Array.from({ length: steps }, (_, t) => t),
    Array.from({ length: steps }, () => 0),
    steps,
    1,
  );

describe.each(engines)('spike counts of engine %s', (engine) => {
  const present = async (steps: number, countEvery?: number) => {
    const network = eager(engine);
    const counts: number[] = [];
    const train = always(steps);
    try {
      await network.simulation.present(
        { layer: 0, count: 1, steps, spikes: () => train },
        { learn: false, count: 1, countEvery, onCounts: (found) => counts.push(...found) },
      );
    } finally {
      network.dispose();
    }
    return counts;
  };

  it('count a spike in each of 65,535 steps', async () => {
    expect(await present(65_535)).toEqual([65_534]);
  });

  it('are refused before a run that could overflow them, and right in windows', async () => {
    await expect(present(65_537)).rejects.toThrow(
      'present: expected at most 65535 steps between two counts (countEvery), got 65537',
    );
    await expect(present(140_000, 70_000)).rejects.toThrow('(countEvery), got 70000');
    expect(await present(100_000, 50_000)).toEqual([49_999, 50_000]);
  });
});

describe('networks of the table', () => {
  it.each([
    [{ timeMax: 65_536 }, 'timeMax of 1 to 65535 steps of dt = 1 ms'],
    [{ timeMax: 250, dt: 0.001 }, 'timeMax of 1 to 65535 steps of dt = 0.001 ms'],
    [{ refrac: 1e6, dt: 0.01 }, 'at most 16777216 steps of 0.01 ms'],
    [{ thetaDecay: 'exactly' as 'exact' }, 'thetaDecay'],
  ])('refuse %o', (parameters, message) => {
    expect(() => new LC_SNN(parameters)).toThrow(message);
  });
});

describe('a decay that float32 cannot keep', () => {
  const train = always(1);
  const network = (tcThetaDecay: number, thetaDecay: 'stepwise' | 'exact' = 'stepwise') =>
    new Network({ engine: 'reference' })
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', new AdaptiveLIF({ shape: 1, tcThetaDecay, thetaDecay }))
      .addConnection('X', 'Y', new Connection({ w: 1 }));

  it('is in the summary, and warned of once, when the network first learns', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const slow = network(2e7);
    const note =
      "layer Y: tcThetaDecay 20,000,000 ms acts as 8,390,000 to 16,800,000 ms in float32 at dt = 1 ms; thetaDecay 'exact' keeps it";
    expect(slow.summary().split('\n')).toEqual([
      'layer X: Input, 1 × 1 × 1 = 1 neurons',
      'layer Y: AdaptiveLIF, 1 × 1 × 1 = 1 neurons',
      'connection X->Y: NoOp, 1 × 1 = 1 weights',
      'in all: 2 layers, 1 connection, 2 neurons, 1 synapse, 0.0 kB of weights and variables',
      `note: ${note}`,
    ]);
    await slow.run({ X: train }, { learn: false });
    expect(warn).not.toHaveBeenCalled();
    await slow.run({ X: train });
    await slow.run({ X: train });
    await network(2e7).run({ X: train });
    expect(warn.mock.calls).toEqual([[note, { type: 'LocusWarning', code: 'LOCUS_SLOW_DECAY' }]]);
  });

  it('says where theta stands still', () => {
    expect(network(5e7).summary()).toContain('tcThetaDecay 50,000,000 ms does not decay at all in float32');
  });

  it('has no note where it is kept', () => {
    expect(network(5e7, 'exact').summary()).not.toContain('note');
    expect(network(1e4).summary()).not.toContain('note');
  });
});
