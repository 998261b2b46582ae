import type { Generated, JSONColumnType } from 'kysely';
import type { Finding, FindingKind, FindingStep, Instant } from '../domain/index.ts';

export interface FindingsTable {
  id: Generated<number>;
  key: string;
  kind: string;
  severity: string;
  state: 'firing' | 'resolved';
  finding: JSONColumnType<Finding>;
  fired_at: Instant;
  resolved_at: Instant | null;
  /** The storm with which it was told. */
  storm: Generated<number | null>;
  /** Whether it has a message of its own all the same. */
  apart: Generated<boolean>;
  /** When it was decided who is told; null before. */
  routed_at: Generated<Instant | null>;
}

/** What happened to findings, in order. Unsigned state: mutes quiet messages and no verdict. */
export interface FindingEventsTable {
  id: Generated<number>;
  finding: number;
  kind: FindingStep['kind'];
  /** The step itself. */
  detail: JSONColumnType<FindingStep>;
  /** Person id; null where no person did it. */
  person: string | null;
  at: Instant;
  /** Names the cause, such as an action in the inbox; null where there can be no repeat. */
  source: string | null;
}

/** Findings that were too many to be told one by one. */
export interface StormsTable {
  id: Generated<number>;
  /** Null for several kinds. */
  kind: FindingKind | null;
  began_at: Instant;
}

/** Who is told of which finding, and how far. The monitor's outbox of alerts. Unsigned state. */
export interface AlertDeliveriesTable {
  finding: number;
  /** Name of the receiver. */
  receiver: string;
  added_at: Instant;
  /** Raised whenever there is something new to tell. */
  wanted: Generated<number>;
  /** What `wanted` was before the state was read that the receiver took. */
  told: Generated<number>;
  /** The newest event of the finding that the receiver took, where it takes events. */
  event: Generated<number>;
  /** Not to be told before; null while there is nothing to tell. */
  due_at: Instant | null;
  /** How often the receiver refused it since it was last told. */
  tries: Generated<number>;
  told_at: Generated<Instant | null>;
  /** Why the last try failed; null where it did not. */
  failure: Generated<string | null>;
}

/** Deployments whose traffic is, or was, blocked. What is signed of it is in the ledger. */
export interface EnforcementsTable {
  id: Generated<number>;
  deployment: string;
  finding: number;
  dry_run: boolean;
  /** Id of the statement that blocks it. */
  block: string;
  blocked_at: Instant;
  /** Id of the statement that lets it through again; null while it is blocked. */
  release: Generated<string | null>;
  released_at: Generated<Instant | null>;
}

/** How each receiver of alerts fares. Unsigned state. */
export interface AlertReceiversTable {
  name: string;
  /** Digest of where it is. */
  address: string;
  /** Failures since it last took something. */
  tries: Generated<number>;
  /** Asked nothing before. */
  rests_until: Generated<Instant | null>;
  failing_since: Generated<Instant | null>;
  failure: Generated<string | null>;
  told_at: Generated<Instant | null>;
  /** When it said that it wants nothing any more. */
  gone_at: Generated<Instant | null>;
}
