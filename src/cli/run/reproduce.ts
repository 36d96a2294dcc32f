/** Runs `locus reproduce`. */
import { availableParallelism } from 'node:os';
import { loadDataset } from '../../datasets/index.js';
import { invalidArgument } from '../../errors.js';
import { prepareFigure } from '../../figures/display/write-figure.js';
import { prepareOutput, writeOutput } from '../../node/output-file.js';
import {
  formatReproduction,
  reproduceTable,
  reproductionMarkdown,
  tableRows,
} from '../../experiments/index.js';
import { reproductionFigure } from '../../experiments/reproduction-figure.js';
import type { CommandContext } from '../context.js';
import { chooseData } from '../../datasets/choose-data.js';
import { countOf } from '../../wording.js';

export interface ReproduceArguments {
  readonly rows?: readonly number[];
  readonly runs?: number;
  readonly seed?: number;
  readonly nIter?: number;
  readonly calibrate?: number;
  readonly test?: number;
  readonly threads?: number;
  readonly markdown?: string;
  readonly figure?: string;
  readonly db?: string;
  readonly dataset?: string;
  readonly dataDir?: string;
}

export async function runReproduce(args: ReproduceArguments, context: CommandContext): Promise<void> {
  const { runs = 5, seed = 0, threads = availableParallelism(), nIter, dataDir, markdown } = args;
  const rows = chooseRows(args.rows);
  const json = markdown?.replace(/(\.md)?$/, '.json');
  for (const path of [markdown, json]) if (path !== undefined) prepareOutput('reproduce --markdown', path);
  if (args.figure !== undefined) prepareFigure(args.figure);
  const dataset = await chooseData(args, context);
  const { calibration, test } = await loadDataset(dataset, { dataDir });
  const began = performance.now();
  const progress = context.progress('Reproducing', { unit: 'networks' });
  let done = 0;
  let stored = 0;
  const reproduction = await reproduceTable({
    rows,
    runs,
    seed,
    dataset,
    dataDir,
    database: args.db,
    threads,
    nIter,
    nCalibrate: args.calibrate ?? calibration.count,
    nTest: args.test ?? test.count,
    signal: context.signal,
    onResult: (_row, _seed, _result, wasStored) => {
      if (wasStored) stored++;
      progress.update({ done: ++done, total: rows.length * runs });
    },
  }).finally(() => progress.stop());
  // A table that was resumed has no wall-clock time of its own.
  const minutes = stored === 0 ? (performance.now() - began) / 60_000 : null;
  if (markdown !== undefined && json !== undefined) {
    const page = reproductionMarkdown(reproduction, context.commandWith(), minutes);
    await writeOutput('reproduce --markdown', markdown, page);
    const document = `${JSON.stringify({ ...reproduction, minutes }, null, 2)}\n`;
    await writeOutput('reproduce --markdown', json, document);
    context.note(`Written: ${markdown} and ${json}`);
  }
  if (args.figure !== undefined)
    context.note(`Written: ${await reproductionFigure(reproduction).write(args.figure)}`);
  context.report({ ...reproduction, minutes }, () => {
    const time = minutes === null ? '' : `, ${minutes.toFixed(1)} minutes`;
    return `${formatReproduction(reproduction)}\n${countOf(done, 'network')} (${stored} stored before)${time}`;
  });
}

function chooseRows(wanted: readonly number[] | undefined): typeof tableRows {
  if (!wanted) return tableRows;
  const known = tableRows.map(({ row }) => row);
  const unknown = wanted.find((row) => !known.includes(row));
  if (unknown !== undefined) {
    throw invalidArgument('reproduce', `rows from ${known[0]} to ${known[known.length - 1]}`, unknown);
  }
  return tableRows.filter(({ row }) => wanted.includes(row));
}
