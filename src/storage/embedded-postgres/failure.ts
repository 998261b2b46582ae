import { CountersignError } from '../../domain/index.ts';

/** Closes every message about a machine that cannot run the embedded Postgres. */
export const USE_YOUR_OWN = 'or set DATABASE_URL to a Postgres of your own';

/** The embedded Postgres cannot run here, and why. */
export function unavailable(message: string, cause?: unknown): CountersignError {
  return new CountersignError('unavailable', message, cause === undefined ? {} : { cause });
}

/** Somebody else has what is needed, or what is there does not fit. */
export function conflict(message: string): CountersignError {
  return new CountersignError('conflict', message);
}

/** The code of a failed system call (`ENOENT`, `EEXIST`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Leaves our own errors as they are and wraps what the system or the driver threw. */
export function asUnavailable(error: unknown, what: string): CountersignError {
  if (error instanceof CountersignError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return unavailable(`${what}: ${reason}`, error);
}
