import type { JSONColumnType } from 'kysely';
import type { Instant } from '../domain/index.ts';

/** Hops of approval requests that were taken. */
export interface EscalationsTable {
  request: string;
  /** Id of the hop within the request's escalation, such as `level-1`. */
  hop: string;
  /** When it was due, and when it was taken. */
  due_at: Instant;
  taken_at: Instant;
  outcome: 'asked' | 'nobody' | 'skipped';
  /** Person ids of those who were asked. */
  asked: JSONColumnType<string[]>;
  /** Channel that is to be told; null for none. */
  channel: string | null;
}

/** People who are to be asked. */
export interface AsksTable {
  request: string;
  hop: string;
  person: string;
  /** When they are to be asked: at the hop, or when their working hours begin. */
  due_at: Instant;
  /** When it was handed to whoever asks; null until then. */
  queued_at: Instant | null;
}
