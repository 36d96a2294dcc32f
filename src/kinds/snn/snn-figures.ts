/** What the figures may read of a spiking network; every figure of such networks is a method of theirs. */
import { invalidArgument } from '../../errors.js';
import type { AccuracyPoint } from '../../figures/index.js';
import type { FigureMethods } from '../../figures/figures-of.js';
import { scoresOfRow } from '../../figures/scores-of-row.js';
import type { SnnSource } from '../../figures/sources.js';
import type { StdpWindow } from '../../figures/stdp-window-figure.js';
import { viewDatabase } from '../../store/index.js';
import { checkCount } from './check-count.js';
import { competitionDistribution } from './competition.js';
import type { Snn } from './snn.js';

export type SnnFigures = FigureMethods<'snn'>;

export function snnFigureSource(network: Snn): SnnSource {
  const { type, parameters } = network;
  const { nFilters, dt } = parameters;
  return {
    type,
    grid: { nFilters, nPositions: network.nPositions },
    dt,
    get weightsXY() {
      return network.weightsXY;
    },
    get weightsYY() {
      return network.weightsYY;
    },
    get thresholds() {
      return network.thresholds;
    },
    get votes() {
      return network.votes;
    },
    get confMatrix() {
      return network.confMatrix;
    },
    get classNames() {
      return network.classNames;
    },
    competitionHistogram: (bins) =>
      competitionDistribution(network.weightsYY?.data ?? new Float32Array(), nFilters, bins),
    stdpWindow: (of) => readStdpWindow(network, of),
    feedLabel: (label, options) => network.feedLabel(label, options),
    answerTests: async (images, watch) => {
      const { test } = await network.loadToShow();
      return network.answerSplit(test, 'test', checkCount(images, `${type}.figures`, 'images'), watch);
    },
    predict: (method, counts, topN) => network.predict(method, counts, topN),
    health: (options) => network.health(options),
    accuracyByTraining: (database = network.database) => listStages(network, database),
  };
}

/** The constants of the rule by which a connection learns. */
function readStdpWindow({ type, parameters, network }: Snn, of: 'xy' | 'yy'): StdpWindow {
  const { dt, tauPos, tauNeg } = parameters;
  const { connections, layers } = network.simulation.program;
  const connection = connections.find(({ source }) => layers[source].name === (of === 'xy' ? 'X' : 'Y'));
  if (connection?.kind !== 'synapses') {
    throw invalidArgument(`${type}.stdpWindowFigure`, 'a connection that learns', of);
  }
  if (connection.rule.kernel !== 'post-pre') {
    const expectation = `a connection that learns by PostPre; docs/models shows the window of ${connection.rule.name}`;
    throw invalidArgument(`${type}.stdpWindowFigure`, expectation, connection.rule.name);
  }
  const { nuPre, nuPost } = connection.rule.constants;
  const decay = layers[connection.source].tracePreDecay;
  const tauInput = Math.round((-dt / Math.log(decay)) * 1e4) / 1e4;
  return { nuPre, nuPost, tauSource: of === 'xy' ? tauInput : tauPos, tauTarget: tauNeg };
}

function listStages({ publishedParameters }: Snn, database: string | undefined): AccuracyPoint[] {
  const { n_iter: _, train_order: __, ...same } = publishedParameters;
  const rows = viewDatabase({
    filter: same as Record<string, number | string | boolean | null>,
    database,
  });
  return rows.map((row) => ({ x: row.n_iter as number, scores: scoresOfRow(row) }));
}
