/** One field of a protobuf message, encoded: its tag, and its value as a varint or as length and bytes. */
export type Field = Uint8Array;

/** An integer field; negative numbers take ten bytes, as protobuf has it. */
export function integer(number: number, value: number | bigint): Field {
  return join([varint(number << 3), varint(BigInt.asUintN(64, BigInt(value)))]);
}

/** A bytes field. */
export function bytes(number: number, value: Uint8Array): Field {
  return join([varint((number << 3) | 2), varint(value.length), value]);
}

/** A string field. */
export function text(number: number, value: string): Field {
  return bytes(number, new TextEncoder().encode(value));
}

/** A field that holds a message of its own. */
export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, join(fields));
}

/** A message's bytes: its fields, one after the other. */
export function join(fields: readonly Field[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? low : low | 0x80);
  } while (rest > 0n);
  return Uint8Array.from(out);
}
