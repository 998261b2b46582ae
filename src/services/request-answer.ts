import { CountersignError } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  answerRequest,
  type Db,
  pruneRequests,
  type RequestAnswer,
  type RequestTable,
  requestAnswer,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { waitFor } from './wait-for.ts';

/** A request to another surface, and how long it is waited for. */
interface Asked {
  readonly table: RequestTable;
  readonly id: string;
  /** Milliseconds. */
  readonly patience: number;
  /** What is said when nobody answers. */
  readonly silence: string;
}

/** Waits for an answer. @throws CountersignError `unavailable` when there is none in time, or not now; `integrity` when it is refused */
export async function awaitAnswer(db: Db, { table, id, patience, silence }: Asked): Promise<string> {
  const answer = await waitFor(() => requestAnswer(db, table, id), patience);
  if (answer === null) throw new CountersignError('unavailable', silence);
  if (answer.outcome === 'refused') throw new CountersignError('integrity', answer.word);
  if (answer.outcome === 'not_now') throw new CountersignError('unavailable', answer.word);
  return answer.word;
}

/** Whoever asked waits for a minute at most. */
const KEPT_FOR = 10 * MINUTE;

/** Answers a request once, with what was made or why nothing was, and forgets old ones. */
export async function answerOnce<T>(
  { db, clock }: Pick<BaseContext, 'db' | 'clock'>,
  { table, id, asked }: { readonly table: RequestTable; readonly id: string; readonly asked: T | null },
  make: (asked: T) => Promise<RequestAnswer>,
): Promise<void> {
  if (asked !== null) await answerRequest(db, table, id, await orWhyNot(() => make(asked)));
  await pruneRequests(db, table, later(clock.now(), -KEPT_FOR));
}

async function orWhyNot(make: () => Promise<RequestAnswer>): Promise<RequestAnswer> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { outcome: error.code === 'integrity' ? 'refused' : 'not_now', word: error.message };
  }
}
