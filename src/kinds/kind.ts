/** The contract that every kind of network fulfils: how it is identified, trained, opened and reported. */
import type { Report } from '../figures/display/report.js';
import type { FigureSubject } from '../figures/sources.js';
import type { Checkpoint, NetworkInput, NetworkRecord, NetworkStore, Parameters } from '../store/index.js';
import type { Watch } from '../watch/watch.js';
import type { RecordShape } from './record-shape.js';

/** The state of a network as its history defines it: published parameters, and the meta data that its record keeps. */
export interface Identity {
  readonly parameters: Parameters;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Options of `begin` or `open` by their names in the API; each kind checks its own. */
export type KindOptions = Readonly<Record<string, unknown>>;

export interface Kind {
  /** The values of `network_type` that belong to this kind. */
  readonly types: readonly string[];
  /** Which figures its networks have; absent where they have none. */
  readonly figures?: FigureSubject;
  /** The form of its stored networks and of its checkpoints, which reading, writing and cleaning check. */
  readonly record: RecordShape;
  readonly checkpoint: RecordShape;
  /**
   * Whether `next` continues the training that led to `stored`: both have the same parameters, and the history of `stored`
   * is the beginning of the history of `next`.
   */
  continues(stored: Identity, next: Identity): boolean;
  /**
   * A network of one of the kind's types that is ready to be trained; nothing has been trained or stored yet.
   *
   * @throws LocusError for wrong options or missing data
   */
  begin(type: string, options: KindOptions, watch: Watch): Promise<NetworkRun>;
  /**
   * A stored network.
   *
   * @throws LocusError `STORE_CORRUPT` naming the network, the field and the expectation
   */
  open(record: NetworkRecord, options: OpenOptions): StoredNetwork;
}

export interface OpenOptions {
  /** Database file. Default: that of the project. */
  readonly database?: string;
  /** Folder of the data files. */
  readonly dataDir?: string;
}

/** An opened network as the commands for all kinds see it. */
export interface StoredNetwork {
  readonly name: string;
  /** All about it on one page. `label` and `index` choose the test image that serves as an example. */
  report(options?: { readonly label?: number; readonly index?: number }): Promise<Report>;
  /** Frees memory and threads. */
  dispose?(): void;
}

/** What the training of a kind counts. */
export type TrainingUnit = 'image' | 'epoch' | 'update';

/** One network on its way from untrained to stored. The life cycle drives it; the kind knows how each step is done. */
export interface NetworkRun {
  readonly kind: Kind;
  /** The network as it will be when its training is done. */
  readonly target: Identity;
  /** Where its checkpoint lies in the database. */
  readonly checkpointKey: string;
  readonly unit: TrainingUnit;
  /** Units that are trained. */
  readonly done: number;
  /** Units that a resumed run would begin with: those of the latest checkpoint. */
  readonly saved: number;
  /** Images of the unit after those that it would skip; absent where units are not divided. */
  readonly savedImages?: number;
  /** Chooses what the work runs on; called once, after its name is claimed. Absent where there is no choice. */
  prepare?(watch: Watch): Promise<void>;
  /** Takes up an interrupted training, from its checkpoint where the database has one; whether it could. */
  resume(checkpoint: Checkpoint | undefined, watch: Watch): boolean;
  /** Takes over the trained network `name`, which still lacks calibration or scores; false where there is nothing to add. */
  recall?(name: string): boolean;
  /**
   * Trains to the end.
   *
   * @param saveCheckpoint stores the present state; call it where the run could go on from
   * @throws LocusError `INTERRUPTED` when the signal ended the training
   */
  train(watch: Watch, saveCheckpoint: () => void): Promise<void>;
  /** Calibrates the readout; absent where the kind has none or none is wanted. */
  readonly calibrate?: (watch: Watch) => Promise<void>;
  /** Scores test images; absent where training scores itself or no score is wanted. */
  readonly score?: (watch: Watch) => Promise<void>;
  toCheckpoint(): Pick<NetworkInput, 'parameters' | 'datasetHash' | 'codeVersion' | 'arrays' | 'meta'>;
  /** Stores the network as it is, under `name` if that is given, and returns its name. */
  save(store: NetworkStore, options: SaveRunOptions): string;
  /** The result for programs. */
  toDocument(): Readonly<Record<string, unknown>>;
  /** The result for people, a line each. */
  describe(name: string): readonly string[];
  /** Frees memory and threads. */
  dispose?(): void;
}

export interface SaveRunOptions {
  readonly name?: string;
  /** Replaces whatever has the name. */
  readonly overwrite?: boolean;
}
