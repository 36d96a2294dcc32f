/** Statistics of spikes, their figures and files, with all of their options. */
import * as locus from '../../src/index.js';
import { makeFolder } from '../support/make-folder.js';
import { flags, type OptionCase, texts } from './option-case.js';

const train = locus.spikeTrainFromEvents([0, 3, 5, 7], [0, 1, 0, 0], 10, 2);
const monitor = new locus.Monitor({ variables: ['spikes'] });
monitor.track('Y', 1).advance(train.steps, train);

const selection = { dt: 1, of: 'Y', from: 1, to: 9 };
const drawn = { ...selection, title: 'A title' };

export const analysisCases: Readonly<Record<string, OptionCase>> = {
  firingRates: { call: (options) => locus.firingRates(monitor, options), valid: selection },
  populationRate: {
    call: (options) => locus.populationRate(monitor, options),
    valid: { ...selection, bin: 2, smooth: 3 },
  },
  interSpikeIntervals: { call: (options) => locus.interSpikeIntervals(monitor, options), valid: selection },
  intervalVariation: { call: (options) => locus.intervalVariation(monitor, options), valid: selection },
  spikeSynchrony: {
    call: (options) => locus.spikeSynchrony(monitor, options),
    valid: { ...selection, bin: 2 },
  },
  writeRecordings: {
    call: (options) => locus.writeRecordings(monitor, makeFolder(), options),
    valid: { spikes: 'raster', overwrite: true },
    allowed: { overwrite: flags },
  },
  rasterFigure: {
    call: (options) => locus.rasterFigure(monitor, options),
    valid: { ...drawn, bin: 2, neurons: 'cell' },
    allowed: { title: texts, neurons: texts },
  },
  isiHistogramFigure: {
    call: (options) => locus.isiHistogramFigure(monitor, options),
    valid: { ...drawn, bin: 2 },
    allowed: { title: texts },
  },
  rateHistogramFigure: {
    call: (options) => locus.rateHistogramFigure(monitor, options),
    valid: { ...drawn, bins: 5 },
    allowed: { title: texts },
  },
  cvHistogramFigure: {
    call: (options) => locus.cvHistogramFigure(monitor, options),
    valid: { ...drawn, bins: 5, measure: 'lv' },
    allowed: { title: texts },
  },
};
