import { NotProtobuf, type WireField, wireFields } from '../scan/protobuf.ts';
import type { ByteSource } from '../scan/source.ts';

/** Texts longer than this are no names. */
const MAX_TEXT = 64 * 1024;
/** Messages, texts and lists of a model whose structure fits into memory; real ones have thousands. */
const MAX_PARTS = 2_000_000;
/** Numbers of a list that are kept: enough for any shape. The lists of a forest of trees are only counted. */
const MAX_NUMBERS = 4096;
/** Messages within messages; real ones have about ten. */
const MAX_DEPTH = 128;

/** Thrown for a protobuf message that is no ONNX model that we would read. */
export class NotOnnx extends Error {}

/** What all messages of one model share. */
interface Reading {
  readonly source: ByteSource;
  /** Parts read so far. */
  parts: number;
}

/** The unpacked numbers of a repeated field, of which a forest of trees has millions. */
interface Numbers {
  readonly first: bigint[];
  /** Bytes that those of a fixed width take. */
  bytes: number;
}

/** A protobuf message by the numbers of its fields. A model is read field by field; bytes of tensors are never touched. */
export class Message {
  /** Fields that have a length: texts, messages, packed lists. */
  readonly #fields = new Map<number, WireField[]>();
  readonly #numbers = new Map<number, Numbers>();
  readonly #reading: Reading;
  readonly #depth: number;

  constructor(reading: Reading, { start, size }: Pick<WireField, 'start' | 'size'>, depth = 0) {
    if (depth > MAX_DEPTH) throw new NotOnnx('it is nested too deeply');
    this.#reading = reading;
    this.#depth = depth;
    for (const field of wireFields(reading.source, start, size)) {
      if (field.wire === 2) this.#keep(field);
      else this.#count(field);
    }
  }

  /** The numbers of the fields that it has. */
  get numbers(): readonly number[] {
    return [...this.#fields.keys(), ...this.#numbers.keys()];
  }

  /** Whether it has the field at all. */
  has(number: number): boolean {
    return this.#fields.has(number) || this.#numbers.has(number);
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

  /** The integers of a repeated field, packed or not: its first 4,096. */
  integers(number: number): bigint[] {
    const packed = (this.#fields.get(number) ?? []).flatMap((field) => this.#packed(field));
    return [...(this.#numbers.get(number)?.first ?? []), ...packed].slice(0, MAX_NUMBERS);
  }

  /** The integer of a field; of several the last; 0 where there is none. */
  integer(number: number): number {
    return Number(this.integers(number).at(-1) ?? 0n);
  }

  /** Bytes that the values of fields take; a number that is not of a fixed width counts as none. */
  sizeOf(numbers: readonly number[]): number {
    return numbers.reduce((total, number) => {
      const fields = this.#fields.get(number) ?? [];
      const packed = fields.reduce((sum, { size }) => sum + size, 0);
      return total + packed + (this.#numbers.get(number)?.bytes ?? 0);
    }, 0);
  }

  /** Bytes of a field, of several the last; at most `most` of them. */
  bytes(number: number, most: number): Buffer {
    const field = this.#bytes(number).at(-1);
    if (field === undefined) return Buffer.alloc(0);
    return this.#reading.source.read(field.start, Math.min(field.size, most));
  }

  #keep(field: WireField): void {
    this.#reading.parts += 1;
    if (this.#reading.parts > MAX_PARTS) throw new NotOnnx(`it has more than ${MAX_PARTS} parts`);
    const known = this.#fields.get(field.number);
    if (known === undefined) this.#fields.set(field.number, [field]);
    else known.push(field);
  }

  #count({ number, wire, value, size }: WireField): void {
    const numbers = this.#numbers.get(number) ?? { first: [], bytes: 0 };
    this.#numbers.set(number, numbers);
    numbers.bytes += size;
    if (wire === 0 && numbers.first.length < MAX_NUMBERS) numbers.first.push(BigInt.asIntN(64, value));
  }

  #bytes(number: number): WireField[] {
    if (this.#numbers.has(number)) throw new NotOnnx(`its field ${number} is of the wrong type`);
    return this.#fields.get(number) ?? [];
  }

  #packed({ start, size }: WireField): bigint[] {
    const bytes = this.#reading.source.read(start, Math.min(size, MAX_NUMBERS * 10));
    const numbers: bigint[] = [];
    let value = 0n;
    let shift = 0n;
    for (const byte of bytes) {
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (shift > 70n || value >= 2n ** 64n) throw new NotProtobuf('it holds a number of more than 64 bits');
      if (byte >= 0x80) continue;
      numbers.push(BigInt.asIntN(64, value));
      if (numbers.length === MAX_NUMBERS) return numbers;
      value = 0n;
      shift = 0n;
    }
    if (shift > 0n) throw new NotProtobuf('it ends in the middle of a number');
    return numbers;
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotOnnx('it has a name that is not UTF-8');
  }
}
