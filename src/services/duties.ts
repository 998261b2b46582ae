import { ZodError } from 'zod';
import { CountersignError, type Duty } from '../domain/index.ts';
import { isGarbled } from './garbled.ts';

/** A duty of a tick that failed, wholly or in part. */
export interface DutyFailure {
  readonly duty: Duty;
  readonly error: unknown;
}

/** Why a duty failed for what it was given to read; null where it failed for want of a database or a disk. */
export function whyGarbled({ error }: DutyFailure): string | null {
  return isGarbled(error) ? inWords(error) : null;
}

/**
 * Does something with each of some rows, one after the other: a row that cannot be read hides none of the others.
 *
 * @param nameOf names a row to whoever mends it
 * @throws CountersignError `integrity` at the end, where rows could not be read; any other failure at once
 */
export async function withEach<T>(
  rows: readonly T[],
  nameOf: (row: T) => string,
  work: (row: T) => unknown,
): Promise<void> {
  const garbled: string[] = [];
  for (const row of rows)
    try {
      await work(row);
    } catch (error) {
      if (!isGarbled(error)) throw error;
      garbled.push(`${nameOf(row)}: ${inWords(error)}`);
    }
  refuseGarbled(garbled);
}

/** What is wrong first, in one line. */
function inWords(error: Error): string {
  if (!(error instanceof ZodError)) return error.message.slice(0, 200);
  const [issue] = error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}

const NAMED = 3;

/** @throws CountersignError `integrity` that names the first of some rows that cannot be read, where there are any */
export function refuseGarbled(garbled: readonly string[]): void {
  if (garbled.length === 0) return;
  const more = garbled.length > NAMED ? `; and ${garbled.length - NAMED} more` : '';
  throw new CountersignError('integrity', `${garbled.slice(0, NAMED).join('; ')}${more}`);
}
