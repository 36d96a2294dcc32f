/** What the fuzzer needs of a reader of files. */

export interface FuzzedReader {
  /** For `--only` and the report. */
  readonly name: string;
  /** Whole files that `read` accepts. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Reads a file: throws a `LocusError` if it refuses it. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Left out: no beginning of a file is a whole file itself. Else whether one of so many bytes may be. */
  readonly mayEndAt?: (length: number) => boolean;
}
