/** Runs `locus start`: the main job on whatever data there is, once. */
import { LC_SNN } from '../../kinds/snn/index.js';
import { type DatabaseRow, formatTable, viewDatabase } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { chooseData } from './choose-data.js';
import { describeScores, scoresOfRow } from './describe-scores.js';
import { trainNetwork, type TrainingReport } from './train-network.js';

export interface StartArguments {
  readonly again?: boolean;
  readonly seed?: number;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly batch?: number;
}

/** Good settings for 100 filters, from the published search. */
const hundredFilters = { nFilters: 100, meanWeight: 0.32, cW: -50 } as const;
const training = { nIter: 5000 } as const;

export async function runStart(
  { again, seed = 0, ...options }: StartArguments,
  context: CommandContext,
): Promise<void> {
  const { db, dataDir } = options;
  const dataset = await chooseData(options, context);
  const parameters = { ...hundredFilters, seed };
  const target = await new LC_SNN({ ...parameters, dataset, dataDir }).nameAfter(training);
  const stored = viewDatabase({ filter: { hash: target }, path: db }).find(
    (row) => row.best_voting_accuracy !== null,
  );
  const isNew = again === true || stored === undefined;
  const network = isNew
    ? await trainNetwork(
        {
          ...options,
          type: 'LC_SNN',
          parameters,
          training,
          data: dataset,
          resume: again ? 'checkpoint' : 'stored',
          resumeHint: context.commandWith(),
        },
        context,
      )
    : reportOfRow(stored);
  const database = viewDatabase({ path: db });
  context.report({ ...network, isNew, database }, () =>
    [
      isNew
        ? `Trained in ${network.seconds?.train.toFixed(1)} s and stored as ${network.name}:`
        : `This network is stored already (--again trains it again, --seed ${seed + 1} another one): ${network.name}`,
      ...describeScores(network.score),
      formatTable(database),
    ].join('\n'),
  );
}

function reportOfRow(row: DatabaseRow): Omit<TrainingReport, 'seconds'> & { readonly seconds?: undefined } {
  return {
    name: row.name,
    stateHash: String(row.state_hash),
    nParameters: Number(row.n_parameters),
    nOutput: Number(row.n_output),
    score: scoresOfRow(row),
  };
}
