import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Slack's side of Socket Mode: the method that opens connections, and the WebSocket (RFC 6455) itself. */
export interface SocketModeServer extends AsyncDisposable {
  /** Base of the Web API; only `apps.connections.open` is there. */
  readonly apiUrl: string;
  /** Tokens with which connections were opened. */
  readonly tokens: readonly string[];
  /** Sends an envelope and waits for its acknowledgement; returns the acknowledgement's payload. */
  send(envelope: { readonly type: string; readonly payload: object }): Promise<unknown>;
  /** Waits until a client is connected and greeted. */
  connected(): Promise<void>;
  /** Tells the client to connect anew, as Slack does when it moves connections. */
  refresh(): Promise<void>;
  /** What `apps.connections.open` answers from now on instead. */
  refuseWith(error: string): void;
}

interface Link {
  readonly socket: Duplex;
  readonly acknowledgements: Map<string, (payload: unknown) => void>;
}

/** Starts the server on a free port of the loopback interface. */
export async function startSocketModeServer(): Promise<SocketModeServer> {
  const tokens: string[] = [];
  let refusal: string | null = null;
  let link = Promise.withResolvers<Link>();
  let count = 0;
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization ?? '');
    request.resume();
    const { port } = server.address() as AddressInfo;
    const answer =
      refusal === null ? { ok: true, url: `ws://127.0.0.1:${port}/link` } : { ok: false, error: refusal };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => link.resolve(greet(request, socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    tokens,
    connected: async () => {
      await link.promise;
    },
    refuseWith: (error) => {
      refusal = error;
    },
    send: async (envelope) => {
      const { socket, acknowledgements } = await link.promise;
      const envelope_id = `envelope-${++count}`;
      const acknowledged = new Promise((resolve) => acknowledgements.set(envelope_id, resolve));
      socket.write(textFrame({ ...envelope, envelope_id, accepts_response_payload: true }));
      return acknowledged;
    },
    refresh: async () => {
      const { socket } = await link.promise;
      link = Promise.withResolvers<Link>();
      socket.write(textFrame({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function greet(request: IncomingMessage, socket: Duplex): Link {
  const link: Link = { socket, acknowledgements: new Map() };
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.write(textFrame({ type: 'hello', num_connections: 1 }));
  socket.on('error', () => socket.destroy());
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = readFrame(rest); frame !== null; frame = readFrame(rest)) {
      rest = rest.subarray(frame.length);
      take(link, frame);
    }
  });
  return link;
}

function take({ socket, acknowledgements }: Link, { opcode, payload }: Frame): void {
  if (opcode === 0x8) socket.end(Buffer.from([0x88, 0]));
  if (opcode === 0x9) socket.write(Buffer.concat([Buffer.from([0x8a, payload.length]), payload]));
  if (opcode !== 0x1) return;
  const { envelope_id, payload: answer } = JSON.parse(payload.toString()) as {
    envelope_id: string;
    payload?: unknown;
  };
  acknowledgements.get(envelope_id)?.(answer);
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes of the frame as a whole. */
  readonly length: number;
}

/** The first frame of what a client sent, masked as clients must; null while it is not whole. */
function readFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extra + 4) return null;
  const size = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const start = 2 + extra + 4;
  if (bytes.length < start + size) return null;
  const mask = bytes.subarray(2 + extra, start);
  const payload = bytes.subarray(start, start + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: Buffer.from(payload), length: start + size };
}

function textFrame(value: object): Buffer {
  const payload = Buffer.from(JSON.stringify(value));
  const header = Buffer.alloc(4);
  header.writeUInt8(0x81, 0);
  header.writeUInt8(126, 1);
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}
