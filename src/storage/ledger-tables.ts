import type { JSONColumnType } from 'kysely';
import type { Instant } from '../domain/index.ts';

/** Append-only: every statement, in order. No application role may change or delete a row. */
export interface LedgerTable {
  /** Leaf index in the Merkle tree, from 0, without gaps. */
  index: number;
  id: string;
  kind: string;
  /** Digest of the artifact that the statement is about. */
  subject: string;
  /** The key whose signature the bundle carries. */
  key_id: string;
  bundle: string;
  recorded_at: Instant;
}

/** One row: the size of the tree and its compact range, so that an append costs O(log n). */
export interface LedgerStateTable {
  singleton: true;
  size: number;
  /** RFC 6962 subtree roots of the compact range, hex, largest first. */
  range: JSONColumnType<string[]>;
}

/** Append-only: the root hash of each full subtree of the Merkle tree, the 2^`level` leaves from `index` times as many. */
export interface LedgerNodesTable {
  level: number;
  index: number;
  /** 64 lower-case hex digits. */
  hash: string;
}

/** Which arrival in the inbox had a statement signed. */
export interface StatementArrivalsTable {
  statement: string;
  arrival: string;
}
