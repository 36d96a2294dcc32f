/** The parameters: published names and numbers, and what is said of values that cannot be. */
import { describe, expect, it } from 'vitest';
import { parameterColumns } from '../../store/index.js';
import {
  convSize,
  defaultParameters,
  fromPublished,
  type NetworkType,
  parseParameters,
  type SnnParameterName,
  type SnnParameters,
  snnParameterNames,
  snnParameterSpecs,
  stepsPerImage,
  toPublished,
} from './parameters.js';
import { countParameters } from './snn-network.js';

const amplitudes = { cL: true, APos: -0.05, ANeg: -1.6 };

describe('the published table', () => {
  it.each<[number, NetworkType, Partial<SnnParameters>, number, number]>([
    [1, 'LC_SNN', { nFilters: 1000, kernelSize: 12 }, 10_287_000, 9000],
    [2, 'LC_SNN', { nFilters: 100, kernelSize: 12 }, 218_700, 900],
    [3, 'LC_SNN', { nFilters: 100, kernelSize: 8 }, 260_800, 1600],
    [4, 'LC_SNN', { nFilters: 25, kernelSize: 12, ...amplitudes }, 37_800, 225],
    [5, 'LC_SNN', { nFilters: 25, kernelSize: 12 }, 37_800, 225],
    [6, 'LC_SNN', { nFilters: 25, kernelSize: 8 }, 35_200, 400],
    [7, 'C_SNN', { nFilters: 169, kernelSize: 12 }, 279_864, 1521],
    [8, 'C_SNN', { nFilters: 81, kernelSize: 12 }, 69_984, 729],
    [9, 'C_SNN', { nFilters: 100, kernelSize: 8 }, 164_800, 1600],
    [10, 'C_SNN', { nFilters: 25, kernelSize: 12 }, 9000, 225],
    [11, 'C_SNN', { nFilters: 25, kernelSize: 8 }, 11_200, 400],
    [12, 'FC_SNN', { nFilters: 100 }, 49_900, 100],
  ])('row %d, %s %o: %d parameters, %d neurons', (_, type, given, nParameters, nOutput) => {
    const parameters = parseParameters(type, given);
    expect(countParameters(type, parameters)).toBe(nParameters);
    expect(parameters.nFilters * convSize(parameters) ** 2).toBe(nOutput);
  });
});

describe('defaults', () => {
  it('are the published ones', () => {
    const common = {
      nFilters: 25,
      kernelSize: 12,
      stride: 4,
      crop: 20,
      meanWeight: 0.4,
      cW: -100,
      cL: false,
      timeMax: 250,
      intensity: 127.5,
      tauPos: 20,
      tauNeg: 20,
      cWMin: Number.NEGATIVE_INFINITY,
      cWMax: 0,
      dt: 1,
      nuPre: 1e-4,
      nuPost: 1e-2,
      thetaPlus: 0.05,
      tcThetaDecay: 1e6,
      seed: 0,
    };
    expect(defaultParameters('LC_SNN')).toMatchObject({ ...common, refrac: 2 });
    expect(defaultParameters('C_SNN')).toMatchObject({ ...common, refrac: 5 });
    expect(defaultParameters('FC_SNN')).toMatchObject({ ...common, kernelSize: 20, refrac: 5 });
    expect(parseParameters('FC_SNN', { crop: 28 }).kernelSize).toBe(28);
    expect(stepsPerImage(parseParameters('LC_SNN', { timeMax: 100, dt: 0.5 }))).toBe(200);
  });

  it('stand in for what is undefined', () => {
    expect(parseParameters('LC_SNN', { stride: undefined })).toEqual(defaultParameters('LC_SNN'));
  });
});

describe('published names', () => {
  it('are the columns of the database, and lead back to the same parameters', () => {
    const parameters = parseParameters('LC_SNN', { nFilters: 7, seed: 3, ...amplitudes, weightDecay: 1e-5 });
    const rates = new Set<SnnParameterName>(['nuPre', 'nuPost', 'thetaPlus', 'tcThetaDecay', 'thetaDecay']);
    const told = snnParameterNames.filter((name) => !rates.has(name));
    const published = toPublished(parameters);
    expect(published).toMatchObject({
      n_filters: 7,
      c_w: -100,
      A_pos: -0.05,
      c_w_min: Number.NEGATIVE_INFINITY,
    });
    expect(Object.keys(published)).toEqual(told.map((name) => snnParameterSpecs[name].published));
    const columns: readonly string[] = parameterColumns;
    expect(Object.keys(published).filter((name) => !columns.includes(name))).toEqual([]);
    expect(parseParameters('LC_SNN', fromPublished({ ...published, n_iter: 5 }))).toEqual(parameters);
  });

  it('tell the rates of learning only where they are not those of all published networks', () => {
    const rates = { nuPre: 2e-4, nuPost: 5e-3, thetaPlus: 0, tcThetaDecay: Infinity };
    const parameters = parseParameters('C_SNN', rates);
    const published = toPublished(parameters);
    expect(published).toMatchObject({
      nu_pre: 2e-4,
      nu_post: 5e-3,
      theta_plus: 0,
      tc_theta_decay: Infinity,
    });
    expect(parseParameters('C_SNN', fromPublished(published))).toEqual(parameters);
    expect(toPublished({ ...parameters, thetaPlus: 0.05 })).not.toHaveProperty('theta_plus');
  });
});

describe('misuse', () => {
  it.each<[NetworkType, Record<string, unknown>, string]>([
    ['LC_SNN', { stride: 0 }, 'LC_SNN: expected stride ≥ 1 [pixels], a whole number, got 0'],
    ['LC_SNN', { nFilters: 2.5 }, 'LC_SNN: expected nFilters ≥ 1, a whole number, got 2.5'],
    ['LC_SNN', { nFilters: '25' }, 'LC_SNN: expected nFilters to be a number, got "25"'],
    ['C_SNN', { kernelsize: 8 }, 'C_SNN: unknown parameter "kernelsize". Did you mean "kernelSize"?'],
    ['C_SNN', { n_filters: 8 }, 'C_SNN: unknown parameter "n_filters". Did you mean "nFilters"?'],
    ['LC_SNN', { colour: 1 }, 'LC_SNN: unknown parameter "colour".'],
    ['LC_SNN', { toString: 1 }, 'LC_SNN: unknown parameter "toString".'],
    ['LC_SNN', { kernelSize: 24 }, 'LC_SNN: expected kernelSize ≤ crop = 20, got 24'],
    [
      'FC_SNN',
      { kernelSize: 12 },
      'FC_SNN: expected kernelSize = crop = 20 (its receptive field is the whole crop), got 12',
    ],
    ['LC_SNN', { meanWeight: 0 }, 'LC_SNN: expected meanWeight > 0, got 0'],
    ['LC_SNN', { meanWeight: Number.NaN }, 'LC_SNN: expected meanWeight to be a number, got NaN'],
    ['LC_SNN', { meanWeight: Infinity }, 'LC_SNN: expected a finite meanWeight, got Infinity'],
    ['LC_SNN', { cW: 5 }, 'LC_SNN: expected cW ≤ 0 mV (competition inhibits), got 5'],
    ['LC_SNN', { cW: -Infinity }, 'LC_SNN: expected a finite cW [mV], got -Infinity'],
    ['LC_SNN', { cL: 1 }, 'LC_SNN: expected cL to be true or false, got 1'],
    [
      'LC_SNN',
      { cL: true },
      'LC_SNN: expected APos, an amplitude, because competition is trained (cL), got null',
    ],
    [
      'LC_SNN',
      { cL: true, APos: 1 },
      'LC_SNN: expected ANeg, an amplitude, because competition is trained (cL), got null',
    ],
    ['LC_SNN', { ...amplitudes, APos: Infinity }, 'LC_SNN: expected a finite APos, got Infinity'],
    ['LC_SNN', { ...amplitudes, cWMin: 1 }, 'LC_SNN: expected cWMin ≤ cWMax = 0, got 1'],
    [
      'LC_SNN',
      { ...amplitudes, weightDecay: 'much' },
      'LC_SNN: expected weightDecay to be a number, got "much"',
    ],
    ['LC_SNN', { tauPos: 0 }, 'LC_SNN: expected tauPos > 0 [ms], got 0'],
    ['LC_SNN', { dt: -1 }, 'LC_SNN: expected dt > 0 [ms], got -1'],
    ['LC_SNN', { timeMax: 10, dt: 3 }, 'LC_SNN: expected timeMax to be a multiple of dt = 3 ms, got 10'],
    ['LC_SNN', { refrac: -1 }, 'LC_SNN: expected refrac ≥ 0 [ms], got -1'],
    ['LC_SNN', { thetaPlus: -1 }, 'LC_SNN: expected thetaPlus ≥ 0 [mV], got -1'],
    ['LC_SNN', { tcThetaDecay: 0 }, 'LC_SNN: expected tcThetaDecay > 0 [ms], got 0'],
    ['LC_SNN', { nuPost: Infinity }, 'LC_SNN: expected a finite nuPost, got Infinity'],
    ['LC_SNN', { intensity: null }, 'LC_SNN: expected intensity to be a number [Hz], got null'],
    ['LC_SNN', { seed: -1 }, 'LC_SNN: expected seed to be a whole number from 0 to 2⁵³ − 1, got -1'],
    ['LC_SNN', { seed: 1.5 }, 'LC_SNN: expected seed to be a whole number'],
  ])('%s %o', (type, given, message) => {
    expect(() => parseParameters(type, given)).toThrow(message);
  });

  it('accepts amplitudes and decay without trained competition, and no refractory period', () => {
    expect(parseParameters('C_SNN', { APos: 1, weightDecay: 0, refrac: 0 })).toMatchObject({
      APos: 1,
      refrac: 0,
    });
  });
});
