/** A watched training learns the same, bit for bit, and what is shown of it is what it is. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { LiveDisplay, LiveFrame, LiveStatus } from '../../src/figures/index.js';
import { C_SNN, FC_SNN, LC_SNN, type Snn } from '../../src/kinds/snn/index.js';
import type { TrainingHealth } from '../../src/readout/index.js';

const small = { dataset: 'mnist-10k', threads: 2, nFilters: 6, timeMax: 60, intensity: 400 } as const;
const competing = { ...small, cL: true, APos: -0.05, ANeg: -1.6 } as const;

/** Somebody who looks all the time. */
class Watcher implements LiveDisplay {
  readonly isWatched = true;
  readonly frames: LiveFrame[] = [];
  readonly statuses: LiveStatus[] = [];
  show = (frame: LiveFrame) => void this.frames.push(frame);
  update = (status: LiveStatus) => void this.statuses.push(status);
  takeDrawingTime = () => 0;
  delivered = async () => {};
}

const hashOf = (net: Snn) => net.toRecord().stateHash;

describe('a watched training', () => {
  const slow = { ...small, engine: 'reference', nFilters: 4 } as const;
  const cases: [string, number, () => Snn][] = [
    ['LC_SNN', 130, () => new LC_SNN(small)],
    ['C_SNN', 130, () => new C_SNN(small)],
    ['FC_SNN', 130, () => new FC_SNN(small)],
    ['LC_SNN with trained competition', 130, () => new LC_SNN(competing)],
    ['LC_SNN on the reference engine', 30, () => new LC_SNN(slow)],
  ];
  it.each(cases)('%s learns the same', async (_, nIter, make) => {
    const [plain, watched] = [make(), make()];
    const watcher = new Watcher();
    await plain.train({ nIter });
    await watched.train({
      nIter,
      plot: watcher,
      visInterval: 7,
      onHealth: () => {},
      healthInterval: 11,
    });
    expect(hashOf(watched)).toBe(hashOf(plain));
    expect(watched.name).toBe(plain.name);
    expect(watcher.frames.length).toBeGreaterThanOrEqual(2);
    for (const net of [plain, watched]) net.dispose();
  });

  it('learns the same in two steps, in minibatches, and when it is interrupted and goes on', async () => {
    const watch = () => ({ plot: new Watcher(), visInterval: 9 });
    const [plain, watched] = [new LC_SNN(competing), new LC_SNN(competing)];
    await plain.trainTwoSteps({ nIter: 50, nIterCompetition: 40 });
    await watched.trainTwoSteps({ nIter: 50, nIterCompetition: 40, ...watch() });
    expect(hashOf(watched)).toBe(hashOf(plain));

    const batches = { engine: 'reference', nFilters: 4 } as const;
    const [one, other] = [new LC_SNN({ ...small, ...batches }), new LC_SNN({ ...small, ...batches })];
    await one.train({ nIter: 16, batchSize: 8 });
    await other.train({ nIter: 16, batchSize: 8, ...watch() });
    expect(hashOf(other)).toBe(hashOf(one));

    const [whole, pieces] = [new LC_SNN(small), new LC_SNN(small)];
    await whole.train({ nIter: 200 });
    const interruption = new AbortController();
    const first = await pieces.train({
      nIter: 200,
      ...watch(),
      signal: interruption.signal,
      onProgress: ({ done }) => done >= 60 && interruption.abort(),
    });
    expect(first.interrupted).toBe(true);
    const { plot, visInterval } = watch();
    await pieces.continueTraining({ plot, visInterval });
    expect(hashOf(pieces)).toBe(hashOf(whole));
    expect(plot.frames.at(-1)?.status).toMatchObject({ state: 'done', done: 200, total: 200 });
  });

  it('shows weights, the last image, spikes, voters, a voltage, competition and health as they are', async () => {
    const net = new LC_SNN(competing);
    await net.train({ nIter: 30 });
    await net.calibrate({ images: 60, linear: false });
    const watcher = new Watcher();
    await net.train({ nIter: 120, plot: watcher });
    const [{ figures, title, status }] = watcher.frames.slice(-1);
    expect(Object.keys(figures)).toEqual([
      'weights',
      'input',
      'bestSpikes',
      'bestVoters',
      'voltage',
      'competition',
      'health',
    ]);
    expect(title).toContain('LC_SNN: 6 filters, 54 neurons');
    expect(status).toEqual({ state: 'done', text: 'training is done', done: 150, total: 150 });
    expect(figures.weights.data).toEqual(net.weightsXYFigure().data);
    expect(figures.competition.data).toEqual(net.competitionDistributionFigure().data);
    const titleOf = (name: string) => (figures[name].layout as { title: { text: string } }).title.text;
    expect(titleOf('bestVoters')).toMatch(/^Best voters for \d/);
    expect(titleOf('input')).toMatch(/^Input image of a \d, and its spikes$/);
    expect(titleOf('voltage')).toMatch(/^Membrane potential of neuron \d+, drawn at random$/);
    expect(watcher.statuses.map(({ state }) => state)).not.toContain('done');
    expect(watcher.statuses[0]).toEqual({ state: 'running', text: 'training', done: 30, total: 150 });
  });

  it('tells the health of its latest images, and how filters changed over the last 100', async () => {
    const [net, earlier] = [new LC_SNN(small), new LC_SNN(small)];
    const told: [TrainingHealth, number][] = [];
    await earlier.train({ nIter: 180 });
    await net.train({
      nIter: 280,
      healthInterval: 120,
      onHealth: (health, nIter) => told.push([health, nIter]),
    });
    expect(told.map(([, nIter]) => nIter)).toEqual([120, 240, 280]);
    const [health] = told[2];
    const [now, before] = [net.weightsXY.data, earlier.weightsXY.data];
    const change = now.reduce((sum, w, i) => sum + Math.abs(w - before[i]), 0);
    expect(health.filterChange).toBeCloseTo(change / now.reduce((sum, w) => sum + w, 0), 5);
    expect(health.thetas).toEqual(net.theta);
    expect(health.nImages).toBe(200);
    expect(told[0][0].nImages).toBe(120);
    const total = health.spikesPerNeuron.reduce((sum, n) => sum + n, 0);
    expect(health.spikesPerImage).toBeCloseTo(total, 6);
    expect(health.spikesPerImage).toBeGreaterThan(0);
  });

  it('says what is wrong with an interval', async () => {
    await expect(
      new LC_SNN(small).train({ nIter: 1, plot: new Watcher(), visInterval: 0 }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'LC_SNN.train: expected visInterval ≥ 1, a whole number, got 0',
    });
  });

  it('tells the display when it fails', async () => {
    const watcher = new Watcher();
    const wrong = new LC_SNN(small).train({ interval: [0, 1e6], plot: watcher });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(watcher.statuses.at(-1)).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('interval') as string,
    });
  });
});
