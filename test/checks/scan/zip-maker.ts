import { crc32, deflateRawSync } from 'node:zlib';

/** An entry to be written, and what its headers say other than the truth. */
export interface Wish {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly deflate?: boolean;
  /** Written into the local header. */
  readonly localName?: string;
  readonly localFlags?: number;
  readonly localCrc?: number;
  /** Written into both. */
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly method?: number;
  /** Written into the directory. */
  readonly offset?: number;
}

/** Writes a zip file, by the format's specification (APPNOTE.TXT). */
export function zip(
  wishes: readonly Wish[],
  { gap = 0, comment = '', entries = wishes.length } = {},
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const wish of wishes) {
    const data = Buffer.from(wish.data);
    const packed = wish.deflate ? deflateRawSync(data) : data;
    const method = wish.method ?? (wish.deflate ? 8 : 0);
    const sum = wish.crc ?? crc32(data);
    const size = wish.size ?? data.length;
    const flags = wish.flags ?? 0;
    const name = Buffer.from(wish.name);
    const local = Buffer.from(wish.localName ?? wish.name);
    const common = (f: number, c: number) => [
      u16(f),
      u16(method),
      u16(0),
      u16(0x21),
      u32(c),
      u32(packed.length),
      u32(size),
    ];
    const header = Buffer.concat([
      u32(0x04034b50),
      u16(20),
      ...common(wish.localFlags ?? flags, wish.localCrc ?? sum),
      u16(local.length),
      u16(0),
      local,
    ]);
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20),
        u16(20),
        ...common(flags, sum),
        u16(name.length),
        ...[0, 0, 0, 0].map(u16),
        u32(0),
        u32(wish.offset ?? at),
        name,
      ]),
    );
    parts.push(header, packed, Buffer.alloc(gap));
    at += header.length + packed.length + gap;
  }
  const listed = Buffer.concat(directory);
  const end = [
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(entries),
    u16(entries),
    u32(listed.length),
    u32(at),
    u16(comment.length),
  ];
  return Buffer.concat([...parts, listed, ...end, Buffer.from(comment)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
