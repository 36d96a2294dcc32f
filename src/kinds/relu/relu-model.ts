/** Trained ReLU networks out of the database: they draw their figures. */
import { type FigureMethods, hostFigures } from '../../figures/figures-of.js';
import { filledText, readOptions, type Schema } from '../../options.js';
import { type NetworkRecord, type Parameters, type Scores, readStore } from '../../store/index.js';
import { Report } from '../../figures/display/report.js';
import { version } from '../../version.js';
import { describeParameterSection, describeScoreSection } from '../report-sections.js';
import { readReluRecord, reluType } from './relu-record.js';
import type { ReluEpoch } from './relu-training.js';
import { countOf } from '../../wording.js';

export interface ReluModelOptions {
  /** Database of the network; that of the project if left out. */
  readonly database?: string;
}

const schema: Schema<ReluModelOptions> = { database: filledText };

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface ReluModel extends FigureMethods<'relu'> {}

/** A trained ReLU network out of the database. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- `hostFigures` below gives it these methods
export class ReluModel {
  readonly name: string;
  readonly parameters: Parameters;
  readonly scores: Scores;
  /** Epoch by epoch; empty for weights from elsewhere. */
  readonly history: readonly ReluEpoch[];

  /** Errors: `INVALID_ARGUMENT` for a record of another type, `STORE_CORRUPT`. */
  constructor(record: NetworkRecord) {
    const { meta } = readReluRecord(record);
    this.name = record.name;
    this.parameters = record.parameters;
    this.scores = record.scores;
    this.history = meta.history;
  }

  /** Scores, parameters and training curves on one page. */
  async report(): Promise<Report> {
    const { name, parameters, scores, history } = this;
    return new Report({
      title: `${reluType} ${name}`,
      subtitle: `ReLU network without biases, ${String(parameters.architecture)}, trained for ${countOf(history.length, 'epoch')}. Locus ${version}.`,
      sections: [
        describeScoreSection(scores),
        describeParameterSection(parameters),
        ...(history.length > 0 ? [{ heading: 'Training', figures: [this.trainingCurvesFigure()] }] : []),
      ],
    });
  }
}

hostFigures('relu', ReluModel, ({ history }) => ({
  curve: history.map(({ epoch, trainLoss, trainCorrect, testCorrect }) => ({
    x: epoch + 1,
    loss: trainLoss,
    trainCorrect,
    testCorrect,
  })),
  unit: 'epoch',
}));

/**
 * The ReLU network of that name, hash or unambiguous beginning of either.
 *
 * @throws LocusError `NOT_FOUND`, `STORE_CORRUPT`; `INVALID_ARGUMENT` for a network of another type
 */
export function loadReluModel(name: string, options: ReluModelOptions = {}): ReluModel {
  const { database } = readOptions('loadReluModel', schema, options);
  filledText('loadReluModel', 'name', name);
  return new ReluModel(readStore(database, (store) => store.load(name)));
}
