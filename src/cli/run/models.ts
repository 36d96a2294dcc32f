/** Runs `locus models`. */
import type {
  DescribedDefinition,
  DescribedState,
  DescribedValue,
} from '../../core/definitions/describe-definition.js';
import { describeEntry, listShelf } from '../../core/shelf.js';
import { unknownName } from '../../errors.js';
import { drawTable, padText, wrapWords } from '../../text-table.js';
import type { CommandContext } from '../context.js';

export interface ModelsArguments {
  readonly name?: string;
}

export async function runModels({ name }: ModelsArguments, context: CommandContext): Promise<void> {
  const shelf = listShelf();
  if (name === undefined) {
    const rows = shelf.map(({ kind, definition: { name, about = '' } }) => ({ name, kind, about }));
    return context.report(rows, () =>
      drawTable({
        head: ['name', 'kind', 'about'],
        rows: rows.map(({ name, kind, about }) => [name, kind, wrapWords(about, 70)]),
        separated: false,
      }),
    );
  }
  const entry = shelf.find(({ definition }) => definition.name === name);
  if (!entry) {
    const names = shelf.map(({ definition }) => definition.name);
    throw unknownName('locus models', 'model or rule', name, names);
  }
  const described = describeEntry(entry);
  context.report(described, () => formatModel(described));
}

/** A model or rule for people. */
function formatModel({
  name,
  about,
  source,
  equations,
  parameters,
  state,
  remarks,
}: DescribedDefinition): string {
  const stateOf = (each: DescribedState) =>
    `${formatValue(each)}${each.persistent ? ', kept by a reset between images' : ''}`;
  return [
    about === null ? name : `${name}: ${about}`,
    ...equations.flatMap(({ when, text }) => section(`${when[0].toUpperCase()}${when.slice(1)}`, text)),
    ...section('Parameters', columns(parameters, formatValue)),
    ...section('State, with initial values', columns(state, stateOf)),
    ...section('What else holds', remarks),
    ...(source === null ? [] : section('Source', [source])),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function columns<T extends DescribedValue>(values: readonly T[], format: (value: T) => string): string[] {
  const width = Math.max(0, ...values.map(({ name }) => name.length));
  return values.map((each) => `${padText(each.name, width)}  ${format(each)}`);
}

function formatValue({ value, unit }: DescribedValue): string {
  return unit === null ? String(value) : `${value} ${unit}`;
}
