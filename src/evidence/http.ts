import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';

/** Longest wait for one answer of a store with all of its bytes, in milliseconds. */
export const ANSWER_LIMIT = 60 * SECOND;

/** The first bytes of an answer; what comes after is not waited for. */
export async function firstBytes(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null)
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= limit) break;
    }
  return Buffer.concat(chunks).subarray(0, limit);
}

/** Sends a request. @throws CountersignError `unavailable`, which never holds a header or a query */
export async function reach(what: string, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw new CountersignError('unavailable', `${what} cannot be reached: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : null;
  return cause ?? (error.name === 'TimeoutError' ? 'it did not answer in time' : error.name);
}
