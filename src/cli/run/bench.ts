/** Runs `locus bench`. */
import '../../node/engines.js';
import { cpus } from 'node:os';
import {
  type BenchFigure,
  type BenchSelection,
  gpuEngineNames,
  measureNetworks,
  planCases,
} from '../../bench/index.js';
import { openInNode } from '../../node/open-gpu.js';
import { prepareOutput, writeOutput } from '../../node/output-file.js';
import { LocusError } from '../../errors.js';
import { loadNetwork, type NetworkType } from '../../kinds/snn/index.js';
import { drawTable } from '../../text-table.js';
import { version } from '../../version.js';
import type { CommandContext } from '../context.js';
import { UsageError } from '../usage-error.js';
import { chooseData } from '../../datasets/choose-data.js';

export interface BenchArguments {
  readonly models?: readonly ('lc' | 'c' | 'fc')[];
  readonly filters?: readonly number[];
  readonly kernelSize?: number;
  readonly engines?: readonly string[];
  readonly threads?: readonly number[];
  readonly batches?: readonly number[];
  readonly network?: string;
  readonly db?: string;
  readonly images?: number;
  readonly repetitions?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly dataset?: string;
  readonly dataDir?: string;
}

const networkTypes = { lc: 'LC_SNN', c: 'C_SNN', fc: 'FC_SNN' } as const satisfies Record<
  string,
  NetworkType
>;

export async function runBench(args: BenchArguments, context: CommandContext): Promise<void> {
  const { repetitions = 5, dataDir, out, db: database } = args;
  if (args.network !== undefined && (args.models ?? args.filters ?? args.kernelSize) !== undefined) {
    throw new UsageError('bench: --network goes without --models, --filters and --kernel-size');
  }
  if (out !== undefined) prepareOutput('bench --out', out);
  const dataset = await chooseData(args, context);
  const cases = planCases({
    ...args,
    models: args.models?.map((model) => networkTypes[model]),
    engines: await listEngines(args.engines, context),
    stored: args.network === undefined ? undefined : readStored(args.network, database),
  });
  const progress = context.progress('measuring', { unit: 'measurements' });
  const figures = await measureNetworks(cases, {
    repetitions,
    dataset,
    dataDir,
    database,
    signal: context.signal,
    onProgress: progress.update,
  }).finally(progress.stop);
  if (out !== undefined) {
    const document = { version, ...describeMachine(), dataset, repetitions, figures };
    await writeOutput('bench --out', out, `${JSON.stringify(document, null, 2)}\n`);
  }
  context.report(figures, () => formatFigures(figures));
}

/** `all`: every engine that runs here; the others are named with the reason. */
async function listEngines(
  asked: readonly string[] | undefined,
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  if (!asked?.includes('all')) return asked;
  const missing = await openInNode('webgpu').then(
    () => null,
    (error: unknown) => error,
  );
  if (missing === null) return ['wasm', 'reference', ...gpuEngineNames];
  if (!(missing instanceof LocusError)) throw missing;
  context.note(`Without the engine gpu: ${missing.message}`);
  return ['wasm', 'reference', ...gpuEngineNames.filter((name) => name !== 'gpu')];
}

function readStored(name: string, database: string | undefined): BenchSelection['stored'] {
  const network = loadNetwork(name, { database });
  const { type: model, parameters } = network;
  return { name: network.name, model, parameters };
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
  const table = drawTable({
    head: ['engine', 'threads', 'batch', 'model', 'filters', 'kernel', 'phase', 'ms per image', 'CPU ms'],
    aligns: ['left', 'right', 'right', 'left', 'right', 'right', 'left', 'right', 'right'],
    separated: false,
    rows: figures.map(
      ({ engine, threads, batch, model, nFilters, kernelSize, phase, msPerImage, cpuMsPerImage }) => [
        engine,
        String(threads),
        String(batch),
        model,
        String(nFilters),
        String(kernelSize),
        phase,
        msPerImage.toPrecision(3),
        cpuMsPerImage.toPrecision(3),
      ],
    ),
  });
  const device = figures.find((figure) => figure.device !== null)?.device;
  return device === undefined ? table : `${table}\ngpu: ${device}`;
}
