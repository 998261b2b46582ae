import type { StatementId, VerifiedStatement } from '../../domain/index.ts';
import type { Tables } from '../tables.ts';
import {
  confirmationColumns,
  decisionColumns,
  delegationColumns,
  documentationColumns,
  endColumns,
  overrideColumns,
  recordColumns,
  renewalColumns,
  requestColumns,
  stageResultColumns,
  withdrawalColumns,
} from './columns.ts';

/** What a statement says of a row beside the ledger. */
export interface SaidRow {
  readonly table: keyof Tables;
  /** The statement that opened the row: this one, or an earlier one that this one changes something about. */
  readonly row: StatementId;
  readonly opens: boolean;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The row of which a statement tells; null for one that tells of none. */
export function rowSaidBy(said: VerifiedStatement): SaidRow | null {
  const opens = (table: SaidRow['table'], columns: object) => toRow(table, said.id, columns, true);
  const changes = (table: SaidRow['table'], row: StatementId, columns: object) =>
    toRow(table, row, columns, false);
  switch (said.kind) {
    case 'stage-result/v1':
      return opens('stage_results', stageResultColumns(said));
    case 'governance-record/v1':
      return opens('records', recordColumns(said));
    case 'approval-request/v1':
      return opens('approval_requests', requestColumns(said));
    case 'approval-decision/v1':
      return opens('approval_decisions', decisionColumns(said));
    case 'approval-withdrawal/v1':
      return changes('approval_decisions', said.body.decision, withdrawalColumns(said));
    case 'override/v1':
      return said.body.confirms === undefined
        ? opens('overrides', overrideColumns(said))
        : changes('overrides', said.body.confirms, confirmationColumns(said));
    case 'override-documentation/v1':
      return changes('overrides', said.body.override, documentationColumns(said));
    case 'delegation/v1':
      return said.body.ends === undefined
        ? opens('delegations', delegationColumns(said))
        : changes('delegations', said.body.ends, endColumns(said));
    case 'renewal/v1':
      return opens('renewals', renewalColumns(said));
    case 'current-inputs/v1':
    case 'enforcement/v1':
    case 'ledger-view/v1':
    case 'view-witness/v1':
      return null;
  }
}

function toRow(table: SaidRow['table'], row: StatementId, columns: object, opens: boolean): SaidRow {
  return { table, row, opens, columns: { ...columns } };
}
