/** The trainings that a process is killed in, one of each kind: for the process, and for the test that knows their results. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindOptions } from '../../src/kinds/kind.js';
import { trainNetwork } from '../../src/kinds/train-network.js';
import type { CheckpointInput } from '../../src/store/index.js';
import { writeIdxFolder } from './idx-files.js';
import { sbsConfigText } from './sbs-config.js';

export interface KilledTraining {
  readonly type: string;
  /** Images, epochs or updates in all. */
  readonly total: number;
  /** Options of the kind besides data and threads. */
  readonly options: (folder: string) => KindOptions;
  /** Name of the ReLU network that the training begins with, in the same database. */
  readonly source?: string;
}

const competition = { cL: true, APos: -0.0556, ANeg: -1.626 };
const small = { nFilters: 8, timeMax: 100, checkpoint: 4, calibrate: 0 };
const source = 'relu';

export const killedTrainings = {
  LC: { type: 'LC_SNN', total: 120, options: () => ({ ...small, nIter: 120 }) },
  'LC, two steps': {
    type: 'LC_SNN',
    total: 120,
    options: () => ({ ...small, ...competition, twoSteps: true, nIter: 50, nIterCompetition: 70 }),
  },
  NNMF: {
    type: 'NNMF',
    total: 12,
    options: () => ({ iterations: 2, batchSize: 1, train: 1, test: 1, epochs: 12 }),
  },
  SbS: {
    type: 'SBS',
    total: 20,
    options: (folder) => ({ config: join(folder, 'net.json5'), steps: 20, test: 5 }),
  },
  ReLU: {
    type: 'ReLU',
    total: 60,
    options: () => ({ network: '784-20-10', batchSize: 10, epochs: 60 }),
  },
  converted: {
    type: 'ReLU_SNN',
    total: 60,
    source,
    options: () => ({ ann: source, engine: 'reference', duration: 100, checkpoint: 2 }),
  },
} satisfies Readonly<Record<string, KilledTraining>>;

export type KilledName = keyof typeof killedTrainings;

/** Writes the files that the training reads, and stores the network that it begins with. */
export async function prepareTraining(name: KilledName, folder: string, database: string): Promise<void> {
  const training: KilledTraining = killedTrainings[name];
  writeIdxFolder(join(folder, 'mnist'), { nTrain: 60, nTest: 60, size: 28 });
  const weights = JSON.stringify(join(folder, 'weights'));
  const config = sbsConfigText.replace('{', `{ weight_path: ${weights}, eps_xy_path: ${weights},`);
  writeFileSync(join(folder, 'net.json5'), config.replace('number_of_spikes: 20', 'number_of_spikes: 5'));
  if (training.source === undefined) return;
  const relu = { network: '784-20-10', epochs: 1, dataset: 'mnist', dataDir: folder, threads: 1 };
  await trainNetwork('ReLU', relu, { database, name: training.source });
}

/** Trains to the end, from the checkpoint where there is one. */
export function runTraining(
  name: KilledName,
  { folder, database, seed }: { readonly folder: string; readonly database: string; readonly seed: number },
  onNote?: (note: string) => void,
) {
  const { type, options }: KilledTraining = killedTrainings[name];
  const given = { ...options(folder), dataDir: folder, threads: 1, seed };
  const dataset = type === 'SBS' ? {} : { dataset: 'mnist' };
  return trainNetwork(type, { ...given, ...dataset }, { database, resume: true, onNote });
}

/** Images, epochs or updates that a checkpoint holds. */
export function unitsOf({ parameters, meta }: Pick<CheckpointInput, 'parameters' | 'meta'>): number {
  const { history, done } = meta as { history?: readonly unknown[]; done?: number };
  return Number(parameters.n_iter ?? done ?? history?.length);
}
