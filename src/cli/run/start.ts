/** Runs `locus start`: the main job on whatever data there is, once. */
import { LC_SNN } from '../../kinds/snn/index.js';
import { type DatabaseRow, type Score, toDatabaseRow, viewNetwork, withStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { describeRows, usualLimit } from '../describe-rows.js';
import { chooseData } from '../../datasets/choose-data.js';
import { describeScores, scoresOfRow } from '../../kinds/describe-scores.js';
import type { Outcome } from '../../kinds/lifecycle.js';
import { surveyDatabase } from '../../kinds/survey-database.js';
import { trainWatched } from '../../kinds/train-network.js';

export interface StartArguments {
  readonly again?: boolean;
  readonly seed?: number;
  readonly db?: string;
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly gpuBatch?: number;
}

interface StartReport {
  readonly name: string;
  readonly stateHash: string;
  readonly nParameters: number;
  readonly nOutput: number;
  readonly score: Readonly<Record<string, Score>>;
  /** Where it was trained now. */
  readonly seconds?: Outcome['seconds'];
}

/** Good settings for 100 filters, from the published search. */
const hundredFilters = { nFilters: 100, meanWeight: 0.32, cW: -50 } as const;
const training = { nIter: 5000 } as const;

export async function runStart(
  { again, seed = 0, db, dataset: wanted, dataDir, engine, threads, gpuBatch }: StartArguments,
  context: CommandContext,
): Promise<void> {
  const dataset = await chooseData({ dataset: wanted, dataDir }, context);
  const parameters = { ...hundredFilters, seed };
  const target = await new LC_SNN({ ...parameters, dataset, dataDir }).nameAfter(training);
  const stored = withStore(db, (store) => store.list({ filter: { hash: target } }).map(toDatabaseRow)).find(
    (row) => row.best_voting_accuracy !== null,
  );
  const isNew = again === true || stored === undefined;
  const train = async (): Promise<StartReport> => {
    const where = { dataset, dataDir, engine, threads, gpuBatch };
    const resume = again ? 'checkpoint' : 'stored';
    const lifecycle = { database: db, resume, resumeHint: context.commandWith() } as const;
    const options = { ...parameters, ...training, ...where };
    const { report } = await trainWatched('LC_SNN', options, lifecycle, context);
    return { ...reportOfRow(viewNetwork(report.name, { database: db }).row), seconds: report.seconds };
  };
  const network: StartReport = stored && !isNew ? reportOfRow(stored) : await train();
  const limit = context.mode.json ? undefined : usualLimit;
  const { rows: database, total } = surveyDatabase({ limit }, db);
  context.report({ ...network, isNew, database }, () =>
    [
      isNew
        ? `Trained in ${network.seconds?.train.toFixed(1)} s and stored as ${network.name}:`
        : `This network is stored already (--again trains it again, --seed ${seed + 1} another one): ${network.name}`,
      ...describeScores(network.score),
      describeRows(database, total),
    ].join('\n'),
  );
}

function reportOfRow(row: DatabaseRow): StartReport {
  return {
    name: row.name,
    stateHash: String(row.state_hash),
    nParameters: Number(row.n_parameters),
    nOutput: Number(row.n_output),
    score: scoresOfRow(row),
  };
}
