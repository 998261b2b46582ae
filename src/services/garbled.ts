import { ZodError } from 'zod';
import { CountersignError } from '../domain/index.ts';

/**
 * Whether work failed for what it was given to read, which is there again the next time, and not for want of a database
 * or a disk, which comes back.
 */
export function isGarbled(error: unknown): error is Error {
  if (error instanceof CountersignError) return error.code === 'integrity' || error.code === 'internal';
  return (
    isDataException(error) ||
    error instanceof RangeError ||
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    error instanceof ZodError
  );
}

/** Postgres could not read a value for what it is: class 22 of its error codes. */
function isDataException(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22\w{3}$/.test(String(error.code));
}
