import { request } from 'node:http';
import type { RawRequest } from './signing.ts';

/** How the app answered one request. */
export interface Delivery {
  /** HTTP status; 0 where no answer came. 200 for what was acknowledged through a socket. */
  readonly status: number;
  /** The body of the answer; where none came, why not. */
  readonly body: string;
  /** Milliseconds from the first byte sent to the end of the answer. */
  readonly ackMs: number;
  /** A 2xx answer within three seconds. Otherwise Slack shows the user an error. */
  readonly acknowledged: boolean;
  /** The exact request, for replays; for a socket its body is the envelope, and there are no headers. */
  readonly request: RawRequest;
}

/** Within how many milliseconds an app must answer. */
export const ackLimitMs = 3000;

/** How long to wait for an answer that is too late anyway. */
export const patienceMs = 10_000;

/** Sends a request to the app byte for byte, and never throws. */
export function deliver(url: string, raw: RawRequest): Promise<Delivery> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Delivery>();
  const finish = (status: number, body: string): void => {
    const ackMs = performance.now() - started;
    const acknowledged = status >= 200 && status < 300 && ackMs <= ackLimitMs;
    resolve({ status, body, ackMs, acknowledged, request: raw });
  };
  const bytes = Buffer.from(raw.body);
  const headers = { ...raw.headers, 'content-length': String(bytes.length) };
  const sending = request(url, { method: 'POST', headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('error', (error) => finish(0, error.message));
    answer.on('end', () => finish(answer.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
  });
  sending.setTimeout(patienceMs, () => sending.destroy(new Error(`no answer within ${patienceMs} ms`)));
  sending.on('error', (error) => finish(0, error.message));
  sending.end(bytes);
  return promise;
}
