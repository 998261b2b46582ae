import { NotProtobuf, type WireField, wireFields } from '../protobuf.ts';
import type { ByteSource } from '../source.ts';

const LENGTH = 2;
const MAX_TEXT = 4096;
const MAX_FIELDS = 2_000_000;

/** One message of a protobuf file, read field by field. Fields that are there twice are told twice. */
export class Message {
  readonly #source: ByteSource;
  readonly #fields: readonly WireField[];

  /** @throws NotProtobuf */
  constructor(source: ByteSource, place: Pick<WireField, 'start' | 'size'>) {
    this.#source = source;
    const fields: WireField[] = [];
    for (const field of wireFields(source, place.start, place.size)) {
      if (fields.push(field) > MAX_FIELDS)
        throw new NotProtobuf(`a message has more than ${MAX_FIELDS} fields`);
    }
    this.#fields = fields;
  }

  get numbers(): readonly number[] {
    return this.#fields.map(({ number }) => number);
  }

  /** The parts of a field that holds messages, text or bytes. */
  parts(number: number): readonly WireField[] {
    return this.#fields.filter((field) => field.number === number && field.wire === LENGTH);
  }

  messages(number: number): Message[] {
    return this.parts(number).map((place) => new Message(this.#source, place));
  }

  /** All texts of a field; usually one. Each is cut after 4096 bytes. */
  texts(number: number): string[] {
    return this.parts(number).map(({ start, size }) =>
      this.#source.read(start, Math.min(size, MAX_TEXT)).toString('utf8'),
    );
  }

  /** The last text of a field: what a reader of protobuf takes. */
  text(number: number): string {
    return this.texts(number).at(-1) ?? '';
  }

  bytes(place: WireField): Buffer {
    return this.#source.read(place.start, place.size);
  }

  /** All whole numbers of a field, packed or not; at most `most` of those that are packed. */
  integers(number: number, most = 64): bigint[] {
    return this.#fields.flatMap((field) => {
      if (field.number !== number) return [];
      if (field.wire === 0) return [BigInt.asIntN(64, field.value)];
      return field.wire === LENGTH
        ? varints(this.#source.read(field.start, Math.min(field.size, most * 10)), most)
        : [];
    });
  }
}

function varints(bytes: Buffer, most: number): bigint[] {
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    if (values.push(BigInt.asIntN(64, value)) === most) break;
    value = 0n;
    shift = 0n;
  }
  return values;
}
