import type { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import { parseStrictJson } from '../lib/index.ts';
import type { Outbound } from '../outbound/index.ts';

/** What is asked for, below the base of a place. */
export interface WebRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Most bytes that are taken of the answer; 8 MiB unless given. */
  readonly limit?: number;
}

/** A place that answers in JSON. */
export interface Web {
  /**
   * An answer of success.
   * @throws CountersignError `not_found`, `forbidden` where the credentials were refused, `conflict` where what was asked for
   *   went by (410), `unavailable` for anything else that is no such answer. None holds a header or a query
   */
  json<T>(request: WebRequest, schema: z.ZodType<T>): Promise<T>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const ISSUES_TOLD = 3;

/** Opens a place by its base URL, with headers that are sent along. */
export function openWeb(
  base: string,
  outbound: Outbound,
  headers: Readonly<Record<string, string>> = {},
): Web {
  return {
    json: async ({ path, query = {}, signal, limit = MAX_BYTES }, schema) => {
      const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const what = `${url.host}${url.pathname}`;
      const response = await outbound.send(url, {
        headers: { accept: 'application/json', ...headers },
        ...{ signal, limit, redirects: 0 },
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(what, response.status);
      }
      return read(what, await response.text(), schema);
    },
  };
}

function read<T>(what: string, text: string, schema: z.ZodType<T>): T {
  const json = parseStrictJson(what, text);
  if (!json.ok) throw new CountersignError('unavailable', `${what} ${json.problems[0]?.message}`);
  const result = schema.safeParse(json.value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const told = issues
    .slice(0, ISSUES_TOLD)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const more = issues.length > ISSUES_TOLD ? `; and ${issues.length - ISSUES_TOLD} more` : '';
  throw new CountersignError(
    'unavailable',
    `${what} has another shape than expected: ${told.join('; ')}${more}`,
  );
}

function refusal(what: string, status: number): CountersignError {
  const answer = `${what} was answered with ${status}`;
  if (status === 401 || status === 403)
    return new CountersignError('forbidden', `${answer}: the credentials are refused`);
  if (status === 404) return new CountersignError('not_found', answer);
  if (status === 410) return new CountersignError('conflict', answer);
  return new CountersignError('unavailable', answer);
}
