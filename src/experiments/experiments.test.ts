import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countParameters, parseParameters } from '../kinds/snn/index.js';
import { convSize } from '../kinds/snn/parameters.js';
import { choosePoints } from './grid.js';
import type { NetworkResult } from './network-job.js';
import { judge, summarizeRow } from './reproduce.js';
import { reproductionMarkdown } from './format-reproduction.js';
import { tableRows } from './table-rows.js';

function result(scores: Record<string, number>, seconds: number): NetworkResult {
  return {
    name: 'x',
    stateHash: '',
    nParameters: 0,
    nOutput: 0,
    scores: Object.fromEntries(
      Object.entries(scores).map(([method, accuracy]) => [method, { accuracy, error: 0, nIter: 100 }]),
    ),
    seconds: { train: seconds, calibrate: 0, score: 0 },
  };
}

describe('tableRows', () => {
  it.each(tableRows)('row $row has the published numbers of parameters and neurons', (row) => {
    const parameters = parseParameters(row.type, row.parameters);
    expect(countParameters(row.type, parameters)).toBe(row.nParameters);
    expect(parameters.nFilters * convSize(parameters) ** 2).toBe(row.nOutput);
  });

  it('keeps what all published networks share', () => {
    for (const { type, parameters } of tableRows) {
      const { stride, crop, timeMax, intensity } = parseParameters(type, parameters);
      expect({ stride, crop, timeMax, intensity }).toEqual({
        stride: 4,
        crop: 20,
        timeMax: 250,
        intensity: 127.5,
      });
    }
  });
});

describe('summarizeRow', () => {
  const [row] = tableRows;

  it('takes the voting algorithm with the best mean, not the best of every network', () => {
    const results = [
      result({ patch_voting: 0.9, all_voting: 0.8, spikes_first: 0.1, lc: 0.95 }, 2),
      result({ patch_voting: 0.7, all_voting: 0.88, spikes_first: 0.1, lc: 0.97 }, 4),
    ];
    const { voting, linear, seconds } = summarizeRow(row, 5000, results);
    expect(voting.method).toBe('all_voting');
    expect(voting.mean).toBeCloseTo(84, 10);
    expect(voting.sd).toBeCloseTo(Math.sqrt(32), 10);
    expect(linear.mean).toBeCloseTo(96, 10);
    expect(seconds).toBe(3);
  });

  it('has no spread with one network', () => {
    const one = result({ patch_voting: 0.9, all_voting: 0.8, spikes_first: 0.1, lc: 0.95 }, 1);
    expect(summarizeRow(row, 5000, [one]).voting.sd).toBe(0);
  });
});

describe('judge', () => {
  it('compares at the precision of the table', () => {
    const published = { mean: 80.1, sd: 1 };
    expect(judge(79.04, published)).toBe('below');
    expect(judge(79.05, published)).toBe('within');
    expect(judge(81.14, published)).toBe('within');
    expect(judge(81.16, published)).toBe('above');
  });
});

describe('choosePoints', () => {
  it('is the product of the axes', () => {
    const points = choosePoints({ axes: { meanWeight: [0.3, 0.4], cW: [-100, -50, -10] }, seed: 0 });
    expect(points).toHaveLength(6);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(6);
  });

  it('draws a random part without repetition, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), (random, seed) => {
        const axes = { meanWeight: [0.1, 0.2, 0.3, 0.4], nIter: [10, 20, 30] };
        const points = choosePoints({ axes, random, seed }).map((point) => JSON.stringify(point));
        expect(points).toHaveLength(Math.min(12, random));
        expect(new Set(points).size).toBe(points.length);
        expect(choosePoints({ axes, random, seed }).map((point) => JSON.stringify(point))).toEqual(points);
      }),
    );
  });

  it('refuses an unknown axis and an empty one', () => {
    const wrong = { meanWait: [1] } as Parameters<typeof choosePoints>[0]['axes'];
    expect(() => choosePoints({ axes: wrong, seed: 0 })).toThrow(/unknown axis "meanWait".*meanWeight/);
    expect(() => choosePoints({ axes: { cW: [] }, seed: 0 })).toThrow(/values of cW/);
  });
});

describe('reproductionMarkdown', () => {
  it('shows measured beside published, with the command that made it', () => {
    const row = tableRows[11];
    const scores = { patch_voting: 0.81, all_voting: 0.82, spikes_first: 0.8, lc: 0.845 };
    const summary = summarizeRow(row, 5000, [result(scores, 3)]);
    const short = summarizeRow(row, 5000, [result({ ...scores, all_voting: 0.8, patch_voting: 0.8038 }, 3)]);
    const page = reproductionMarkdown(
      {
        version: '1.2.3',
        dataset: 'mnist',
        runs: 1,
        seed: 0,
        nCalibrate: 10000,
        nTest: 10000,
        threads: 2,
        networkSeconds: 180,
        rows: [summary, short],
      },
      'locus reproduce --rows 12',
      1.5,
    );
    expect(page).toContain('`locus reproduce --rows 12` with Locus 1.2.3');
    expect(page).toContain(
      '| 12 | FC | 100 | 20 | 49900 | 100 | 5000 | 82.0 ± 0.0 | 81.4 ± 0.9 | within | 84.5 ± 0.0 | 82.1 ± 0.8 | above | 3.0 |',
    );
    expect(page).toContain('80.4 ± 0.0 | 81.4 ± 0.9 | below by 0.12 |');
    expect(page).toContain('3.0 minutes of computing');
  });
});
