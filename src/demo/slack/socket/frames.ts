/** One WebSocket frame (RFC 6455 §5.2) as a client sent it, unmasked. */
export interface Frame {
  /** Whether the message ends with it. */
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The opcodes that we know. */
export const OPCODE = { continuation: 0x0, text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;

/** Largest frame that is read, in bytes. */
const frameLimit = 4 * 1024 * 1024;

/** A frame as a server sends it: whole, and not masked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode]), lengthBytes(payload.length), payload]);
}

/** Reads frames from a stream of bytes, one by one. @throws Error where a client breaks the protocol (§5.1: it must mask) */
export function createFrameReader(): (chunk: Buffer) => Iterable<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  return function* (chunk) {
    rest = Buffer.concat([rest, chunk]);
    for (let read = readFrame(rest); read !== null; read = readFrame(rest)) {
      rest = rest.subarray(read.size);
      yield read.frame;
    }
  };
}

function lengthBytes(length: number): Buffer {
  if (length < 126) return Buffer.from([length]);
  const bytes = Buffer.alloc(length < 0x10000 ? 3 : 9);
  bytes.writeUInt8(length < 0x10000 ? 126 : 127, 0);
  if (length < 0x10000) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** The first frame and how many bytes it takes; null while it is not whole. */
function readFrame(bytes: Buffer): { readonly frame: Frame; readonly size: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if ((second & 0x80) === 0) throw new Error('a client must mask its frames');
  if ((first & 0x70) !== 0) throw new Error('no extension was agreed on');
  const head = headOf(bytes, second & 0x7f);
  if (head === null) return null;
  if (head.length > frameLimit) throw new Error('the frame is too large');
  const start = head.size + 4;
  const size = start + head.length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(head.size, start);
  const payload = unmask(bytes.subarray(start, size), mask);
  return { frame: { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload }, size };
}

/** How long the payload is, and how many bytes say so. */
function headOf(bytes: Buffer, short: number): { readonly length: number; readonly size: number } | null {
  if (short < 126) return { length: short, size: 2 };
  const size = short === 126 ? 4 : 10;
  if (bytes.length < size) return null;
  return { length: short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)), size };
}

function unmask(masked: Buffer, mask: Buffer): Buffer {
  return Buffer.from(masked.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
