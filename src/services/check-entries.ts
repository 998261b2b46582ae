import { type LeafEntry, leafHash, type TreeHash } from '../attestation/index.ts';
import {
  authorisedSigner,
  type LedgerFault,
  type StrangeStatement,
  type VerifiedStatement,
} from '../domain/index.ts';
import { later, MINUTE, withArticle } from '../lib/index.ts';
import { type Db, type LedgerRow, type RunSpan, rowFault, runSpans } from '../storage/index.ts';
import type { TrustContext } from './context.ts';

/** What is wrong with some of the ledger's entries. */
export interface EntryFaults {
  readonly tampered: readonly LedgerFault[];
  readonly strange: readonly StrangeStatement[];
}

/**
 * The first entry that is not the one whose leaf was kept: altered, or missing, or another one in its place.
 *
 * @param leaves hashes that were kept outside of the database, from an index on
 */
export function firstAltered(
  from: number,
  entries: readonly (LeafEntry & { readonly index: number })[],
  leaves: readonly TreeHash[],
): LedgerFault | null {
  const present = new Map(entries.map((entry) => [entry.index, entry]));
  for (const [at, leaf] of leaves.entries()) {
    const index = from + at;
    const entry = present.get(index);
    if (entry === undefined) return { index, id: null, what: 'it is missing' };
    if (leafHash(entry) !== leaf)
      return {
        index,
        id: entry.id,
        what: `another statement, key or time stands there than when it was recorded (${entry.recordedAt}, key ${entry.keyId})`,
      };
  }
  return null;
}

/** Looks at entries as a whole: whether each is the statement that it says, by a signer whose business it was. */
export async function checkEntries(
  { trust, verifier }: Pick<TrustContext, 'trust' | 'verifier'>,
  db: Db,
  rows: readonly LedgerRow[],
): Promise<EntryFaults> {
  const read = rows.map((row) => ({ row, result: verifier.verify(row.bundle) }));
  const revoked = new Set<string>(trust.policy.revoked.statements);
  const spans = await runSpans(
    db,
    read.flatMap(({ result }) => (result.ok ? (runOf(result.statement) ?? []) : [])),
  );
  const tampered: LedgerFault[] = [];
  const strange: StrangeStatement[] = [];
  for (const { row, result } of read) {
    const { index, id, keyId } = row;
    const isUnknown = !result.ok && result.failure.code === 'unknown_key' && result.failure.id === id;
    const altered = isUnknown ? null : rowFault(row, result);
    if (altered !== null) tampered.push({ index, id, what: altered });
    if (altered !== null || revoked.has(id)) continue;
    const why = result.ok
      ? objection(trust.policy, result.statement, row, spans)
      : 'is by a signer that the trust policy does not know';
    if (why !== null) strange.push({ index, id, keyId, why });
  }
  return { tampered, strange };
}

/** Processes need not agree on the time to the second. */
const TOLERANCE = MINUTE;

/** Why a statement was not its signer's to make then. */
function objection(
  policy: TrustContext['trust']['policy'],
  statement: VerifiedStatement,
  { index, recordedAt }: LedgerRow,
  spans: ReadonlyMap<string, RunSpan>,
): string | null {
  const { keyId, kind } = statement;
  if (authorisedSigner(policy, keyId, kind, { recordedAt, index }) === null)
    return `is ${withArticle(kind)}, which that key might not sign at ${recordedAt}`;
  const run = runOf(statement);
  if (run === null) return null;
  const span = spans.get(run);
  if (span === undefined) return `is ${withArticle(kind)} of run ${run}, which nobody submitted`;
  const isEarly = later(recordedAt, TOLERANCE) < span.submittedAt;
  const isLate = span.finishedAt !== null && later(recordedAt, -TOLERANCE) > span.finishedAt;
  return isEarly || isLate
    ? `is ${withArticle(kind)} of run ${run}, which was not under way at ${recordedAt}`
    : null;
}

/** The run of which a statement of the worker's tells. */
function runOf({ kind, body }: VerifiedStatement): string | null {
  return kind === 'stage-result/v1' || kind === 'governance-record/v1' || kind === 'approval-request/v1'
    ? body.runId
    : null;
}
