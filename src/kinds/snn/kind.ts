/** The networks of the published table: locally connected, convolutional, fully connected. */
import { pickEngine } from '../../bench/pick-engine.js';
import { chooseData } from '../../datasets/choose-data.js';
import { unknownName } from '../../errors.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { snnLineage } from './lineage.js';
import { openNetwork, snnClasses } from './load-network.js';
import type { SnnParameters } from './parameters.js';
import { networkTypes } from '../../published-networks.js';
import type { SnnOptions } from './snn-options.js';
import { snnCheckpointShape } from './snn-shape.js';
import { SnnRun, type SnnTrainingOptions } from './snn-run.js';
import { usualSet } from './usual-set.js';
import type { Watch } from '../../watch/watch.js';

/** Parameters, engine, data and training of a network of the table, by their names in the API. */
export type SnnRunOptions = Partial<SnnParameters> &
  Omit<SnnOptions, 'dataset'> &
  SnnTrainingOptions & {
    /** Data set. Default: the best MNIST that is found. */
    readonly dataset?: string;
  };

export const snnKind: Kind = defineKind({
  ...snnLineage,
  figures: 'snn',
  checkpoint: snnCheckpointShape,
  open: openNetwork,
  async begin(type, given: SnnRunOptions, watch) {
    const networkType = networkTypes.find((known) => known === type);
    if (!networkType) throw unknownName('train', 'network type', type, networkTypes);
    const { dataset: wanted, dataDir, threads, gpuBatch, batch, database, engine, ...rest } = given;
    const where = { dataDir, threads, gpuBatch, batch, database };
    const { nIter, interval, shuffle, nIterCompetition, batchSize, checkpoint, ...others } = rest;
    const { twoSteps, calibrate, test, linear, plot, visInterval, health, ...parameters } = others;
    const plan = { nIter, interval, shuffle, nIterCompetition, batchSize };
    const training = { ...plan, checkpoint, twoSteps, calibrate, test, linear, plot, visInterval, health };
    const dataset = await chooseData({ dataset: wanted, dataDir }, watch);
    const make = (options: SnnOptions) => new snnClasses[networkType]({ ...parameters, ...options });
    const options = { ...where, dataset, engine: engine === 'auto' ? undefined : engine };
    const network = make(options);
    const target = await network.identityAfter(plan, { twoSteps });
    const pick = (watch: Watch) =>
      pickEngine(engine, (candidate) => make({ ...options, engine: candidate }), planWork(training), watch);
    return new SnnRun({ kind: snnKind, network, make, pick, target, training, options });
  },
});

/** How many images will be trained and evaluated. */
function planWork({
  nIter,
  interval,
  batchSize,
  twoSteps,
  nIterCompetition,
  calibrate,
  test,
}: SnnTrainingOptions) {
  const images = nIter ?? (interval ? interval[1] - interval[0] : usualSet);
  return {
    training: images + (twoSteps ? (nIterCompetition ?? images) : 0),
    evaluation: calibrate === 0 ? 0 : (calibrate ?? usualSet) + (test ?? usualSet),
    batchSize,
  };
}
