/** A kind of network that is no part of Locus: it counts how often each pixel of its training images is bright. */
import { countOption } from '../../src/cli/options.js';
import { defineTrainCommand } from '../../src/cli/train-command.js';
import { letEventsIn } from '../../src/core/engine/let-events-in.js';
import { type Dataset, loadDataset } from '../../src/datasets/index.js';
import { LocusError } from '../../src/errors.js';
import { Report } from '../../src/figures/display/report.js';
import { checkCheckpoint } from '../../src/kinds/check-record.js';
import type { Kind, NetworkRun, SaveRunOptions } from '../../src/kinds/kind.js';
import type { KindEntry } from '../../src/kinds/registry.js';
import type { ArrayShape, RecordShape } from '../../src/kinds/record-shape.js';
import { saveNetwork } from '../../src/kinds/save-network.js';
import {
  type Checkpoint,
  type NetworkInput,
  networkName,
  type NetworkStore,
  stateHash,
} from '../../src/store/index.js';
import type { Watch } from '../../src/watch/watch.js';

/** A checkpoint after every so many images. */
const checkpointEvery = 100;

const shape: RecordShape<{ nIter: number }, object, { readonly counts: ArrayShape<'float32'> }> = {
  parameters: (z) => z.object({ n_iter: z.int() }).transform(({ n_iter }) => ({ nIter: n_iter })),
  meta: (z) => z.strictObject({}),
  arrays: () => ({ counts: { dtype: 'float32', shape: [28, 28] } }),
};

export const toyKind: Kind = {
  types: ['Toy'],
  record: shape,
  checkpoint: shape,
  continues: (stored, next) =>
    stored.parameters.seed === next.parameters.seed &&
    Number(stored.parameters.n_iter) <= Number(next.parameters.n_iter),
  async begin(_type, options) {
    const { nIter = 50, seed = 0 } = options as { nIter?: number; seed?: number };
    return new ToyRun(await loadDataset('mnist-10k'), nIter, seed);
  },
  open: ({ name, parameters, arrays }) => ({
    name,
    report: async () =>
      new Report({
        title: `Toy ${name}`,
        subtitle: `${String(parameters.n_iter)} images`,
        sections: [{ heading: 'Counts', text: `The brightest pixel: ${Math.max(...arrays.counts.data)}` }],
      }),
  }),
};

class ToyRun implements NetworkRun {
  readonly kind = toyKind;
  readonly unit = 'image';
  saved = 0;
  done = 0;
  readonly #counts = new Float32Array(28 * 28);

  constructor(
    readonly dataset: Dataset,
    readonly nIter: number,
    readonly seed: number,
  ) {}

  get target() {
    return identifyToy(this.nIter, this.seed);
  }

  get checkpointKey(): string {
    return networkName(this.target.parameters);
  }

  resume(checkpoint: Checkpoint | undefined): boolean {
    if (!checkpoint) return false;
    const { parameters, arrays } = checkCheckpoint(shape, checkpoint);
    this.#counts.set(arrays.counts.data);
    this.done = parameters.nIter;
    this.saved = this.done;
    return true;
  }

  async train(watch: Watch, saveCheckpoint: () => void): Promise<void> {
    const progress = watch.progress('counting', { from: this.done });
    const { images, count } = this.dataset.train;
    while (this.done < this.nIter) {
      await letEventsIn();
      if (watch.signal.aborted) throw new LocusError('INTERRUPTED', 'interrupted');
      const image = (this.done + this.seed) % count;
      for (let i = 0; i < this.#counts.length; i++) {
        if (images[image * this.#counts.length + i] > 127) this.#counts[i]++;
      }
      this.done++;
      progress.update({ done: this.done, total: this.nIter });
      if (this.done % checkpointEvery === 0) {
        saveCheckpoint();
        this.saved = this.done;
      }
    }
    progress.stop();
  }

  toCheckpoint() {
    return this.#toRecord();
  }

  save(store: NetworkStore, { name, overwrite }: SaveRunOptions): string {
    const record = { ...this.#toRecord(), ...(name === undefined ? {} : { name }) };
    return saveNetwork(store, toyKind, record, { overwrite, finishes: this.checkpointKey });
  }

  toDocument() {
    return { brightest: Math.max(...this.#counts) };
  }

  describe(name: string): string[] {
    return [`Stored as ${name}: ${this.done} images counted`];
  }

  #toRecord() {
    const { done: nIter, seed, dataset } = this;
    return { ...makeToyRecord({ nIter, seed, counts: this.#counts.slice() }), datasetHash: dataset.hash };
  }
}

/** A network of the kind; its counts are 0 unless they are given. */
export function makeToyRecord({
  nIter = 50,
  seed = 0,
  counts = new Float32Array(28 * 28),
}: {
  nIter?: number;
  seed?: number;
  counts?: Float32Array;
} = {}): NetworkInput {
  const arrays = { counts: { shape: [28, 28], data: counts } };
  return {
    ...identifyToy(nIter, seed),
    nParameters: counts.length,
    nOutput: 1,
    datasetHash: null,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: '0',
    scores: {},
    arrays,
  };
}

function identifyToy(nIter: number, seed: number) {
  return { parameters: { network_type: 'Toy', n_iter: nIter, seed }, meta: {} };
}

/** The one line that adds it. */
export const toyEntry: KindEntry = {
  types: ['Toy'],
  load: async () => toyKind,
  commands: async () => ({
    train: [
      defineTrainCommand({
        type: 'Toy',
        usage: 'toy',
        describe: 'count bright pixels',
        examples: [['train toy --n-iter 20', 'of 20 images']],
        options: { 'n-iter': countOption('images', 1), seed: countOption('seed', 0) },
      }),
    ],
  }),
};
