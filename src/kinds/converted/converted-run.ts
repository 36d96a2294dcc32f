/** The test of a converted network, image by image, as the life cycle drives it. */
import type { ImageSet } from '../../datasets/image-set.js';
import { LocusError } from '../../errors.js';
import type { Sequential } from '../../layers/sequential.js';
import {
  type Checkpoint,
  networkName,
  type NetworkStore,
  type Parameters,
  withStore,
} from '../../store/index.js';
import type { Watch } from '../../watch/watch.js';
import type { Kind, NetworkRun, SaveRunOptions } from '../kind.js';
import type { TrainingIdentity } from '../layered/training-state.js';
import type { Architecture } from '../relu/architecture.js';
import { reluKind } from '../relu/kind.js';
import { toReluRecord } from '../relu/relu-record.js';
import { evaluateRelu } from '../relu/relu-training.js';
import { saveNetwork } from '../save-network.js';
import type { ConvertedNetwork, SpikingRunOptions } from './converted-network.js';
import { convertedType, toConvertedRecord, toTallyCheckpoint } from './converted-record.js';
import { readTallyCheckpoint } from './converted-shape.js';
import type { LayerScale } from './normalize-layers.js';
import type { SpikeTally, SpikeTallyState } from './spike-tally.js';

/** A ReLU network and its name in the database. */
export interface ReluSource {
  readonly network: Sequential;
  readonly architecture: Architecture;
  readonly name: string;
  /** By which it is found under any name. */
  readonly hash: string;
  readonly stateHash: string;
  /** Published parameters of a network that is not stored yet; null for one out of the database. */
  readonly parameters: Parameters | null;
}

export interface ConvertedRunParts {
  readonly kind: Kind;
  readonly source: ReluSource;
  readonly convert: () => ConvertedNetwork;
  readonly database: string | undefined;
  readonly test: ImageSet;
  readonly identity: TrainingIdentity;
  readonly options: SpikingRunOptions;
  /** Images between two checkpoints. */
  readonly checkpoint: number;
}

/** What a run works with from its first image on. */
interface Prepared {
  readonly snn: ConvertedNetwork;
  readonly tally: SpikeTally;
  /** Accuracy of the ReLU network on the test images. */
  readonly accuracy: number;
}

export class ConvertedRun implements NetworkRun {
  readonly unit = 'image';
  readonly #parts: ConvertedRunParts;
  /** The state that a checkpoint held. */
  #resumed: SpikeTallyState | null = null;
  #prepared: Prepared | null = null;
  #saved = 0;

  constructor(parts: ConvertedRunParts) {
    this.#parts = parts;
  }

  get kind(): Kind {
    return this.#parts.kind;
  }

  get target() {
    return { parameters: this.#parts.identity.parameters, meta: {} };
  }

  get checkpointKey(): string {
    const { identity, test } = this.#parts;
    return `${convertedType} ${networkName(identity.parameters)} ${test.count}`;
  }

  get done(): number {
    return this.#prepared?.tally.done ?? this.#resumed?.done ?? 0;
  }

  get saved(): number {
    return this.#saved;
  }

  resume(checkpoint: Checkpoint | undefined): boolean {
    if (!checkpoint) return false;
    this.#resumed = readTallyCheckpoint(checkpoint);
    this.#saved = this.done;
    return true;
  }

  /** A converted network has nothing to learn: it is made, and answers the test images. */
  async train(watch: Watch, saveCheckpoint: () => void): Promise<void> {
    const { test, options, checkpoint } = this.#parts;
    const { snn, tally } = await this.#prepare(watch);
    const { signal } = watch;
    const keep = () => {
      saveCheckpoint();
      this.#saved = tally.done;
    };
    const progress = watch.progress('spiking', { from: tally.done });
    const onProgress: SpikingRunOptions['onProgress'] = (reached) => {
      progress.update(reached);
      if (tally.done - this.#saved >= checkpoint && tally.done < test.count) keep();
    };
    try {
      await snn.run(test, { ...options, signal, onProgress }, tally);
    } finally {
      progress.stop();
    }
    if (tally.done === test.count) return;
    keep();
    throw new LocusError('INTERRUPTED', 'interrupted between two images');
  }

  toCheckpoint() {
    return toTallyCheckpoint(this.#finished.tally.save(), this.#parts.identity);
  }

  save(store: NetworkStore, { name, overwrite }: SaveRunOptions): string {
    const { identity, source } = this.#parts;
    const { snn, tally } = this.#finished;
    // One that takes the name of its source is not its own parent.
    const parent = source.name === name ? source.hash : source.name;
    const record = toConvertedRecord(snn, tally.result(), identity, { parent, name });
    return saveNetwork(store, this.kind, record, { overwrite, finishes: this.checkpointKey });
  }

  toDocument() {
    const { snn, tally, accuracy: annAccuracy } = this.#finished;
    const { images, spikesPerImage, spikesByLayer, times, accuracy } = tally.result();
    return {
      ann: { name: this.#parts.source.name, accuracy: annAccuracy },
      images,
      scales: snn.scales,
      milliseconds: [...times],
      accuracy: [...accuracy],
      spikesPerImage,
      spikesByLayer,
    };
  }

  describe(name: string): string[] {
    const { tally, accuracy: annAccuracy } = this.#finished;
    const { times, accuracy, images, spikesPerImage, spikesByLayer } = tally.result();
    const byLayer = Object.entries(spikesByLayer).map(([layer, count]) => `${layer} ${Math.round(count)}`);
    return [
      'Accuracy [%] after every readout:',
      ...tabulate(times, accuracy),
      `Spikes per image: ${Math.round(spikesPerImage)} (${byLayer.join(', ')})`,
      `ReLU network ${percent(annAccuracy)}, spiking network ${percent(accuracy.at(-1) ?? 0)} of ${images} test images`,
      `Stored as ${name}`,
    ];
  }

  get #finished(): Prepared {
    if (!this.#prepared) throw new Error('a converted network is saved or described before it has run');
    return this.#prepared;
  }

  /** Measures the ReLU network, stores it where it came from a folder, and converts it. */
  async #prepare(watch: Watch): Promise<Prepared> {
    const { source, test, options } = this.#parts;
    const accuracy = await measureRelu(source, test, watch);
    watch.note(`ReLU network: ${percent(accuracy)} of ${test.count} test images`);
    if (source.parameters) this.#storeSource(source.parameters, accuracy, watch);
    const snn = this.#parts.convert();
    watch.note(describeScales(snn.scales));
    const tally = snn.makeTally(test.count, options);
    if (this.#resumed) tally.restore(this.#resumed);
    this.#prepared = { snn, tally, accuracy };
    return this.#prepared;
  }

  #storeSource(parameters: Parameters, accuracy: number, watch: Watch): void {
    const { source, test, database } = this.#parts;
    const identity = { parameters, datasetHash: null };
    const record = toReluRecord(source.network, identity, { accuracy, nIter: test.count });
    const name = withStore(database, (store) => saveNetwork(store, reluKind, record));
    watch.note(`Stored the ReLU network as ${name}`);
  }
}

async function measureRelu(
  { network, architecture }: ReluSource,
  test: ImageSet,
  watch: Watch,
): Promise<number> {
  const progress = watch.progress('ReLU network');
  try {
    const { signal } = watch;
    return await evaluateRelu(network, architecture, test, { signal, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

function describeScales(scales: readonly LayerScale[]): string {
  return scales
    .map(({ layer, factor, largestWeight, positiveSum, activation }) => {
      const measured = activation === null ? '' : `, largest activation ${activation.toPrecision(6)}`;
      const of = `largest weight ${largestWeight.toPrecision(4)}, positive sum ${positiveSum.toPrecision(6)}${measured}`;
      return `${layer}: divided by ${factor.toPrecision(6)} (${of})`;
    })
    .join('\n');
}

/** Readouts per line of the table. */
const perLine = 10;

function tabulate(times: Float64Array, accuracy: Float64Array): string[] {
  const lines: string[] = [];
  for (let i = 0; i < times.length; i += perLine) {
    const until = Math.min(times.length, i + perLine);
    const cells = [...accuracy.subarray(i, until)].map((share) => (100 * share).toFixed(2).padStart(6));
    const range = `${trim(times[i])}–${trim(times[until - 1])}`;
    lines.push(`${range.padStart(9)} ms ${cells.join(' ')}`);
  }
  return lines;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Without the traces of binary fractions. */
function trim(value: number): string {
  return String(Number(value.toPrecision(6)));
}
