/** Runs `locus bench`. */
import '../../engine/index.js';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import Table from 'cli-table3';
import { type BenchFigure, measureNetworks, planCases } from '../../bench/index.js';
import type { NetworkType } from '../../models/index.js';
import { version } from '../../version.js';
import type { CommandContext } from '../context.js';
import { chooseData } from './choose-data.js';

export interface BenchArguments {
  readonly models?: readonly ('lc' | 'c' | 'fc')[];
  readonly filters?: readonly number[];
  readonly kernelSize?: number;
  readonly engines?: readonly string[];
  readonly threads?: readonly number[];
  readonly images?: number;
  readonly repetitions?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly data?: string;
  readonly dataDir?: string;
}

const networkTypes = { lc: 'LC_SNN', c: 'C_SNN', fc: 'FC_SNN' } as const satisfies Record<
  string,
  NetworkType
>;

export async function runBench(args: BenchArguments, context: CommandContext): Promise<void> {
  const { repetitions = 5, dataDir, out } = args;
  const dataset = await chooseData(args, context);
  const cases = planCases({ ...args, models: args.models?.map((model) => networkTypes[model]) });
  const progress = context.progress('measuring', { unit: 'measurements' });
  const figures = await measureNetworks(cases, {
    repetitions,
    dataset,
    dataDir,
    signal: context.signal,
    onProgress: progress.update,
  }).finally(progress.stop);
  if (out !== undefined) {
    const document = { version, ...describeMachine(), dataset, repetitions, figures };
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(document, null, 2)}\n`);
  }
  context.report(figures, () => formatFigures(figures));
}

function describeMachine() {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    processor: `${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
    node: process.version,
  };
}

function formatFigures(figures: readonly BenchFigure[]): string {
  const table = new Table({
    head: ['engine', 'threads', 'model', 'filters', 'kernel', 'phase', 'ms per image'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  table.push(
    ...figures.map(({ engine, threads, model, nFilters, kernelSize, phase, msPerImage }) => [
      engine,
      threads,
      model,
      nFilters,
      kernelSize,
      phase,
      msPerImage.toPrecision(3),
    ]),
  );
  return table.toString();
}
