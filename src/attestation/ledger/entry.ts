import { z } from 'zod';
import { Instant, KeyId, type LedgerEntry, StatementId } from '../../domain/index.ts';
import { canonicalJson } from '../../lib/index.ts';
import { hashLeaf, type TreeHash } from './merkle.ts';

/**
 * What the Merkle tree holds of a statement. Its index is its place in the tree; further signatures, which it was given
 * later, have none.
 */
export type LeafEntry = Pick<LedgerEntry, 'id' | 'keyId' | 'recordedAt'>;

const LeafEntry = z.strictObject({ id: StatementId, keyId: KeyId, recordedAt: Instant });

/**
 * A leaf's bytes: canonical JSON (RFC 8785) of a statement's id, the key that signed it, and the time at which the ledger
 * recorded it, by which key windows are judged. The id stands for the statement's payload.
 */
export function leafBytes({ id, keyId, recordedAt }: LeafEntry): Buffer {
  return Buffer.from(canonicalJson({ id, keyId, recordedAt }));
}

/** The hash of a statement's leaf. */
export function leafHash(entry: LeafEntry): TreeHash {
  return hashLeaf(leafBytes(entry));
}

/** What a leaf's bytes say; null for any other bytes. */
export function readLeaf(bytes: Uint8Array): LeafEntry | null {
  try {
    const entry = LeafEntry.parse(JSON.parse(Buffer.from(bytes).toString()));
    return leafBytes(entry).equals(bytes) ? entry : null;
  } catch {
    return null;
  }
}
