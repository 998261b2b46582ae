import { type Selectable, sql } from 'kysely';
import type { Assurance, GivenDecision, Instant, PersonId, Role, StatementId } from '../domain/index.ts';
import type { ApprovalDecisionsTable } from './approval-tables.ts';
import type { Db, Tx } from './database.ts';
import { decisionColumns, type Said } from './derived/columns.ts';

/** A decision with its statement. */
export interface DecisionRow extends GivenDecision {
  readonly statement: StatementId;
  readonly assurance: Assurance;
  readonly reason: string | null;
}

/** A decision with the request on which it was made, be it withdrawn or not. */
interface FoundDecision extends DecisionRow {
  readonly requestId: string;
  readonly withdrawnAt: Instant | null;
}

/** Stores a decision beside its statement. A second one of the same person that stands violates the table's key. */
export async function insertDecision(
  tx: Tx,
  said: Said<'approval-decision/v1'>,
  { reason, reasonSalt }: Pick<DecisionRow, 'reason'> & { readonly reasonSalt: string | null },
): Promise<void> {
  const standing = { withdrawn_at: null, withdrawal: null };
  await tx
    .insertInto('approval_decisions')
    .values({ ...decisionColumns(said), reason, reason_salt: reasonSalt, ...standing })
    .execute();
}

/** A decision by its statement; null when there is none. */
export async function findDecision(db: Db, statement: string): Promise<FoundDecision | null> {
  const row = await db
    .selectFrom('approval_decisions')
    .selectAll()
    .where('statement', '=', statement)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...toDecisionRow(row), requestId: row.request, withdrawnAt: row.withdrawn_at };
}

/** Decisions on a request that stand, in the order in which they were made. */
export async function decisionsOn(db: Db, request: string): Promise<DecisionRow[]> {
  const rows = await db
    .selectFrom('approval_decisions')
    .selectAll()
    .where('request', '=', request)
    .where('withdrawn_at', 'is', null)
    .orderBy('decided_at')
    .orderBy('person')
    .execute();
  return rows.map(toDecisionRow);
}

/** A decision of a person's, or in their place, with what it was about. */
interface OwnDecision extends DecisionRow {
  readonly modelId: string;
  readonly modelVersion: string;
}

/** The decisions that stand and that a person made, in whoever's place, or another made in theirs; newest first. */
export async function decisionsBy(db: Db, person: string, limit: number): Promise<OwnDecision[]> {
  const rows = await db
    .selectFrom('approval_decisions as d')
    .innerJoin('approval_requests as r', 'r.id', 'd.request')
    .selectAll('d')
    .select(['r.model_id', 'r.model_version'])
    .where(sql<boolean>`${person} in (d.person, d.on_behalf_of ->> 'person')`)
    .where('d.withdrawn_at', 'is', null)
    .orderBy('d.decided_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...toDecisionRow(row),
    modelId: row.model_id,
    modelVersion: row.model_version,
  }));
}

function toDecisionRow(row: Selectable<ApprovalDecisionsTable>): DecisionRow {
  return {
    person: row.person as PersonId,
    roles: row.roles as Role[],
    decision: row.decision,
    statement: row.statement as StatementId,
    assurance: row.assurance as Assurance,
    reason: row.reason,
    decidedAt: row.decided_at,
    ...(row.on_behalf_of === null ? {} : { onBehalfOf: row.on_behalf_of }),
  };
}
