import { randomUUID } from 'node:crypto';
import type { Context, ErrorHandler } from 'hono';
import { CountersignError, type Logger } from '../domain/index.ts';
import type { ApiEnv } from './app.ts';
import { HttpRefusal, PROBLEMS, type ProblemDetails, problemBody } from './problem.ts';
import { GATE_PATH } from './routes/paths.ts';

/** Turns everything thrown into a problem. What we did not foresee is told to the log, not to the caller. */
export function failureHandler(logger: Logger): ErrorHandler<ApiEnv> {
  return (error, c) => {
    const details = detailsOf(error);
    const instance = `urn:uuid:${randomUUID()}`;
    logFailure(logger, c, { details, instance, error });
    return problemResponse(c, details, instance, headersOf(error, details, c));
  };
}

function problemResponse(
  c: Context<ApiEnv>,
  details: ProblemDetails,
  instance: string,
  headers: Readonly<Record<string, string>>,
): Response {
  const body = problemBody(details, instance);
  const closed = c.req.path === GATE_PATH ? { ...body, allowed: false } : body;
  return c.body(JSON.stringify(closed), PROBLEMS[details.code].status, {
    ...headers,
    'Content-Type': 'application/problem+json',
  });
}

function detailsOf(error: unknown): ProblemDetails {
  if (error instanceof HttpRefusal) return { code: error.code, detail: error.message, problems: [] };
  if (error instanceof CountersignError) return ofOurs(error);
  if (isConnectionFailure(error)) return UNREACHABLE;
  return UNEXPECTED;
}

/** The message of an `internal` error may speak of our insides. Where there are problems, they say more than its rest. */
function ofOurs({ code, message, problems }: CountersignError): ProblemDetails {
  if (code === 'internal') return UNEXPECTED;
  const [first = ''] = message.split('\n');
  return { code, detail: problems.length === 0 ? message : first.replace(/:$/, ''), problems };
}

const UNEXPECTED: ProblemDetails = {
  code: 'internal',
  detail: 'the server failed; its log says why, under the instance named here',
  problems: [],
};
const UNREACHABLE: ProblemDetails = {
  code: 'unavailable',
  detail: 'the database does not answer; try again in a few seconds',
  problems: [],
};

const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOENT']);
/** SQLSTATE: connection exceptions, out of connections, shutting down or starting up. */
const DATABASE_CODES = /^(08|53300|57P0[123])/;

/** Whether a query failed because its server could not be reached, rather than because of what it said. */
function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)) return true;
  const code = 'code' in error ? String(error.code) : '';
  const networked =
    'syscall' in error && ['connect', 'read', 'write', 'getaddrinfo'].includes(String(error.syscall));
  return (
    DATABASE_CODES.test(code) || (NETWORK_CODES.has(code) && (networked || error instanceof AggregateError))
  );
}

function headersOf(error: unknown, { code }: ProblemDetails, c: Context<ApiEnv>): Record<string, string> {
  const own = error instanceof HttpRefusal ? error.headers : {};
  if (code === 'unavailable') return { ...own, 'Retry-After': '5' };
  if (code !== 'unauthenticated') return own;
  const invalid = c.req.header('authorization') === undefined ? '' : ', error="invalid_token"';
  return { ...own, 'WWW-Authenticate': `Bearer realm="countersign"${invalid}` };
}

function logFailure(
  logger: Logger,
  c: Context<ApiEnv>,
  { details, instance, error }: { details: ProblemDetails; instance: string; error: unknown },
): void {
  const { status } = PROBLEMS[details.code];
  const fields = { instance, code: details.code, status, method: c.req.method, path: c.req.path };
  if (c.req.raw.signal.aborted) logger.info('the caller went away', fields);
  else if (status >= 500) logger.error('a request failed', { ...fields, error });
  else logger.info('a request was refused', { ...fields, detail: details.detail });
}
