import { CountersignError } from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import { foreign, refusalOf } from './refusal.ts';

/** A server, and the token that it is asked with. */
export interface Server {
  /** Without a path. */
  readonly origin: string;
  readonly token: string | null;
}

export interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
  /** Ends the request; a time limit of 30 s unless given. */
  readonly signal?: AbortSignal;
  /** Statuses that are answers and no errors, besides 2xx. */
  readonly accept?: readonly number[];
}

const TIME_LIMIT = 30 * SECOND;

/**
 * Asks the server. Redirects are not followed: the token is meant for this server alone.
 * @throws CountersignError `unavailable` when there is no answer, or what the server refused with
 */
export async function ask({ origin, token }: Server, path: string, asked: Asked = {}): Promise<Response> {
  const { accept = [], headers = {}, signal = AbortSignal.timeout(TIME_LIMIT), ...rest } = asked;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL(path, origin), {
    ...rest,
    headers: { ...headers, ...authorization },
    redirect: 'manual',
    signal,
    ...(rest.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit).catch((error: unknown) => {
    throw unreachable(origin, error);
  });
  if (response.ok || accept.includes(response.status)) return response;
  if (response.status >= 300 && response.status < 400)
    throw foreign(origin, `a redirect to ${response.headers.get('location') ?? 'nowhere'}`);
  throw refusalOf(response, await textOf(response, origin), origin);
}

/** The body of an answer. @throws CountersignError `unavailable` when it breaks off */
export async function textOf(response: Response, origin: string): Promise<string> {
  return response.text().catch((error: unknown) => {
    throw unreachable(origin, error);
  });
}

/** The bytes of an answer. @throws CountersignError `too_large`; `unavailable` when it breaks off */
export async function bytesOf(response: Response, origin: string, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let count = 0;
  try {
    for await (const part of response.body ?? []) {
      count += part.byteLength;
      if (count > most) throw new CountersignError('too_large', `it is larger than ${most} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof CountersignError ? error : unreachable(origin, error);
  }
  return Buffer.concat(parts);
}

function unreachable(origin: string, error: unknown): CountersignError {
  return new CountersignError('unavailable', `cannot reach ${origin}`, {
    cause: error,
    problems: [
      {
        where: origin,
        message: reasonOf(error),
        fix: 'is it running? npm start; name it with --url or COUNTERSIGN_URL',
      },
    ],
  });
}

/** What fetch hides in causes, in words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const cause = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (cause instanceof Error ? cause.message : error.message);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name cannot be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
};
