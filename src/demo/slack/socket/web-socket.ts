import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createFrameReader, encodeFrame, type Frame, OPCODE } from './frames.ts';

/** The server's end of one WebSocket (RFC 6455). */
export interface ServerSocket {
  readonly send: (text: string) => void;
  /** Asks whether the client is still there. */
  readonly ping: () => void;
  /** Closes as the protocol has it, with status 1000. */
  readonly close: () => void;
  /** Cuts the line without a word. */
  readonly cut: () => void;
}

/** What happens at a socket. */
export interface SocketEvents {
  readonly onText: (text: string) => void;
  /** Once, however it ended. */
  readonly onEnd: () => void;
}

/** Appended to the client's key (RFC 6455 §1.3). */
const protocolId = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers an upgrade request: shakes hands, or refuses with 400 (undefined then). */
export function acceptSocket(
  request: IncomingMessage,
  stream: Duplex,
  events: SocketEvents,
): ServerSocket | undefined {
  const key = request.headers['sec-websocket-key'];
  if (key === undefined || request.headers['sec-websocket-version'] !== '13') {
    stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return undefined;
  }
  const accept = createHash('sha1').update(`${key}${protocolId}`).digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  return serve(stream, events);
}

function serve(stream: Duplex, events: SocketEvents): ServerSocket {
  const write = (opcode: number, payload: Buffer = Buffer.alloc(0)): void => {
    if (stream.writable) stream.write(encodeFrame(opcode, payload));
  };
  const close = (status: Buffer): void => {
    write(OPCODE.close, status);
    stream.end();
  };
  const read = createFrameReader();
  const take = messageReader({ onText: events.onText, write, close });
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const frame of read(chunk)) take(frame);
    } catch {
      close(protocolError);
    }
  });
  stream.on('error', () => stream.destroy());
  stream.on('close', () => events.onEnd());
  return {
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    ping: () => write(OPCODE.ping),
    close: () => close(normalClosure),
    cut: () => stream.destroy(),
  };
}

/** Statuses 1000 and 1002 in network order. */
const normalClosure = Buffer.from([0x03, 0xe8]);
const protocolError = Buffer.from([0x03, 0xea]);

interface Reading {
  readonly onText: (text: string) => void;
  readonly write: (opcode: number, payload?: Buffer) => void;
  readonly close: (status: Buffer) => void;
}

/** Puts fragments together and answers control frames. */
function messageReader({ onText, write, close }: Reading): (frame: Frame) => void {
  let parts: Buffer[] = [];
  return ({ opcode, final, payload }) => {
    if (opcode === OPCODE.ping) return write(OPCODE.pong, payload);
    if (opcode === OPCODE.close) return close(payload.subarray(0, 2));
    if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) return;
    parts.push(payload);
    if (!final) return;
    const whole = Buffer.concat(parts).toString('utf8');
    parts = [];
    onText(whole);
  };
}
