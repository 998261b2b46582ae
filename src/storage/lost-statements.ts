import { sql } from 'kysely';
import type { StatementId } from '../domain/index.ts';
import type { Db } from './database.ts';
import type { Tables } from './tables.ts';

/** Where rows name the statement that opened, changed or closed them: each is appended together with its row. */
const PLACES: readonly (readonly [table: keyof Tables, column: string])[] = [
  ['stage_results', 'statement'],
  ['records', 'statement'],
  ['renewals', 'statement'],
  ['approval_requests', 'id'],
  ['approval_decisions', 'statement'],
  ['approval_decisions', 'withdrawal'],
  ['overrides', 'id'],
  ['overrides', 'confirmation'],
  ['overrides', 'documentation_statement'],
  ['delegations', 'id'],
  ['delegations', 'ended_by'],
  ['enforcements', 'block'],
  ['enforcements', 'release'],
  ['resignatures', 'statement'],
  ['statement_arrivals', 'statement'],
];

/** A statement that the ledger does not hold, though a row beside it is there by it. */
export interface LostStatement {
  readonly id: StatementId;
  readonly table: string;
}

/** Every such statement; none where nothing was taken from the ledger, or kept from it. */
export async function lostStatements(db: Db): Promise<LostStatement[]> {
  const lost = PLACES.map(
    ([table, column]) => sql`
    select ${sql.ref(column)} as id, ${sql.lit(table)} as "table" from ${sql.ref(table)} as beside
    where ${sql.ref(column)} is not null and not exists (select from ledger where ledger.id = beside.${sql.ref(column)})`,
  );
  const { rows } = await sql<LostStatement>`${sql.join(lost, sql` union all `)} order by "table", id`.execute(
    db,
  );
  return rows;
}
