import { CountersignError } from '../../domain/index.ts';

/** Reads bytes that come in pieces forwards, in amounts that are asked for. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array();
  #total = 0;
  readonly #limit: number;

  /** @param limit most bytes that are read: what is packed may grow without end */
  constructor(bytes: AsyncIterable<Uint8Array>, limit: number) {
    this.#pieces = bytes[Symbol.asyncIterator]();
    this.#limit = limit;
  }

  /** How many bytes it has given. */
  get given(): number {
    return this.#total - this.#piece.byteLength;
  }

  /** The next bytes; fewer only at the end, unless all are demanded. To be asked for little at a time: it is all held at once. */
  async take(
    count: number,
    demand: 'all' | 'as many as there are' = 'as many as there are',
  ): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of this.stream(count, demand)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next bytes in pieces. @throws CountersignError `invalid_input` where they end before */
  async *stream(count: number, demand: 'all' | 'as many as there are' = 'all'): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.#piece.byteLength === 0 && !(await this.#next())) {
        if (demand === 'all') throw new CountersignError('invalid_input', 'the archive ends in the middle');
        return;
      }
      const part = this.#piece.subarray(0, left);
      this.#piece = this.#piece.subarray(part.byteLength);
      left -= part.byteLength;
      yield part;
    }
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#total += value.byteLength;
    if (this.#total > this.#limit)
      throw new CountersignError(
        'too_large',
        `unpacked it has more than the ${this.#limit} bytes that are taken`,
      );
    this.#piece = value;
    return true;
  }
}
