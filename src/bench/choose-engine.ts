/** Chooses an engine by measuring the candidates on the network itself. */
import { openInNode } from '../node/open-gpu.js';
import { LocusError } from '../errors.js';
import { abortSignal, callback, count, objectWith, readOptions, required, type Schema } from '../options.js';
import type { Snn } from '../kinds/snn/index.js';

/** What is to be done: images of training and of evaluation, and how many of the former learn at the same time. */
export interface PlannedWork {
  readonly training: number;
  readonly evaluation: number;
  readonly batchSize?: number;
}

const workSchema: Schema<PlannedWork> = {
  training: required(count({ least: 0, unit: 'images' })),
  evaluation: required(count({ least: 0, unit: 'images' })),
  batchSize: count({ unit: 'images' }),
};

interface ChooseOptions {
  /** Ends the measurement between two images with an error `INTERRUPTED`. */
  readonly signal?: AbortSignal;
}

const schema: Schema<ChooseOptions> = { signal: abortSignal };

/** What one engine took, or why it could not. */
export interface EngineTrial {
  readonly engine: string;
  /** What it runs on, if that is a device. */
  readonly device: string | null;
  /** Milliseconds per image; null: not needed. */
  readonly training: number | null;
  readonly evaluation: number | null;
  /** All of the work, estimated [s]. */
  readonly seconds: number;
  readonly problem: string | null;
}

export interface EngineChoiceMade {
  readonly engine: string;
  /** The candidates, the chosen one first. */
  readonly trials: readonly EngineTrial[];
}

/** Images of a measurement, after as many that nobody times; evaluation in whole batches of a GPU. */
const trialImages: Readonly<Record<string, { readonly training: number; readonly evaluation: number }>> = {
  wasm: { training: 64, evaluation: 64 },
  gpu: { training: 1, evaluation: 64 },
  'gpu-webasm': { training: 1, evaluation: 64 },
};

/**
 * @param create a network on that engine; it is trained, so it is not one that is kept
 * @throws LocusError `ENGINE_UNAVAILABLE` where no engine can do the work, saying why
 */
export async function chooseEngine(
  create: (engine: string) => Snn,
  work: PlannedWork,
  options: ChooseOptions = {},
): Promise<EngineChoiceMade> {
  readOptions('chooseEngine', workSchema, work);
  const { signal } = readOptions('chooseEngine', schema, options);
  callback()('chooseEngine', 'create', create);
  const trials: EngineTrial[] = [];
  for (const engine of Object.keys(trialImages)) trials.push(await tryEngine(create, engine, work, signal));
  trials.sort((a, b) => a.seconds - b.seconds);
  const [best] = trials;
  if (best.problem !== null) {
    const problems = trials.map(({ engine, problem }) => `${engine}: ${problem}`);
    throw new LocusError('ENGINE_UNAVAILABLE', `engine auto: no engine can do this. ${problems.join(' ')}`);
  }
  return { engine: best.engine, trials };
}

async function tryEngine(
  create: (engine: string) => Snn,
  engine: string,
  { training, evaluation, batchSize = 1 }: PlannedWork,
  signal: AbortSignal | undefined,
): Promise<EngineTrial> {
  const images = trialImages[engine];
  const nothing = { engine, device: null, training: null, evaluation: null, problem: null };
  let network: Snn | undefined;
  try {
    const device = engine === 'gpu' ? await describeWebGpu() : null;
    const trial = create(engine);
    network = trial;
    const trained = await time(training > 0, images.training * batchSize, (nIter) =>
      trial.train({ nIter, batchSize, signal }),
    );
    const evaluated = await time(evaluation > 0, Math.min(images.evaluation, evaluation), (count) =>
      trial.calibrate({ images: count, linear: false, signal }),
    );
    const seconds = (training * (trained ?? 0) + evaluation * (evaluated ?? 0)) / 1000;
    return { ...nothing, device, training: trained, evaluation: evaluated, seconds };
  } catch (error) {
    const isPlain = error instanceof LocusError && error.code !== 'INTERRUPTED';
    if (!isPlain) throw error;
    return { ...nothing, seconds: Number.POSITIVE_INFINITY, problem: error.message };
  } finally {
    network?.dispose();
  }
}

async function time(
  isNeeded: boolean,
  images: number,
  work: (images: number) => Promise<unknown>,
): Promise<number | null> {
  if (!isNeeded) return null;
  await work(images);
  const began = performance.now();
  await work(images);
  return (performance.now() - began) / images;
}

/** The WebGPU device in a few words, with a remark if it is software. */
export async function describeWebGpu(): Promise<string> {
  const { device } = await openInNode('webgpu');
  return device.isSoftware ? `${device.name}, a software rasteriser` : device.name;
}

const choiceField = objectWith<EngineChoiceMade>('trials');

/** The choice as a sentence: which engine, and what the others would take. */
export function describeChoice(choice: EngineChoiceMade): string {
  const { trials } = choiceField('describeChoice', 'choice', choice);
  const [best, ...others] = trials;
  const rest = others.map((trial) =>
    trial.problem === null
      ? `${nameTrial(trial)} ${describeSeconds(trial.seconds)}`
      : `${trial.engine} cannot (${trial.problem})`,
  );
  return `Engine: ${nameTrial(best)}, because it will take about ${describeSeconds(best.seconds)} (${describeTimes(best)}); ${rest.join('; ')}`;
}

function nameTrial({ engine, device }: EngineTrial): string {
  return device === null ? engine : `${engine} on ${device},`;
}

function describeTimes({ training, evaluation }: EngineTrial): string {
  const times = [
    training === null ? null : `${training.toPrecision(2)} ms per image in training`,
    evaluation === null ? null : `${evaluation.toPrecision(2)} ms per image in evaluation`,
  ];
  return times.filter((text) => text !== null).join(', ');
}

function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds.toPrecision(2)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
