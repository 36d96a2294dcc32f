/** What a report tells of a custom network. */
import { confusionFigure } from '../../figures/index.js';
import { Report, type ReportSection } from '../../figures/display/report.js';
import { version } from '../../version.js';
import { countOf } from '../../wording.js';
import { describeScoreSection } from '../report-sections.js';
import type { SavedNetwork } from './saved-network.js';

export function reportOwnNetwork(saved: SavedNetwork): Report {
  const { name, network, history, notes } = saved;
  const { layers, connections } = network.simulation.program;
  return new Report({
    title: `Network ${name}`,
    subtitle:
      `${countOf(layers.length, 'layer')}, ${countOf(connections.length, 'connection')}, trained on ` +
      `${countOf(history.at(-1)?.images ?? 0, 'image')}. Locus ${version}.`,
    sections: [
      ...(notes === null ? [] : [{ heading: 'Notes', text: notes }]),
      describeReadout(saved),
      {
        heading: 'Layers and connections',
        table: tabulate(network.summary()),
        figures: [saved.networkFigure()],
      },
      describeHistory(saved),
    ],
  });
}

function describeReadout({ readout, scores, confMatrix }: SavedNetwork): ReportSection {
  if (!readout) return { heading: 'Accuracy', text: 'No readout was saved.' };
  const section = describeScoreSection(scores);
  return confMatrix ? { ...section, figures: [confusionFigure(confMatrix)] } : section;
}

/** `layer X: Input, …` as a row of what, and the rest. */
function tabulate(summary: string) {
  const rows = summary.split('\n').map((line) => {
    const end = line.indexOf(': ');
    return [line.slice(0, end), line.slice(end + 2)];
  });
  return { head: ['what', 'of what'], rows };
}

function describeHistory({ history, parent, encoder }: SavedNetwork): ReportSection {
  const rows = history.map(({ learned, images }) => [String(images), learned.slice(0, 12)]);
  const facts = [
    ...(parent === null ? [] : [`Goes back to ${parent}.`]),
    ...(encoder ? [`Images are shown with ${JSON.stringify(encoder)}.`] : []),
  ];
  return {
    heading: 'History',
    ...(facts.length > 0 ? { text: facts.join(' ') } : {}),
    table: { head: ['images learned from, when it was saved', 'what it had learned'], rows },
  };
}
