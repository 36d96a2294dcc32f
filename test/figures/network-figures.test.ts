/** The figures of real networks: equal to what the network says of itself, an error where it has nothing to show. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { PictureBrowser } from '../../src/figures/display/picture-browser.js';
import { findBestVoters } from '../../src/figures/index.js';
import { type C_SNN, FC_SNN, LC_SNN } from '../../src/kinds/snn/index.js';
import { hasChromium } from '../support/chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'locus-network-figures-'));
const database = join(folder, 'networks.db');
const options = { dataset: 'mnist-10k', database, threads: 1 } as const;
afterAll(() => rmSync(folder, { recursive: true }));

describe('figures of a network', () => {
  const net = new LC_SNN({
    ...options,
    nFilters: 6,
    timeMax: 100,
    intensity: 300,
    cL: true,
    APos: -0.05,
    ANeg: -1.6,
  });
  let fed: Awaited<ReturnType<LC_SNN['feedLabel']>>;

  beforeAll(async () => {
    await net.train({ nIter: 60 });
    await net.calibrate({ images: 100 });
    await net.calculateAccuracy({ images: 40 });
    fed = await net.feedLabel(3);
  });

  it('shows the voltages and spikes that the monitors recorded', () => {
    const neuron = fed.counts.indexOf(Math.max(...fed.counts));
    const size = net.nOutput;
    const [potential, threshold, ticks] = net.voltageFigure(fed).data as unknown as [
      { y: Float32Array },
      { y: number[] },
      { x: number[] },
    ];
    const steps = Array.from({ length: 100 }, (_, step) => step);
    expect(Array.from(potential.y)).toEqual(steps.map((step) => fed.voltages.data[step * size + neuron]));
    expect(ticks.x).toEqual(steps.filter((step) => fed.spikes.data[step * size + neuron] !== 0));
    expect(ticks.x).toHaveLength(fed.counts[neuron]);
    expect(threshold.y[0]).toBeCloseTo(-52 + net.theta[neuron], 4);
    const [raster] = net.spikesFigure(fed).data as unknown as [{ x: number[] }];
    expect(raster.x).toHaveLength(fed.counts.reduce((sum, count) => sum + count, 0));
  });

  it('shows the best voters for what was predicted', () => {
    const label = fed.predictions.patch_voting;
    const voters = findBestVoters({
      nFilters: 6,
      nPositions: 9,
      counts: fed.counts,
      votes: net.votes,
      label,
    });
    const titles = net.bestVotersFigure(fed).layout.annotations?.map(({ text }) => String(text)) ?? [];
    expect(titles).toHaveLength(9);
    for (const { position, filter, count } of voters) {
      expect(titles[position]).toContain(`filter ${filter}: ${count} spike`);
    }
  });

  it('shows accuracy by topN that ends at the accuracy of all classes', async () => {
    const figure = await net.accuracyByTopNFigure({ images: 40 });
    for (const { name, x, y } of figure.data as { name: string; x: number[]; y: number[] }[]) {
      expect(x).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const method = name.replace(' ', '_') as 'patch_voting';
      expect(y[9]).toBeCloseTo(100 * (net.score[method]?.accuracy ?? Number.NaN), 10);
    }
    expect(figure.data).toHaveLength(3);
  });

  it('shows the windows of both learning rules', () => {
    const ends = (of: 'xy' | 'yy') => {
      const [before, after] = net.stdpWindowFigure({ of }).data as unknown as { x: number[]; y: number[] }[];
      return [before.y.at(-1) ?? 0, after.y[0]].map((change) => Number(change.toPrecision(2)));
    };
    expect(ends('xy')).toEqual([-1e-4, 1e-2]);
    expect(ends('yy')).toEqual([0.05, -1.6]);
  });

  it('shows accuracies of stored networks of the same parameters by training', async () => {
    net.save();
    const other = new LC_SNN({ ...options, ...net.parameters });
    await other.train({ nIter: 10 });
    await other.calibrate({ images: 50, linear: false });
    await other.calculateAccuracy({ images: 20 });
    other.save();
    other.dispose();
    const figure = net.accuracyByTrainingFigure({ database });
    const lines = figure.data as { name: string; x: number[] }[];
    expect(lines.find(({ name }) => name === 'all voting')?.x).toEqual([10, 60]);
    expect(lines.find(({ name }) => name === 'linear classifier')?.x).toEqual([60]);
  });

  it('knows its health', async () => {
    const { data } = net.weightsXY;
    const health = await net.health({ images: 20, before: { weights: data, nImages: 10 } });
    expect(health).toMatchObject({ nImages: 20, nNeurons: 54, filterChange: 0 });
    expect(health.thetas).toEqual(net.theta);
  });

  it('reports everything on one page', async () => {
    const report = await net.report({ label: 7 });
    expect(report.sections.map(({ heading }) => heading)).toEqual([
      'Accuracy',
      'Parameters',
      'Weights',
      'Votes',
      'An image of a 7',
      'Learning health',
      'Trained competition',
    ]);
    const html = report.toHtml();
    expect(html).toContain('<td>A_neg</td><td>−1.6</td>');
    expect(html).not.toMatch(/<(script|link|img)[^>]*(src|href)="(?!data:)/);
    const path = await report.write(join(folder, 'report.html'));
    expect(readFileSync(path, 'utf8')).toBe(html);
    await expect(report.write('report.doc')).rejects.toThrow(
      'a path that ends in .html or .pdf, got "report.doc"',
    );
  });

  it.skipIf(!hasChromium)(
    'draws all figures of the report in Chromium, and prints them',
    { timeout: 240_000 },
    async () => {
      const browser = await PictureBrowser.open();
      try {
        const html = (await net.report()).toHtml();
        expect(html.split('class="figure"')).toHaveLength(1 + 12);
        const pdf = Buffer.from(await browser.printPage(html)).toString('latin1');
        expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(4);
        expect(browser.consoleErrors).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});

it('says what is missing', async () => {
  const net: FC_SNN | C_SNN = new FC_SNN({ ...options, nFilters: 4, timeMax: 50 });
  expect(() => net.votesFigure()).toThrow('FC_SNN: votesFigure needs calibrate() first');
  expect(() => net.confusionFigure()).toThrow('FC_SNN: confusionFigure needs calculateAccuracy() first');
  expect(() => net.weightsYYFigure()).toThrow(
    'FC_SNN.weightsYYFigure: expected trained competition (cL: true), got false',
  );
  expect(() => net.stdpWindowFigure({ of: 'yy' })).toThrow('expected trained competition');
  await expect(net.accuracyByTopNFigure()).rejects.toMatchObject({ code: 'NOT_CALIBRATED' });
  expect(net.weightsXYFigure().data).toHaveLength(1);
  const headings = (await net.report()).sections.map(({ heading, text }) => `${heading}: ${text ?? ''}`);
  expect(headings).toContain('Votes: Not calibrated yet: calibrate() does it.');
});
