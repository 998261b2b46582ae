import { connect } from 'node:net';
import type { Peer } from './handshake.ts';

/** What a port answers to a plain HTTP request: nothing, or a status line with where it points. */
export type PlainAnswer = 'nothing' | { readonly status: number; readonly location: string };

const MAX_BYTES = 8192;

/** Asks for a path over plain HTTP and reads the head of the answer. No redirect is followed. */
export async function askPlainly(
  { host, port, address }: Peer,
  path: string,
  milliseconds: number,
): Promise<PlainAnswer> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host: address, port });
  let head = '';
  const timer = setTimeout(() => resolve(head), milliseconds);
  socket.once('connect', () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
  );
  socket.on('data', (chunk: Buffer) => {
    head += chunk.toString('latin1').slice(0, MAX_BYTES - head.length);
    if (head.length >= MAX_BYTES || head.includes('\r\n\r\n')) resolve(head);
  });
  socket.once('error', () => resolve(head));
  socket.once('close', () => resolve(head));
  const answer = await promise;
  clearTimeout(timer);
  socket.destroy();
  if (answer === '') return 'nothing';
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0),
    location: /^location:[ \t]*([^\r\n]{0,500})/im.exec(answer)?.[1] ?? '',
  };
}
