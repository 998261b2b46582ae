import { sql } from 'kysely';
import { type Digest, digestOfJson, type StatementId, type VerifiedStatement } from '../../domain/index.ts';
import { canonicalJson } from '../../lib/index.ts';
import type { Tx } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { RowDifference } from './differences.ts';
import { DERIVED_TABLES } from './tables.ts';

type Row = Readonly<Record<string, unknown>>;

/** A column that is kept apart from its statement, which holds the digest of it. */
interface Apart {
  readonly table: keyof Tables;
  readonly row: StatementId;
  readonly column: string;
  /** Whether a stored row holds what was signed; words that were erased are no others. */
  readonly holds: (row: Row) => boolean;
}

/** Holds what is stored beside a statement to the digests in it. What was altered cannot be derived: it is only named. */
export async function unprovedColumns(tx: Tx, said: VerifiedStatement): Promise<RowDifference | null> {
  const apart = columnsApart(said);
  const [first] = apart;
  if (first === undefined) return null;
  const { table, row } = first;
  const key = DERIVED_TABLES.find(({ name }) => name === table)?.key ?? 'id';
  const { rows } = await sql<Row>`select * from ${sql.ref(table)} where ${sql.ref(key)} = ${row}`.execute(tx);
  const [stored] = rows;
  const altered = stored === undefined ? [] : apart.filter(({ holds }) => !holds(stored));
  if (altered.length === 0) return null;
  const columns = altered.map(({ column }) => ({ column, stored: null, derived: null }));
  return { table, row, kind: 'unproved', columns };
}

function columnsApart(said: VerifiedStatement): Apart[] {
  switch (said.kind) {
    case 'stage-result/v1': {
      const reports = said.body.checks.map(({ report }) => report);
      const holds = ({ results }: Row) =>
        Array.isArray(results) && canonicalJson(results.map(digestOfJson)) === canonicalJson(reports);
      return [{ table: 'stage_results', row: said.id, column: 'results', holds }];
    }
    case 'approval-request/v1': {
      const holds = ({ view }: Row) => digestOfJson(view) === said.body.view;
      return [{ table: 'approval_requests', row: said.id, column: 'view', holds }];
    }
    case 'approval-decision/v1':
      return [words('approval_decisions', said.id, 'reason', said.body.reason)];
    case 'override/v1':
      return said.body.confirms === undefined
        ? [words('overrides', said.id, 'reason', said.body.reason)]
        : [];
    case 'override-documentation/v1':
      return [words('overrides', said.body.override, 'documentation', said.body.documentation)];
    case 'delegation/v1':
      return said.body.ends === undefined ? [words('delegations', said.id, 'reason', said.body.reason)] : [];
    default:
      return [];
  }
}

/** People's words, of which the digest is salted. */
function words(table: keyof Tables, row: StatementId, column: string, digest: Digest | undefined): Apart {
  const holds = (stored: Row) => {
    const [said, salt] = [stored[column] ?? null, stored[`${column}_salt`] ?? null];
    return said === null || digestOfJson({ salt, [column]: said }) === digest;
  };
  return { table, row, column, holds };
}
