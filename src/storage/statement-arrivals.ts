import { sql } from 'kysely';
import type { Instant, PredicateKind, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** Notes which arrival had a statement signed: what somebody did is behind every word that is said in their name. */
export async function noteArrival(tx: Tx, statement: StatementId, arrival: string): Promise<void> {
  await tx
    .insertInto('statement_arrivals')
    .values({ statement, arrival })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** An arrival that had a statement signed, with what it leads to. */
export interface ArrivalBehind {
  readonly id: string;
  readonly source: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAt: Instant;
  readonly isSealed: boolean;
  /** What the card was about that was clicked, by the words of its button; null where none was. */
  readonly about: string | null;
  /** Whose token it came by; null where it came by none. */
  readonly subject: string | null;
  /** How many statements of the same kind it had signed. */
  readonly count: number;
}

/** The arrival that had a statement of some kind signed; null where none is on record. */
export async function arrivalBehind(
  db: Db,
  statement: StatementId,
  kind: PredicateKind,
): Promise<ArrivalBehind | null> {
  const { rows } = await sql<ArrivalBehind>`
    select i.id, i.source, i.payload, i.received_at as "receivedAt", i.seal is not null as "isSealed",
      coalesce(nullif(split_part(i.payload ->> 'button', '.', 2), ''),
        -- As an earlier release kept it, whose buttons did not say what they mean.
        (select p.about from postings p where p.id = i.payload ->> 'presentationId' or p.id =
          (select posting from presentations s where s.id = i.payload ->> 'presentationId') limit 1)) as about,
      (select subject from tokens t where t.id = i.payload ->> 'tokenId') as subject,
      (select count(*)::int from statement_arrivals a join ledger l on l.id = a.statement
        where a.arrival = i.id and l.kind = ${kind}) as count
    from inbox i join statement_arrivals s on s.arrival = i.id where s.statement = ${statement}`.execute(db);
  return rows[0] ?? null;
}

/** Whether one of the tables beside the ledger has what a person's statement says. */
export async function isDerived(db: Db, statement: StatementId): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from approval_decisions where ${statement} in (statement, withdrawal))
      or exists (select from overrides where ${statement} in (id, confirmation, documentation_statement))
      or exists (select from delegations where ${statement} in (id, ended_by)) as found`.execute(db);
  return rows[0]?.found ?? false;
}
