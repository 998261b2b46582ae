import { CountersignError } from '../../domain/index.ts';

/** What a signature could not be made for. */
export class Unsigned extends CountersignError {
  readonly why: string;
  /** What whoever runs the service can do. */
  readonly fix: string;

  constructor(why: string, fix: string) {
    super('unavailable', `nothing was signed: ${why}; ${fix}`);
    this.why = why;
    this.fix = fix;
  }
}

/** Makes the error of a signature that could not be made. */
export function unsigned(why: string, fix: string): Unsigned {
  return new Unsigned(why, fix);
}

/** The parts of the libraries' errors in which nobody quotes a token: their messages may, and so may a server's. */
interface Failure {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly cause?: unknown;
}

/** What went wrong with a request, in our own words alone. */
export function requestFailure(error: unknown): { readonly status: number | null; readonly why: string } {
  const chain = causesOf(error);
  const status = chain.map(({ statusCode }) => statusCode).find((code) => typeof code === 'number');
  if (typeof status === 'number') return { status, why: `it answered with status ${status}` };
  if (
    chain.some(
      ({ type, name }) => type === 'request-timeout' || type === 'body-timeout' || name === 'TimeoutError',
    )
  )
    return { status: null, why: 'it did not answer in time' };
  const code = chain.map(({ code }) => code).find((text) => SYSTEM_CODE.test(String(text)));
  if (code !== undefined) return { status: null, why: `it cannot be reached (${code})` };
  return { status: null, why: 'its answer cannot be read' };
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`; the libraries' own codes all end so. */
const SYSTEM_CODE = /^(?!.*_ERROR$)[A-Z][A-Z0-9_]{3,60}$/;

function causesOf(error: unknown): (Failure & { readonly name?: unknown })[] {
  const chain: Failure[] = [];
  for (let at = error; typeof at === 'object' && at !== null && chain.length < 8; at = (at as Failure).cause)
    chain.push(at);
  return chain;
}
