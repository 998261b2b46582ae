import type { ByteSource } from './source.ts';

const WINDOW = 1024 * 1024;

/** Thrown by a cursor where the bytes end before what was to be read. */
export class Truncated extends Error {}

/** Reads a source forwards through a window of 1 MiB. */
export class Cursor {
  #window: Buffer = Buffer.alloc(0);
  /** Offset of the window's first byte in the source. */
  #start = 0;
  /** Position within the window. */
  #at = 0;
  readonly #source: ByteSource;

  constructor(source: ByteSource, offset = 0) {
    this.#source = source;
    this.#start = offset;
  }

  /** The offset of the next byte. */
  get offset(): number {
    return this.#start + this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#source.size - this.offset;
  }

  /** The next byte. */
  byte(): number {
    if (this.#at >= this.#window.length) this.#fill(1);
    return this.#window[this.#at++] as number;
  }

  /** The next bytes, at most 1 MiB at once. */
  take(length: number): Buffer {
    if (this.#at + length > this.#window.length) this.#fill(length);
    this.#at += length;
    return this.#window.subarray(this.#at - length, this.#at);
  }

  /** Goes on without reading. */
  skip(length: number): void {
    if (length > this.left) throw new Truncated();
    if (this.#at + length <= this.#window.length) this.#at += length;
    else this.#move(this.offset + length);
  }

  /** The bytes up to a line feed, which is read and left out; `null` where there is none within `limit` bytes. */
  line(limit: number): Buffer | null {
    const wanted = Math.min(limit + 1, this.left);
    if (this.#at + wanted > this.#window.length) this.#fill(wanted);
    const end = this.#window.subarray(this.#at, this.#at + wanted).indexOf(0x0a);
    if (end < 0) return null;
    const line = this.#window.subarray(this.#at, this.#at + end);
    this.#at += end + 1;
    return line;
  }

  #move(offset: number): void {
    this.#window = Buffer.alloc(0);
    this.#start = offset;
    this.#at = 0;
  }

  #fill(length: number): void {
    if (length > this.left) throw new Truncated();
    const { offset } = this;
    this.#window = this.#source.read(offset, Math.max(WINDOW, length));
    this.#start = offset;
    this.#at = 0;
  }
}
