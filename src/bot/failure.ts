import { isUnanswered } from '../services/index.ts';

/** What to tell whoever clicked where it could not be kept. */
export function troubleOf(error: unknown): 'temporary_failure' | 'unanswered' {
  return isUnanswered(error) ? 'unanswered' : 'temporary_failure';
}

/** What an error says; its other fields may hold requests, and are not for the log. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
