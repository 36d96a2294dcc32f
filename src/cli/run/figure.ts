/** Runs `locus figure`. */
import { LocusError, unknownName } from '../../errors.js';
import type { FigureDefinition } from '../../figures/definition.js';
import { openPage } from '../../figures/display/show-figure.js';
import { prepareFigure } from '../../figures/display/write-figure.js';
import { drawFigure, drawFromSource } from '../../figures/figures-of.js';
import type { Figure } from '../../figures/index.js';
import type { DatabaseSource, DrawingWatch } from '../../figures/sources.js';
import { loadKind } from '../../kinds/registry.js';
import { surveyDatabase } from '../../kinds/survey-database.js';
import { readStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { listDrawable, listFiguresOf } from '../figure-options.js';
import { UsageError } from '../usage-error.js';

export interface FigureArguments {
  readonly kind: string;
  readonly name?: string;
  readonly output?: string;
  readonly db?: string;
  readonly dataDir?: string;
}

type Values = Readonly<Record<string, unknown>>;

export async function runFigure(args: FigureArguments, context: CommandContext): Promise<void> {
  const drawable = listDrawable();
  const { kind } = args;
  const definition = drawable.find(({ name }) => name === kind);
  if (!definition) {
    const names = drawable.map(({ name }) => name);
    throw new UsageError(unknownName('figure', 'figure', kind, names).message);
  }
  const values = readValues(definition, args as unknown as Values);
  if (args.output !== undefined) prepareFigure(args.output);
  const progress = context.progress(kind);
  const watch = { signal: context.signal, onProgress: progress.update };
  const figure = await draw(definition, args, values, watch, context).finally(progress.stop);
  if (context.signal.aborted) throw new LocusError('INTERRUPTED', 'interrupted; no figure was written');
  const { path, opened } =
    args.output === undefined
      ? openPage(figure.toHtml(), kind)
      : { path: await figure.write(args.output), opened: false };
  context.report({ kind, path }, () => (opened ? `opened ${path}` : path));
}

/** The values of the figure's options. Throws where an option is another figure's. */
function readValues({ name, options }: FigureDefinition, args: Values): Values {
  const all = new Set(listDrawable().flatMap((each) => Object.keys(each.options)));
  const given = [...all].filter((option) => args[option] !== undefined);
  const stranger = given.find((option) => !(option in options));
  if (stranger !== undefined) {
    const own = Object.keys(options).map((option) => `--${option}`);
    const known = own.length === 0 ? 'no options of its own' : own.join(', ');
    throw new UsageError(`figure: ${name} has ${known}, got --${stranger}`);
  }
  return Object.fromEntries(given.map((option) => [option, args[option]]));
}

async function draw(
  definition: FigureDefinition,
  { name, db, dataDir }: FigureArguments,
  values: Values,
  watch: DrawingWatch,
  context: CommandContext,
): Promise<Figure> {
  if (definition.of.includes('database')) {
    if (name !== undefined) {
      throw new UsageError(`figure: ${definition.name} shows all networks, got "${name}" too`);
    }
    const { rows, damages } = surveyDatabase({}, db);
    if (damages.length > 0) context.note(`left out: ${damages.join('; ')}`);
    const source: DatabaseSource = { rows: rows.filter(({ damage }) => damage === undefined) };
    return drawFromSource(definition, source, values, watch);
  }
  if (name === undefined) throw new UsageError(`figure: ${definition.name} needs the name of a network`);
  const record = readStore(db, (store) => store.load(name));
  const type = String(record.parameters.network_type);
  const kind = await loadKind(type);
  if (!kind.figures || !definition.of.includes(kind.figures)) {
    const known = kind.figures ? listFiguresOf(kind.figures).map((each) => each.name) : ['none'];
    throw new UsageError(
      `figure: ${definition.name} is not of ${type} networks; those have ${known.join(', ')}`,
    );
  }
  const network = kind.open(record, { database: db, dataDir });
  try {
    return await drawFigure(definition, network, values, watch);
  } finally {
    network.dispose?.();
  }
}
