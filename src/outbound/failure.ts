import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';

/** Something was waited for in vain. */
export class Late extends Error {
  override readonly name = 'Late';

  constructor(what: string, milliseconds: number) {
    super(`${what} in ${milliseconds / SECOND} s`);
  }
}

/** What went wrong with a host, without anything of the URL's path and query: those may be secret. */
export function failureAt({ host }: URL, error: unknown): CountersignError {
  return error instanceof CountersignError
    ? error
    : new CountersignError('unavailable', `${host} cannot be reached: ${reasonOf(error)}`);
}

function reasonOf(error: unknown): string {
  if (error instanceof Late) return error.message;
  // One error for each address that was tried.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const { name, code, cause } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || (cause as Error | undefined)?.name === 'TimeoutError')
    return 'it did not answer in time';
  return typeof code === 'string' ? code : (name ?? 'unknown error');
}
