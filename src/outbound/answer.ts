import type { IncomingMessage } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { CountersignError } from '../domain/index.ts';
import { failureAt } from './failure.ts';

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Where an answer came from, the most bytes taken of it, and what ends it early. */
interface Terms {
  readonly url: URL;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** An answer as `fetch` gives it, of at most so many bytes. @throws CountersignError `too_large`, `unavailable` */
export function asResponse(incoming: IncomingMessage, terms: Terms): Response {
  const { url, limit } = terms;
  const status = incoming.statusCode ?? 0;
  const announced = Number(incoming.headers['content-length'] ?? 0);
  const fault = faultOf(incoming, { status, host: url.host, tooLarge: announced > limit ? limit : null });
  if (fault !== null) {
    incoming.destroy();
    throw fault;
  }
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    for (const value of values) headers.append(name, value);
  const body = WITHOUT_BODY.has(status) ? drained(incoming) : bodyOf(incoming, terms);
  const response = new Response(body, { status, headers });
  return Object.defineProperty(response, 'url', { value: url.href });
}

function faultOf(
  { headers }: IncomingMessage,
  { status, host, tooLarge }: { status: number; host: string; tooLarge: number | null },
): CountersignError | null {
  if (status < 200 || status > 599)
    return new CountersignError('unavailable', `${host} answered with the status ${status}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    return new CountersignError(
      'unavailable',
      `${host} sends other bytes than it holds (${JSON.stringify(encoding.slice(0, 40))})`,
    );
  return tooLarge === null ? null : overLimit(host, tooLarge);
}

function overLimit(host: string, limit: number): CountersignError {
  return new CountersignError('too_large', `${host} sends more than the ${limit} bytes that are taken`);
}

function drained(incoming: IncomingMessage): null {
  incoming.resume();
  return null;
}

function bodyOf(incoming: IncomingMessage, { url, limit, signal }: Terms): ReadableStream<Uint8Array> {
  let bytes = 0;
  const meter = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      bytes += chunk.byteLength;
      if (bytes > limit) done(overLimit(url.host, limit));
      else done(null, chunk);
    },
  });
  incoming.on('error', (error) => meter.destroy(failureAt(url, signal.aborted ? signal.reason : error)));
  meter.once('close', () => incoming.destroy());
  incoming.pipe(meter);
  return Readable.toWeb(meter) as ReadableStream<Uint8Array>;
}
