/** Where a data set can be fetched, and how a fetched file is known to be the right one. */

/** A file that mirrors offer under `name`, below their base address. */
export interface RemoteFile {
  readonly name: string;
  /** What `sha256` and `bytes` are taken of: mirrors of a gzipped file may have compressed it differently. */
  readonly checked: 'the file' | 'its uncompressed content';
  readonly sha256: string;
  readonly bytes: number;
}

export interface RemoteSource {
  /** Base addresses, each with a final slash, in the order they are tried. */
  readonly mirrors: readonly string[];
  readonly files: readonly RemoteFile[];
}
