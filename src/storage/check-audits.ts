import { sql } from 'kysely';
import { AuditDocuments, type CheckAudit, type Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Stores what a check amounted to, held against its known cases. */
export async function insertCheckAudit(db: Db, audit: CheckAudit): Promise<void> {
  const right = audit.answers.filter(({ fault }) => fault === null).map(({ digest }) => digest);
  await db
    .insertInto('check_audits')
    .values({
      check_name: audit.check,
      version: audit.version,
      audited_at: audit.auditedAt,
      outcome: audit.outcome,
      answers: JSON.stringify(audit.answers),
      gaps: JSON.stringify(audit.gaps),
      right_cases: JSON.stringify(right),
    })
    .execute();
}

/** The newest audit of each check by an instant, of whatever version, by the check's name. */
export async function latestCheckAudits(db: Db, now: Instant): Promise<CheckAudit[]> {
  const rows = await db
    .selectFrom('check_audits')
    .distinctOn('check_name')
    .selectAll()
    .where('audited_at', '<=', now)
    .orderBy('check_name')
    .orderBy('audited_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({
    check: row.check_name,
    version: row.version,
    auditedAt: row.audited_at,
    ...documentsOf(row),
  }));
}

/** The worker writes them, which runs hostile models: they are read as whatever may be there. */
function documentsOf(row: unknown): Omit<CheckAudit, 'check' | 'version' | 'auditedAt'> {
  const read = AuditDocuments.safeParse(row);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const unread = `${issue?.path.join('.')}: ${issue?.message}`;
  return { outcome: 'unproven', answers: [], gaps: [], unread };
}

/**
 * When, by an instant, a check last answered all of these cases rightly, by their digests; without any, when it last was right as a
 * whole. Null where it never did: to a case that is new, or changed, it never gave an answer.
 */
export async function lastRightAnswer(
  db: Db,
  check: string,
  cases: readonly string[],
  now: Instant,
): Promise<Instant | null> {
  const audits = db.selectFrom('check_audits').where('check_name', '=', check).where('audited_at', '<=', now);
  const right =
    cases.length === 0
      ? audits.where('outcome', '=', 'right')
      : audits.where(sql<boolean>`right_cases @> ${JSON.stringify(cases)}::jsonb`);
  const row = await right.select(sql<Instant | null>`max(audited_at)`.as('at')).executeTakeFirst();
  return row?.at ?? null;
}

/** Names of checks whose audit is queued and not done. */
export async function auditsUnderWay(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('outbox')
    .select(sql<string>`payload ->> 'check'`.as('check'))
    .where('queue', '=', 'audits')
    .where('completed_at', 'is', null)
    .execute();
  return new Set(rows.map(({ check }) => check));
}
