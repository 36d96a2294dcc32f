/** Every class and function that takes options refuses unknown names and wrong values, before any work. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as locus from '../../src/index.js';
import { analysisCases } from './analysis-cases.js';
import { layerCases, storedCases } from './layer-cases.js';
import { networkCases } from './network-cases.js';
import { type OptionCase, type WrongName, wrongValues } from './option-case.js';
import { publishedCases } from './published-cases.js';
import { resultCases } from './result-cases.js';

const cases: Readonly<Record<string, OptionCase>> = {
  ...networkCases,
  ...analysisCases,
  ...layerCases,
  ...storedCases,
  ...resultCases,
  ...publishedCases,
};

/** Exports that take no options: values, and functions of plain arguments. */
const withoutOptions = [
  'competitionDistribution',
  'defineFigure',
  'registerDataset',
  'registerFigure',
  'registerKind',
  'registerPart',
  'accuracyPerLabel',
  'assignmentMethods',
  'predictByAssignment',
  'predictByNgrams',
  'addNoise',
  'calibrateVotes',
  'buildFanOut',
  'centreCrops',
  'colourJitter',
  'confusionMatrix',
  'countCorrect',
  'countNnmfParameters',
  'cropCentre',
  'crossEntropyLoss',
  'datasetNames',
  'decayPerStep',
  'defaultParameters',
  'describeChoice',
  'describeHealth',
  'describeNnmfNetwork',
  'encoders',
  'Flatten',
  'formatEpoch',
  'formatReproduction',
  'formatTable',
  'getEncoder',
  'L1Norm',
  'Layer',
  'layerThreads',
  'listEngines',
  'loadStateDict',
  'LocusError',
  'makeSbsNetwork',
  'makeTensor',
  'makeZeros',
  'mseLoss',
  'nnmfInputs',
  'noJitter',
  'NoOp',
  'overloadSbsFiles',
  'Parameter',
  'fittedMethods',
  'packSpikeCounts',
  'parseArchitecture',
  'parseSbsConfig',
  'parseShape',
  'predictByClassifier',
  'predictLabels',
  'RandomStream',
  'readNpy',
  'readNpyNetwork',
  'readNpz',
  'readoutMethods',
  'reconstructMap',
  'registerEngine',
  'ReLU',
  'ReluModel',
  'reshape',
  'scorePredictions',
  'Sequential',
  'setLayerThreads',
  'snnParameterNames',
  'snnParameterSpecs',
  'Softmax',
  'spikeTrainFromEvents',
  'spikeTrainFromRaster',
  'SplitOnOff',
  'synchronyIndex',
  'tableRows',
  'toDatabasePoints',
  'version',
  'votingMethods',
];

const wrongNames = Object.keys(wrongValues) as WrongName[];

/** What a call ends with: an error, or nothing. */
async function failure(call: OptionCase['call'], options: unknown): Promise<unknown> {
  try {
    await call(options as never);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The same functions under their published names. */
const published = ['clean_database', 'delete_network', 'load_network', 'rename_network', 'view_database'];

it('knows every export: with its options, or as one that takes none', () => {
  const called = Object.keys(cases).map((name) => name.split(/[ .]/)[0]);
  const known = new Set([...called, ...withoutOptions, ...published]);
  expect(Object.keys(locus).filter((name) => !known.has(name))).toEqual([]);
});

afterEach(() => vi.restoreAllMocks());

describe.each(Object.entries(cases))(
  '%s',
  (_, { call, valid, allowed = {}, former = {}, noun = 'option', works = false }) => {
    const options = Object.keys(valid);

    it.runIf(!works)('takes valid options', async () => {
      expect(await failure(call, valid)).toBeUndefined();
    });

    it('refuses an unknown name, suggests the right one, and names all that this test knows', async () => {
      for (const option of options) {
        const typo = `${option.slice(0, 1)}q${option.slice(1)}`;
        const error = await failure(call, { ...valid, [typo]: valid[option] });
        expect(error).toMatchObject({ name: 'LocusError', code: 'UNKNOWN_NAME' });
        const { message } = error as Error;
        expect(message).toContain(`unknown ${noun} "${typo}".`);
        expect(message).toContain(`Did you mean "${option}"?`);
        // A network of the table has too many parameters to list.
        const known = /Known: (.*)\.$/.exec(message)?.[1].split(', ') ?? options;
        expect(known.sort()).toEqual([...options].sort());
      }
    });

    it.each([null, 3, 'text', true, [[]], () => 1])('refuses %o for all options', async (wrong) => {
      const error = await failure(call, wrong);
      expect(error).toMatchObject({ name: 'LocusError', code: 'INVALID_ARGUMENT' });
      expect((error as Error).message).toContain('as an object');
    });

    it.each(options)('refuses wrong values of %s', async (option) => {
      for (const name of wrongNames.filter((each) => !allowed[option]?.includes(each))) {
        const error = await failure(call, { ...valid, [option]: wrongValues[name] });
        expect(error, `${option}: ${name}`).toMatchObject({
          name: 'LocusError',
          code: expect.stringMatching(/^(?:INVALID_ARGUMENT|UNKNOWN_NAME)$/),
          message: expect.stringMatching(option === 'dataset' ? /data ?set/ : option),
        });
      }
    });

    it.each(Object.entries(former))('takes %s for %s with a note, but not both', async (name, present) => {
      const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
      const { [present]: value, ...others } = valid;
      expect(await failure(call, { ...valid, [name]: value })).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`${present} or its former name ${name}, not both`),
      });
      expect(await failure(call, { ...others, [name]: Number.NaN })).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(name),
      });
      expect(warn).not.toHaveBeenCalled();
      if (works) return;
      expect(await failure(call, { ...others, [name]: value })).toBeUndefined();
      const note = expect.stringContaining(`${name} is now called ${present};`);
      expect(warn).toHaveBeenCalledWith(note, { type: 'DeprecationWarning', code: 'LOCUS_RENAMED' });
    });

    it.runIf(!works)('takes what its documentation allows', async () => {
      for (const [option, names] of Object.entries(allowed)) {
        for (const name of names) {
          const error = await failure(call, { ...valid, [option]: wrongValues[name] });
          expect(error, `${option}: ${name}`).toBeUndefined();
        }
      }
    });
  },
);
