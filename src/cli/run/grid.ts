/** Runs `locus grid`. */
import { availableParallelism } from 'node:os';
import { loadDataset } from '../../datasets/index.js';
import { invalidArgument, unknownName } from '../../errors.js';
import { type Axis, type AxisValue, type GridPoint, searchGrid } from '../../experiments/index.js';
import { searchFigure } from '../../experiments/search-figure.js';
import { prepareFigure } from '../../figures/display/write-figure.js';
import { type NetworkType, snnParameterNames, snnParameterSpecs } from '../../kinds/snn/index.js';
import { drawTable } from '../../text-table.js';
import type { CommandContext } from '../context.js';
import { readParameters } from '../../kinds/snn/network-options.js';
import { parseNumber } from '../options.js';
import { UsageError } from '../usage-error.js';
import { chooseData } from '../../datasets/choose-data.js';

export interface GridArguments {
  readonly over?: readonly string[];
  readonly random?: number;
  readonly runs?: number;
  readonly nIter?: number;
  readonly best?: number;
  readonly calibrate?: number;
  readonly validate?: number;
  readonly linear?: boolean;
  readonly threads?: number;
  readonly figure?: string;
  readonly db?: string;
  readonly dataset?: string;
  readonly dataDir?: string;
}

export async function runGrid(
  type: NetworkType,
  args: GridArguments,
  context: CommandContext,
): Promise<void> {
  const {
    runs = 1,
    nIter = 5000,
    best = 20,
    linear = true,
    threads = availableParallelism(),
    dataDir,
  } = args;
  const { seed = 0, ...base } = readParameters(args as Readonly<Record<string, unknown>>);
  const axes = readAxes(args.over ?? []);
  if (args.figure !== undefined && Object.keys(axes).length < 2)
    throw new UsageError('--figure shows two axes, got one --over');
  if (args.figure !== undefined) prepareFigure(args.figure);
  const dataset = await chooseData(args, context);
  const { calibration } = await loadDataset(dataset, { dataDir });
  const nCalibrate = args.calibrate ?? Math.floor(calibration.count / 2);
  if (nCalibrate >= calibration.count) {
    const expectation = `--calibrate below the ${calibration.count} calibration images of ${dataset}`;
    throw invalidArgument('grid', expectation, nCalibrate);
  }
  const progress = context.progress('Searching', { unit: 'networks' });
  const points = await searchGrid({
    type,
    base,
    nIter,
    axes,
    random: args.random,
    runs,
    seed,
    dataset,
    dataDir,
    database: args.db,
    threads,
    nCalibrate,
    nTest: args.validate ?? calibration.count - nCalibrate,
    linear,
    signal: context.signal,
    onResult: (done, total) => progress.update({ done, total }),
  }).finally(() => progress.stop());
  if (args.figure !== undefined) context.note(`Written: ${await searchFigure(points).write(args.figure)}`);
  context.report(points, () => formatPoints(points.slice(0, best)));
}

/** Axes from texts such as `mean_weight=0.3,0.4` and `c_w=-150..-50:20`. */
function readAxes(texts: readonly string[]): Partial<Record<Axis, readonly AxisValue[]>> {
  if (texts.length === 0)
    throw new UsageError("--over: expected at least one axis, such as 'c_w=-150,-100,-50'");
  return Object.fromEntries(
    texts.map((text) => {
      const [name, values, ...rest] = text.split('=');
      if (!values || rest.length > 0) throw new UsageError(`--over: expected name=values, got "${text}"`);
      return [readAxisName(name.trim()), values.split(',').flatMap(readValues)];
    }),
  );
}

function readAxisName(name: string): Axis {
  const published = new Map<string, Axis>([['n_iter', 'nIter']]);
  for (const parameter of snnParameterNames) published.set(snnParameterSpecs[parameter].published, parameter);
  const known = [...published.values()].find((axis) => axis === name) ?? published.get(name);
  if (!known) throw unknownName('grid --over', 'parameter', name, [...published.keys()]);
  return known;
}

/** `0.4`, `true`, or `-150..-50:20`: from … to in steps. */
function readValues(text: string): AxisValue[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  const range = /^(?<from>[^:]+)\.\.(?<to>[^:]+):(?<step>.+)$/.exec(text);
  if (!range?.groups) return [parseNumber(text)];
  const [from, to, step] = [range.groups.from, range.groups.to, range.groups.step].map(parseNumber);
  if (!(step > 0) || to < from)
    throw new UsageError(`--over: expected from..to:step with from ≤ to and step > 0, got "${text}"`);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  // Rounded, so that 0.3 in steps of 0.1 is 0.4 and not 0.4000000000000001.
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
}

function formatPoints(points: readonly GridPoint[]): string {
  if (points.length === 0) return 'No points.';
  const axes = Object.keys(points[0].setting) as Axis[];
  const methods = Object.keys(points[0].accuracy);
  return drawTable({
    head: [...axes, ...methods, 's / network'],
    rows: points.map(({ setting, accuracy, seconds }) => [
      ...axes.map((axis) => String(setting[axis])),
      ...methods.map((method) => `${(100 * accuracy[method]).toFixed(2)} %`),
      seconds.toFixed(1),
    ]),
  });
}
