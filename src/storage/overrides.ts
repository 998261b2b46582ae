import { sql } from 'kysely';
import type {
  Artifact,
  Instant,
  OverrideMilestone,
  OverrideTerms,
  PersonId,
  StatementId,
} from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { confirmationColumns, documentationColumns, overrideColumns, type Said } from './derived/columns.ts';

/** An override as cards and lists show it. */
export interface OverrideRow extends OverrideTerms {
  readonly id: StatementId;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly artifact: Artifact;
  readonly person: PersonId;
  /** Null once it was erased. */
  readonly reason: string | null;
  readonly reference: string | null;
  /** What the policy said instead. */
  readonly unmet: readonly { readonly code: string; readonly message: string }[];
  /** The approvers who were passed over. */
  readonly informed: readonly PersonId[];
  readonly confirmedBy: PersonId | null;
  readonly documentedBy: PersonId | null;
  readonly documentation: string | null;
}

/** What is kept of an override that its statement does not say. */
interface Unsigned extends Pick<OverrideRow, 'reason' | 'informed' | 'needsConfirmation'> {
  readonly wish: string;
  readonly reasonSalt: string;
}

/** Grants of overrides of one model take turns until the transaction ends, in whatever process. */
export async function lockOverridesOf(tx: Tx, modelId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`overrides of ${modelId}`}, 0))`.execute(tx);
}

/** Stores an override beside its statement. */
export async function insertOverride(tx: Tx, said: Said<'override/v1'>, unsigned: Unsigned): Promise<void> {
  const { wish, reason, reasonSalt, informed, needsConfirmation } = unsigned;
  await tx
    .insertInto('overrides')
    .values({
      ...overrideColumns(said),
      wish,
      reason,
      reason_salt: reasonSalt,
      informed: JSON.stringify(informed),
      needs_confirmation: needsConfirmation,
    })
    .execute();
}

/** What the second person's statement changes of the override that it confirms: its documentation is due anew. */
export async function confirmOverride(tx: Tx, id: string, said: Said<'override/v1'>): Promise<void> {
  await tx.updateTable('overrides').set(confirmationColumns(said)).where('id', '=', id).execute();
}

/** Stores the documentation beside its statement. */
export async function documentOverride(
  tx: Tx,
  said: Said<'override-documentation/v1'>,
  words: { readonly documentation: string; readonly salt: string },
): Promise<void> {
  const unsigned = { documentation: words.documentation, documentation_salt: words.salt };
  await tx
    .updateTable('overrides')
    .set({ ...documentationColumns(said), ...unsigned })
    .where('id', '=', said.body.override)
    .execute();
}

/** An override by its statement's id; null when there is none. */
export async function findOverride(db: Db, id: string): Promise<OverrideRow | null> {
  const row = await db.selectFrom('overrides').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toOverrideRow(row);
}

/** The same, under its row's lock. */
export async function lockOverride(tx: Tx, id: string): Promise<OverrideRow | null> {
  const row = await tx
    .selectFrom('overrides')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : toOverrideRow(row);
}

/** Overrides, newest first; `unsettled` leaves out those of which nothing can come any more at an instant. */
export async function listOverrides(
  db: Db,
  filter: { readonly modelId?: string; readonly unsettled?: Instant; readonly limit?: number } = {},
): Promise<OverrideRow[]> {
  let query = db.selectFrom('overrides').selectAll().orderBy('granted_at', 'desc').orderBy('id');
  const { modelId, unsettled, limit } = filter;
  if (modelId !== undefined) query = query.where('model_id', '=', modelId);
  if (unsettled !== undefined) query = query.where(isUnsettled(unsettled));
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map(toOverrideRow);
}

/** How many overrides of a model were granted after one instant and before another. */
export async function countOverrides(
  db: Db,
  modelId: string,
  { after, before }: { readonly after: Instant; readonly before: Instant },
): Promise<number> {
  const { count } = await db
    .selectFrom('overrides')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('model_id', '=', modelId)
    .where('granted_at', '>', after)
    .where('granted_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Still good, or still to be told of, or owing its documentation. */
function isUnsettled(now: Instant) {
  return sql<boolean>`(overrides.expires_at > ${now}
    or (not needs_confirmation or confirmed_at is not null) and documented_at is null
    or not exists (select 1 from override_milestones m where m.override = overrides.id
      and m.milestone in ('ended', 'lapsed')))`;
}

/** Notes that a moment in an override's life was noticed; false when it was before. */
export async function takeMilestone(
  tx: Tx,
  override: string,
  milestone: OverrideMilestone,
  at: Instant,
): Promise<boolean> {
  const row = await tx
    .insertInto('override_milestones')
    .values({ override, milestone, taken_at: at })
    .onConflict((oc) => oc.doNothing())
    .returning('override')
    .executeTakeFirst();
  return row !== undefined;
}

/** An override as its row has it. */
export function toOverrideRow(row: {
  id: string;
  model_id: string;
  model_version: string;
  environment: string;
  artifact: Artifact;
  person: string;
  reason: string | null;
  reference: string | null;
  unmet: { code: string; message: string }[];
  informed: string[];
  needs_confirmation: boolean;
  granted_at: Instant;
  expires_at: Instant;
  documentation_due_at: Instant;
  confirmed_by: string | null;
  confirmed_at: Instant | null;
  documented_by: string | null;
  documentation: string | null;
  documented_at: Instant | null;
}): OverrideRow {
  return {
    id: row.id as StatementId,
    modelId: row.model_id,
    modelVersion: row.model_version,
    environment: row.environment,
    artifact: row.artifact,
    person: row.person,
    reason: row.reason,
    reference: row.reference,
    unmet: row.unmet,
    informed: row.informed,
    needsConfirmation: row.needs_confirmation,
    grantedAt: row.granted_at,
    expiresAt: row.expires_at,
    documentationDueAt: row.documentation_due_at,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at,
    documentedBy: row.documented_by,
    documentation: row.documentation,
    documentedAt: row.documented_at,
  };
}
