import { Cursor, Truncated } from './cursor.ts';
import { type ByteSource, slice } from './source.ts';

/** One field of a protobuf message. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly wire: number;
  /** The value of a varint; otherwise 0. */
  readonly value: bigint;
  /** Where its bytes begin, and how many they are. */
  readonly start: number;
  readonly size: number;
}

/** Thrown for bytes that are no protobuf message. */
export class NotProtobuf extends Error {}

/** The fields of a message that fills a part of a source, without reading the bytes of long ones. */
export function* wireFields(source: ByteSource, start = 0, size = source.size - start): Generator<WireField> {
  // The message alone, so that a small one costs a small read.
  const cursor = new Cursor(slice(source, start, size));
  try {
    while (cursor.left > 0) {
      const field = readField(cursor);
      yield { ...field, start: start + field.start };
    }
  } catch (error) {
    if (error instanceof Truncated) throw new NotProtobuf('a field reaches beyond its message');
    throw error;
  }
}

function readField(cursor: Cursor): WireField {
  const tag = varint(cursor);
  const number = Number(tag >> 3n);
  const wire = Number(tag & 7n);
  if (number === 0 || number > 0x1fffffff) throw new NotProtobuf(`it holds the field number ${number}`);
  const value = wire === 0 ? varint(cursor) : 0n;
  const size = sizeOf(wire, cursor);
  const start = cursor.offset;
  cursor.skip(size);
  return { number, wire, value, start, size };
}

function sizeOf(wire: number, cursor: Cursor): number {
  switch (wire) {
    case 0:
      return 0;
    case 1:
      return 8;
    case 2:
      return bounded(varint(cursor));
    case 5:
      return 4;
    default:
      throw new NotProtobuf(`it holds the wire type ${wire}`);
  }
}

function bounded(length: bigint): number {
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new Truncated();
  return Number(length);
}

function varint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.byte();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    if (value >= 2n ** 64n) break;
    return value;
  }
  throw new NotProtobuf('it holds a number of more than 64 bits');
}
