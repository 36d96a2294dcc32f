/** Walks through the bytes of a file and never past their end. */
import { damaged, damagedAs } from './damaged.js';

/** A position in the bytes of a file; each read moves it on or throws `DATA_CORRUPT`, naming `place` and the offset. */
export class ByteCursor {
  offset = 0;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly place: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the cursor stands, for errors. */
  get here(): string {
    return `${this.place}, byte ${this.offset}`;
  }

  get atEnd(): boolean {
    return this.offset === this.bytes.length;
  }

  /** The next `count` bytes, as a view of the file. */
  take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.bytes.subarray(start, start + count);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  /** A double, most significant byte first: the only big-endian number of a pickle. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** The text up to the next line feed, which is skipped; at most `limit` characters. */
  line(limit: number): string {
    const end = this.bytes.subarray(this.offset, this.offset + limit + 1).indexOf(0x0a);
    if (end < 0) throw damagedAs(this.here, `a line of at most ${limit} characters`, 'no end of line');
    const text = this.text(end);
    this.offset += 1;
    return text;
  }

  /** The next `length` bytes as UTF-8. */
  text(length: number): string {
    const where = this.here;
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw damagedAs(where, 'text in UTF-8', `${length} other bytes`, cause);
    }
  }

  #advance(count: number): number {
    const left = this.bytes.length - this.offset;
    if (count > left) throw damaged(this.here, `${count} more bytes`, left);
    this.offset += count;
    return this.offset - count;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
