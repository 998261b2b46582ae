import type { Instant } from '../instant.ts';
import type { KeyId } from '../key-id.ts';
import type { StatementId } from '../statement/index.ts';
import { ABOUT_NO_MODEL, type Finding } from './finding.ts';

/** An entry of the ledger that is not what it was, or a ledger that no longer extends what was known of it. */
export interface LedgerFault {
  /** The first bad entry; null where none can be named. */
  readonly index: number | null;
  readonly id: StatementId | null;
  /** What differs, in words. */
  readonly what: string;
}

/** A statement in the ledger that its signer had no business to make. */
export interface StrangeStatement {
  readonly index: number;
  readonly id: StatementId;
  readonly keyId: KeyId;
  readonly why: string;
}

const SEE = 'docs/operations.md';

/** The finding about a ledger in which something was changed: one, about the first bad entry. */
export function ledgerTampered({ index, id, what }: LedgerFault): Finding {
  const where = index === null ? '' : ` at entry ${index}${id === null ? '' : ` (${id})`}`;
  return {
    ...ABOUT_THE_LEDGER,
    key: 'ledger_tampered/ledger',
    kind: 'ledger_tampered',
    ...(index === null ? {} : { entry: { index, id } }),
    summary: `the ledger was tampered with${where}: ${what}`,
    remedy: `Trust no verdict of this database until you know who changed it: "The ledger was tampered with" in ${SEE} says how to find out, and how to put it right.`,
  };
}

/** Up to where the ledger was signed or published, and up to where it should have been. */
export interface OverdueCheckpoint {
  /** What was not done, as in `signed by the ledger's key`: its identity too. */
  readonly what: string;
  readonly treeSize: number;
  readonly wanted: number;
  /** Since when it lacks that. */
  readonly since: Instant;
}

/** The finding about a ledger that grows without anybody outside being told how. */
export function checkpointOverdue({ what, treeSize, wanted, since }: OverdueCheckpoint): Finding {
  return {
    ...ABOUT_THE_LEDGER,
    key: `checkpoint_overdue/${what}`,
    kind: 'checkpoint_overdue',
    severity: 'warning',
    summary: `since ${since} the ledger of ${wanted} entries is ${what} up to ${treeSize} of them only`,
    remedy: `See that the surface api runs, which signs checkpoints, that its key is in the trust policy, and that where they are published can be written to. Where all of that is so, find out who writes to signed_head and checkpoints in the database: "Publishing checkpoints" in ${SEE}.`,
  };
}

/** The finding about a statement whose signer had no business to make it. */
export function unexpectedSigner({ index, id, keyId, why }: StrangeStatement): Finding {
  return {
    ...ABOUT_THE_LEDGER,
    key: `unexpected_signer/${id}`,
    kind: 'unexpected_signer',
    entry: { index, id },
    summary: `entry ${index} of the ledger (${id}), signed by the key ${keyId}, ${why}`,
    remedy: `Find out who used the key. Then revoke the key, or name the statement under revoked.statements; if the key is a good one, add it to the trust policy. See "A statement by an unexpected signer" in ${SEE}.`,
  };
}

/** The finding about a statement in a person's name that this person was not seen to ask for. */
export function unexpectedDecision({ index, id, keyId, why }: StrangeStatement): Finding {
  return {
    ...ABOUT_THE_LEDGER,
    key: `unexpected_decision/${id}`,
    kind: 'unexpected_decision',
    entry: { index, id },
    summary: `entry ${index} of the ledger (${id}), signed by the key ${keyId}, is ${why}`,
    remedy: `Ask that person whether they did it. If not, the key of the approvals is in other hands: revoke it, and name the statement under revoked.statements. See "A decision that nobody made" in ${SEE}.`,
  };
}

const ABOUT_THE_LEDGER = {
  severity: 'critical',
  deployment: '*/ledger',
  ...ABOUT_NO_MODEL,
} as const;
