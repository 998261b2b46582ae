import { ZodError } from 'zod';
import { CountersignError } from '../domain/index.ts';

/**
 * Whether work failed for what it was given to read, which is there again the next time, and not for want of a database
 * or a disk, which comes back.
 */
export function isGarbled(error: unknown): error is Error {
  if (error instanceof CountersignError) return error.code === 'integrity' || error.code === 'internal';
  return (
    error instanceof RangeError ||
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    error instanceof ZodError
  );
}
