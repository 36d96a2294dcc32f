/** The page of a neuron model, a learning rule or a synapse model, and the page that lists them: all that they say is in the definitions. */
import type {
  DescribedDefinition,
  DescribedEquations,
  DescribedState,
  DescribedValue,
} from '../../src/core/definitions/describe-definition.js';
import { printName } from '../../src/core/definitions/latex.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import { describeEntry, listShelf, type ShelfEntry } from '../../src/core/shelf.js';
import { type ClosedForm, closedForms } from './closed-forms.js';
import { ruleExample, neuronExample, synapseExample } from './model-examples.js';
import { countedSteps, type Drive, findDrive, tracedSteps } from './neuron-response.js';
import { weight } from './rule-window.js';
import { pulse, stateRead } from './synapse-response.js';

/** Text of all pages by their files in `docs/models/`. */
export async function writeModelPages(): Promise<Map<string, string>> {
  const shelf = listShelf();
  const pages = new Map([['README.md', writeIndex(shelf)]]);
  for (const entry of shelf) pages.set(`${entry.definition.name}.md`, await writePage(entry));
  return pages;
}

function writeIndex(shelf: readonly ShelfEntry[]): string {
  const rows = (kind: ShelfEntry['kind']) =>
    shelf
      .filter((each) => each.kind === kind)
      .map(({ definition: { name, about = '' } }) => `| [\`${name}\`](${name}.md) | ${about} |`);
  return [
    '# Neuron models, learning rules and synapse models',
    '',
    'What is defined by equations, a page each: equations, parameters, state, response, an example and the source. `npm run models` writes',
    'the pages from the definitions; `locus models NAME` prints them.',
    '',
    '## [Neuron models](../neuron-models.md)',
    '',
    '| model | what it is |',
    '|---|---|',
    ...rows('neuron'),
    '',
    '## [Learning rules](../learning-rules.md)',
    '',
    '| rule | what it does |',
    '|---|---|',
    ...rows('rule'),
    '',
    '## [Synapse models](../synapse-models.md)',
    '',
    '| model | what it is |',
    '|---|---|',
    ...rows('synapse'),
    '',
  ].join('\n');
}

async function writePage(entry: ShelfEntry): Promise<string> {
  const described = describeEntry(entry);
  const { name, about, source, equations, parameters, state, remarks } = described;
  const [response, example] = await writeResponseAndExample(entry, described);
  return [
    `# ${name}`,
    '',
    ...(about === null ? [] : [`${capitalise(about)}.`, '']),
    `A ${kinds[entry.kind]}; [all models and rules](README.md).`,
    '',
    '## Equations',
    '',
    ...equations.flatMap(writeEquations),
    ...remarks.map((remark) => `- ${remark}`),
    ...(remarks.length === 0 ? [] : ['']),
    ...section('Parameters', writeParameters(parameters)),
    ...section('State', writeState(state)),
    ...response,
    '## Example',
    '',
    '```ts',
    example,
    '```',
    '',
    ...(source === null ? [] : ['## Source', '', `${source}.`, '']),
  ].join('\n');
}

const kinds: Readonly<Record<ShelfEntry['kind'], string>> = {
  neuron: '[neuron model](../neuron-models.md)',
  rule: '[learning rule](../learning-rules.md)',
  synapse: '[synapse model](../synapse-models.md)',
};

async function writeResponseAndExample(
  entry: ShelfEntry,
  described: DescribedDefinition,
): Promise<readonly [response: readonly string[], example: string]> {
  switch (entry.kind) {
    case 'neuron': {
      const drive = await findDrive(entry.definition);
      return [writeResponse(described, drive), neuronExample(described.name, drive)];
    }
    case 'rule':
      return [writeWindow(entry.definition), ruleExample(entry.definition)];
    default:
      return [writeSent(entry.definition), synapseExample(entry.definition)];
  }
}

function writeEquations({ when, latex }: DescribedEquations): string[] {
  return [`${capitalise(when)}:`, '', ...latex.flatMap((line) => ['$$', line, '$$', ''])];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

function writeParameters(parameters: readonly DescribedValue[]): string[] {
  if (parameters.length === 0) return [];
  return [
    '| parameter | symbol | default | unit |',
    '|---|---|---|---|',
    ...parameters.map(
      ({ name, value, unit }) =>
        `| \`${name}\` | $${printName(name)}$ | ${formatNumber(value)} | ${unit ?? ''} |`,
    ),
  ];
}

function writeState(state: readonly DescribedState[]): string[] {
  if (state.length === 0) return [];
  return [
    '| variable | symbol | initial value | unit | a reset between images |',
    '|---|---|---|---|---|',
    ...state.map(({ name, value, unit, persistent }) => {
      const initial = typeof value === 'string' ? `\`${value}\`` : formatNumber(value);
      return `| \`${name}\` | $${printName(name)}$ | ${initial} | ${unit ?? ''} | ${persistent ? 'keeps it' : 'sets it back'} |`;
    }),
  ];
}

function writeResponse(
  { name, inputs: [{ name: driven, unit }] }: DescribedDefinition,
  { input, most, variable }: Drive,
): string[] {
  const amount = (value: number) => (unit === null ? `${value}` : `${value} ${unit}`);
  return [
    '## Response',
    '',
    `![Response of ${name}](${name}.png)`,
    '',
    `Left: \`${variable}\` and the spikes (triangles) within ${tracedSteps} ms at a constant \`${driven}\` of ${amount(input)} in every step of 1 ms, with the`,
    `default parameters. Right: spikes within ${countedSteps} ms by \`${driven}\`, up to ${amount(most)}; the line marks its value on the left. Nothing learns.`,
    '',
  ];
}

function writeWindow({ name, signals = [], neurons = {} }: RuleDefinition): string[] {
  const given = [
    ...signals.map((signal) => ` \`${signal}\` is 1 in every step.`),
    ...Object.values(neurons).map(({ of, variable }) => ` \`${variable}\` of the ${of} is held at 0.`),
  ].join('');
  const closed = Object.hasOwn(closedForms, name) ? writeClosedForm(closedForms[name]) : [];
  return [
    '## Response',
    '',
    `![What a pair of spikes does by ${name}](${name}.png)`,
    '',
    `The change of a weight of ${weight.w} within ${weight.wMin} and ${weight.wMax} by one pair of spikes, by the time *s* of the target's spike minus that of the`,
    `source's, with the default parameters and traces of 20 ms where the rule names no time constant.${given}`,
    '',
    ...closed,
  ];
}

function writeSent(definition: SynapseDefinition): string[] {
  const { name } = definition;
  const list = (side: 'source' | 'target') =>
    stateRead(definition, side)
      .map((variable) => `\`${variable}\``)
      .join(', ');
  const [ofSource, ofTarget] = [list('source'), list('target')];
  return [
    '## Response',
    '',
    `![What a synapse sends by ${name}](${name}.png)`,
    '',
    'What a synapse of weight 1 sends in steps of 1 ms, with the default parameters: its source spikes ten times at 20 Hz, and once more at 970 ms.',
    ...(ofSource === ''
      ? []
      : [`${ofSource} of the source rises by ${pulse.height} at each spike and decays with ${pulse.tc} ms.`]),
    ...(ofTarget === '' ? [] : [`${ofTarget} of the target is held at 0.`]),
    '',
  ];
}

function writeClosedForm({ after, before }: ClosedForm): string[] {
  return [
    'The line is the closed form:',
    '',
    '$$',
    `\\Delta w = \\begin{cases} ${after} & \\text{if } s \\gt 0 \\cr ${before} & \\text{if } s \\lt 0 \\end{cases}`,
    '$$',
    '',
  ];
}

function capitalise(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function formatNumber(value: number | string): string {
  const text =
    typeof value === 'number' && value >= 1e6 ? value.toExponential().replace('+', '') : String(value);
  return text.replace('Infinity', '∞').replaceAll('-', '−');
}
