import type { PredicateKind, StrangeStatement } from '../domain/index.ts';
import { arrivalBehind, type Db, isDerived, type LedgerRow, statementsOfKinds } from '../storage/index.ts';
import type { TrustContext } from './context.ts';
import { deedOf, objectionToArrival } from './objection-to-arrival.ts';
import type { RowCopy } from './row-copy.ts';

/** What is signed because a person did something. */
const BY_PEOPLE: readonly PredicateKind[] = [
  'approval-decision/v1',
  'approval-withdrawal/v1',
  'override/v1',
  'override-documentation/v1',
  'delegation/v1',
];

/**
 * Statements in people's names behind which nothing is that those people did: of what is new, and of what was found so
 * before. Before anything was known, by an earlier release, nobody noted what was behind them.
 */
export async function unexpectedDecisions(
  ctx: Omit<TrustContext, 'ledgerSigner'>,
  db: Db,
  { size, seenAt, unexpected }: Pick<RowCopy, 'size' | 'seenAt' | 'unexpected'>,
): Promise<StrangeStatement[]> {
  const from = seenAt === null ? Number.MAX_SAFE_INTEGER : size;
  const revoked = new Set<string>(ctx.trust.policy.revoked.statements);
  const found: StrangeStatement[] = [];
  for (const row of await statementsOfKinds(db, BY_PEOPLE, { from, also: unexpected })) {
    const why = revoked.has(row.id) ? null : await objection(ctx, db, row);
    if (why !== null) found.push({ index: row.index, id: row.id, keyId: row.keyId, why });
  }
  return found;
}

/** What does not verify is told of as that. */
async function objection(
  { verifier, directory }: Pick<TrustContext, 'verifier' | 'directory'>,
  db: Db,
  row: LedgerRow,
): Promise<string | null> {
  const result = verifier.verify(row.bundle);
  const deed = result.ok ? deedOf(result.statement) : null;
  if (!result.ok || deed === null) return null;
  const { kind } = result.statement;
  const arrival = await arrivalBehind(db, row.id, kind);
  const why =
    objectionToArrival({ kind, recordedAt: row.recordedAt }, deed, arrival, directory) ??
    ((await isDerived(db, row.id)) ? null : 'no row beside the ledger tells of it');
  return why === null ? null : `${aOrAn(kind)} in the name of ${deed.person}, but ${why}`;
}

const aOrAn = (kind: string) => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
