import { z } from 'zod';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { KeyId } from '../key-id.ts';
import { StatementId } from './statement-id.ts';

/** The same statement, signed again when its first key was not to be trusted any more. */
const Resigned = z.strictObject({
  keyId: KeyId.describe('The key that signed it again.'),
  recordedAt: Instant.describe("When, by the ledger's clock."),
});

/** One statement's place in the ledger. */
export const LedgerEntry = z.strictObject({
  id: StatementId.describe('Id of the statement.'),
  index: z.int().min(0).describe('Its leaf in the Merkle tree, from 0.'),
  // An id is that of the payload alone, so without this anybody with some trusted key could sign a rejection again,
  // present that copy, and have it set aside as unauthorised.
  keyId: KeyId.describe('The key whose signature the ledger holds.'),
  recordedAt: Instant.describe("The ledger's clock: the time that key windows are judged by."),
  resigned: z
    .array(Resigned)
    .optional()
    .describe('Where it was signed again: by which keys. It keeps its place, whichever signature counts.'),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** `ledger-view/v1`. */
export const LedgerView = z
  .strictObject({
    artifact: Digest.describe('The artifact whose statements are listed.'),
    statements: z.array(LedgerEntry).describe('All of them, in the order of the ledger.'),
    treeSize: z
      .int()
      .min(0)
      .describe('Number of leaves of the Merkle tree (RFC 6962) when the view was made.'),
    root: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("The tree's root hash, 64 lower-case hex digits."),
    issuedAt: Instant.describe('When the view was made.'),
    validUntil: Instant.describe('Until when it can be believed to be all.'),
  })
  .describe(
    "The ledger's word on all statements about an artifact: with it, nobody can hide a rejection or a revocation by leaving it out.",
  );
export type LedgerView = z.infer<typeof LedgerView>;
