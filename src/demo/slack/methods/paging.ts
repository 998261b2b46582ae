import { type Arguments, optionalText } from '../arguments.ts';
import { SlackApiError } from '../error.ts';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextCursor: string;
}

/** The page that `limit` and `cursor` ask for. Throws `invalid_cursor`, `invalid_limit`. */
export function pageOf<T>(items: readonly T[], args: Arguments, defaultLimit: number): Page<T> {
  const limit = Number(optionalText(args, 'limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new SlackApiError('invalid_limit');
  const start = startOf(optionalText(args, 'cursor'));
  const end = start + limit;
  return { items: items.slice(start, end), nextCursor: end < items.length ? cursorAt(end) : '' };
}

function cursorAt(index: number): string {
  return Buffer.from(`next:${index}`).toString('base64');
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const match = /^next:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64').toString());
  if (match === null) throw new SlackApiError('invalid_cursor');
  return Number(match[1]);
}
