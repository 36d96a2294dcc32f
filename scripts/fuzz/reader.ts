/** What the fuzzer needs of a reader of files. */
import type { Below } from './mutate.js';

export interface FuzzedReader {
  /** For `--only` and the report. */
  readonly name: string;
  /** Whole files that `read` accepts. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Reads a file: throws a `LocusError` if it refuses it. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** A file made at random: every second case then, beside damaged seeds. */
  readonly invent?: (below: Below) => Uint8Array;
  /** The most that resident memory may grow in a case [MB]. Default: 200. */
  readonly mostMemory?: number;
  /** Left out: no beginning of a file is a whole file itself. Else whether one of so many bytes may be. */
  readonly mayEndAt?: (length: number) => boolean;
}
