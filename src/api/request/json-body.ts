import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { CountersignError, invalidInput } from '../../domain/index.ts';
import type { ApiEnv } from '../app.ts';
import { HttpRefusal } from '../problem.ts';
import { parseJsonText } from './json-text.ts';
import { problemsOf } from './problems-of.ts';

/** The most bytes that a JSON body may have: 1 MiB. */
const LIMIT = 1024 * 1024;
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/**
 * Reads a JSON body against a schema.
 * @throws HttpRefusal for a body that is no plain JSON; CountersignError `too_large`, or `invalid_input` with every
 *   problem and its place
 */
export async function readJson<T>(c: Context<ApiEnv>, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type') ?? '';
  if (!JSON_TYPE.test(type))
    throw new HttpRefusal('unsupported_media_type', 'expected Content-Type: application/json, in UTF-8');
  refuseEncoding(c);
  const json = parseJsonText(decode(await readBytes(c.req.raw.body, c.req.header('content-length'))));
  if (!json.ok) throw invalidInput('the body', json.problems);
  const result = schema.safeParse(json.value);
  if (!result.success) throw invalidInput('the body', problemsOf(result.error, 'body'));
  return result.data;
}

/** Bodies come as they are: a compressed one would have other bytes than its digest says, or burst when unpacked. */
export function refuseEncoding(c: Context<ApiEnv>): void {
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new HttpRefusal('unsupported_media_type', 'send the body without a Content-Encoding');
}

async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  announced: string | undefined,
): Promise<Uint8Array> {
  if (Number(announced ?? 0) > LIMIT) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidInput('the body', [
      { where: 'body', message: 'it is not UTF-8', fix: 'encode it as UTF-8' },
    ]);
  }
}

function tooLarge(): CountersignError {
  return new CountersignError('too_large', `a JSON body may have ${LIMIT} bytes at most`);
}
