import { NotProtobuf, type WireField, wireFields } from '../scan/protobuf.ts';
import type { ByteSource } from '../scan/source.ts';

/** Texts longer than this are no names. */
const MAX_TEXT = 64 * 1024;
/** Messages, fields and numbers of a model whose structure fits into memory; real ones have thousands. */
const MAX_PARTS = 2_000_000;
/** Graphs within graphs; real ones have two or three. */
const MAX_DEPTH = 32;

/** Thrown for a protobuf message that is no ONNX model that we would read. */
export class NotOnnx extends Error {}

/** What all messages of one model share. */
export interface Reading {
  readonly source: ByteSource;
  /** Parts read so far. */
  parts: number;
}

/** A protobuf message by the numbers of its fields. A model is read field by field; bytes of tensors are never touched. */
export class Message {
  readonly #fields = new Map<number, WireField[]>();
  readonly #reading: Reading;
  readonly #depth: number;

  constructor(reading: Reading, { start, size }: Pick<WireField, 'start' | 'size'>, depth = 0) {
    if (depth > MAX_DEPTH * 4) throw new NotOnnx('it is nested too deeply');
    this.#reading = reading;
    this.#depth = depth;
    for (const field of wireFields(reading.source, start, size)) {
      count(reading);
      const known = this.#fields.get(field.number);
      if (known === undefined) this.#fields.set(field.number, [field]);
      else known.push(field);
    }
  }

  /** The numbers of the fields that it has. */
  get numbers(): readonly number[] {
    return [...this.#fields.keys()];
  }

  /** Whether it has the field at all. */
  has(number: number): boolean {
    return this.#fields.has(number);
  }

  /** The messages of a repeated field. */
  messages(number: number): Message[] {
    return this.#bytes(number).map((field) => new Message(this.#reading, field, this.#depth + 1));
  }

  /** The message of a field that may be there once. @throws NotOnnx where it is there twice: readers differ on what that means */
  message(number: number): Message | undefined {
    const [first, second] = this.messages(number);
    if (second !== undefined) throw new NotOnnx(`its field ${number} is there twice`);
    return first;
  }

  /** The texts of a repeated field. */
  texts(number: number): string[] {
    return this.#bytes(number).map(({ start, size }) => {
      if (size > MAX_TEXT) throw new NotOnnx(`it has a name of ${size} bytes`);
      return decoded(this.#reading.source.read(start, size));
    });
  }

  /** The text of a field; of several the last, as protobuf has it; empty where there is none. */
  text(number: number): string {
    return this.texts(number).at(-1) ?? '';
  }

  /** The integers of a repeated field, packed or not. */
  integers(number: number): bigint[] {
    return (this.#fields.get(number) ?? []).flatMap((field) => {
      if (field.wire === 0) return [BigInt.asIntN(64, field.value)];
      if (field.wire === 2) return this.#packed(field);
      throw new NotOnnx(`its field ${number} is no integer`);
    });
  }

  /** The integer of a field; of several the last; 0 where there is none. */
  integer(number: number): number {
    return Number(this.integers(number).at(-1) ?? 0n);
  }

  /** Bytes that the values of fields take. */
  sizeOf(numbers: readonly number[]): number {
    return numbers
      .flatMap((number) => this.#fields.get(number) ?? [])
      .reduce((total, { size }) => total + size, 0);
  }

  /** Bytes of a field, of several the last; at most `most` of them. */
  bytes(number: number, most: number): Buffer {
    const field = this.#bytes(number).at(-1);
    if (field === undefined) return Buffer.alloc(0);
    return this.#reading.source.read(field.start, Math.min(field.size, most));
  }

  #bytes(number: number): WireField[] {
    const fields = this.#fields.get(number) ?? [];
    if (fields.some(({ wire }) => wire !== 2)) throw new NotOnnx(`its field ${number} is of the wrong type`);
    return fields;
  }

  #packed({ start, size }: WireField): bigint[] {
    if (size > 10 * MAX_PARTS) throw new NotOnnx(`it has a list of numbers of ${size} bytes`);
    const bytes = this.#reading.source.read(start, size);
    const numbers: bigint[] = [];
    let value = 0n;
    let shift = 0n;
    for (const byte of bytes) {
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (shift > 70n) throw new NotProtobuf('it holds a number of more than ten bytes');
      if (byte >= 0x80) continue;
      count(this.#reading);
      numbers.push(BigInt.asIntN(64, value));
      value = 0n;
      shift = 0n;
    }
    if (shift > 0n) throw new NotProtobuf('it ends in the middle of a number');
    return numbers;
  }
}

function count(reading: Reading): void {
  reading.parts += 1;
  if (reading.parts > MAX_PARTS) throw new NotOnnx(`it has more than ${MAX_PARTS} parts`);
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotOnnx('it has a name that is not UTF-8');
  }
}
