import type { ColumnType } from 'kysely';
import type { Artifact, ErrorCode, Instant } from '../domain/index.ts';

/** How far the fetching of an artifact has come. */
export type FetchState = 'queued' | 'running' | 'fetched' | 'failed';

/** Artifacts that are fetched by URI. */
export interface FetchesTable {
  id: string;
  uri: string;
  /** What the submitter says that it is. */
  announced: string | null;
  /** The account that asked for it. */
  asked_by: string;
  state: FetchState;
  bytes: number;
  /** Null where the source does not say. */
  total: number | null;
  artifact: ColumnType<Artifact | null, string | null, string | null>;
  failure: ColumnType<FetchFailure | null, string | null, string | null>;
  asked_at: Instant;
  finished_at: Instant | null;
  /** What proves that it was the fetcher who said what came of it. */
  seal: string | null;
}

/** Why the bytes were not had. */
export interface FetchFailure {
  readonly code: ErrorCode;
  readonly message: string;
}
