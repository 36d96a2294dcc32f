/** What a report tells of a network. */
import { readOptions } from '../../options.js';
import { exampleSchema } from './option-schemas.js';
import { LocusError } from '../../errors.js';
import { nameClass, nameOneOf } from '../../figures/class-names.js';
import { methodNames } from '../../figures/accuracy-lines.js';
import { Report, type ReportSection } from '../../figures/display/report.js';
import { describeHealth } from '../../readout/index.js';
import { version } from '../../version.js';
import { describeScoreSection } from '../report-sections.js';
import { listDefinition } from './model-choice.js';
import {
  snnParameterSpecs,
  type SnnParameterName,
  type SnnParameters,
  unusedParameters,
} from './parameters.js';
import type { Snn } from './snn.js';
import { countOf } from '../../wording.js';

export interface SnnReportOptions {
  /** Which image of the test set is the example: the `index`-th of that label. */
  readonly label?: number;
  readonly index?: number;
}

export async function reportNetwork(network: Snn, given: SnnReportOptions = {}): Promise<Report> {
  const options = readOptions(`${network.type}.report`, exampleSchema, given);
  const { parameters, type } = network;
  return new Report({
    title: `${type} ${network.name}`,
    subtitle:
      `${countOf(parameters.nFilters, 'filter')} of ${parameters.kernelSize} × ${parameters.kernelSize} pixels at ` +
      `${countOf(network.nPositions, 'position')}: ${countOf(network.nOutput, 'neuron')}, ${network.nParameters} synapses, trained on ` +
      `${countOf(network.nIter, 'image')}. Locus ${version}.`,
    sections: [
      ...describeScores(network),
      {
        heading: 'Parameters',
        table: { head: ['name', 'value', 'meaning'], rows: describeParameters(parameters) },
      },
      ...describeModels(parameters),
      { heading: 'Weights', figures: [network.weightsXYFigure()] },
      ...describeVotes(network),
      ...(await describeExample(network, options)),
      ...describeCompetition(network),
    ],
  });
}

function describeScores(network: Snn): ReportSection[] {
  const section = describeScoreSection(network.score);
  if (!network.confMatrix) return [section];
  return [{ ...section, figures: [network.confusionFigure(), network.accuracyDistributionFigure()] }];
}

function describeVotes(network: Snn): ReportSection[] {
  if (!network.votes) return [{ heading: 'Votes', text: 'Not calibrated yet: calibrate() does it.' }];
  return [{ heading: 'Votes', figures: [network.votesFigure(), network.votesDistributionFigure()] }];
}

/** An image with the spikes and potentials of its best voters, and the health of the network; both need the data set. */
async function describeExample(
  network: Snn,
  { label = 3, index = 0 }: SnnReportOptions,
): Promise<ReportSection[]> {
  try {
    const fed = await network.feedLabel(label, { index });
    const { classNames } = network;
    const predictions = Object.entries(fed.predictions).map(
      ([method, prediction]) =>
        `${methodNames[method] ?? method}: ${prediction === -1 ? 'none' : nameClass(prediction, classNames)}`,
    );
    const text = predictions.length > 0 ? `Taken for ${predictions.join(', ')}.` : undefined;
    const health = await network.health();
    return [
      {
        heading: `An image of ${nameOneOf(label, classNames)}`,
        text,
        figures: [network.inputFigure(fed), network.bestSpikesFigure(fed), network.bestVotersFigure(fed)],
      },
      {
        heading: 'Learning health',
        text: `From ${health.nImages} calibration images, without their labels.`,
        table: { head: ['what', 'value'], rows: describeHealth(health) },
      },
    ];
  } catch (error) {
    if (!(error instanceof LocusError) || error.code !== 'DATA_MISSING') throw error;
    return [{ heading: 'An image', text: `Left out, because the data set is not here. ${error.message}` }];
  }
}

function describeCompetition(network: Snn): ReportSection[] {
  if (!network.weightsYY) return [];
  return [
    {
      heading: 'Trained competition',
      figures: [
        network.competitionDistributionFigure(),
        network.stdpWindowFigure({ of: 'yy' }),
        network.weightsYYFigure(),
        network.competitionMapFigure(),
      ],
    },
  ];
}

/** The equations of the neurons and of the rule, where they are not the usual ones. */
function describeModels({ neuron, rule }: Readonly<SnnParameters>): ReportSection[] {
  return [
    { heading: 'Neuron model', model: neuron },
    { heading: 'Learning rule', model: rule },
  ].flatMap(({ heading, model }) =>
    model
      ? [
          {
            heading: `${heading}: ${model.definition.name}`,
            table: { head: ['what', 'definition'], rows: listDefinition(model) },
          },
        ]
      : [],
  );
}

/** Parameters as people read them: published name, value with unit, meaning. */
function describeParameters(parameters: Readonly<SnnParameters>): string[][] {
  const unused: readonly string[] = unusedParameters(parameters);
  const used = Object.entries(snnParameterSpecs).filter(([name]) => !unused.includes(name));
  return used.map(([name, { published, unit, description }]) => {
    const value = parameters[name as SnnParameterName];
    const shown = value === null ? '–' : String(value).replace('Infinity', '∞').replace('-', '−');
    return [published, unit && value !== null ? `${shown} ${unit}` : shown, description];
  });
}
