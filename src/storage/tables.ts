import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type {
  Artifact,
  CheckResult,
  Inputs,
  Instant,
  Outcome,
  Principal,
  RiskTier,
} from '../domain/index.ts';
import type {
  AlertDeliveriesTable,
  AlertReceiversTable,
  EnforcementsTable,
  FindingEventsTable,
  FindingsTable,
  StormsTable,
} from './alert-tables.ts';
import type { ApprovalDecisionsTable, ApprovalRequestsTable } from './approval-tables.ts';
import type { CheckAuditsTable, RerunsTable } from './check-tables.ts';
import type { CheckpointsTable, SignedHeadTable } from './checkpoint-tables.ts';
import type { DelegationsTable } from './delegation-tables.ts';
import type {
  ChannelTurnsTable,
  DeliveriesTable,
  PostingsTable,
  PresentationsTable,
} from './delivery-tables.ts';
import type { AsksTable, EscalationsTable } from './escalation-tables.ts';
import type { FetchesTable } from './fetch-tables.ts';
import type {
  DeploymentHistoryTable,
  DeploymentReportsTable,
  DeploymentsTable,
  InventorySourcesTable,
  ProductionsTable,
} from './inventory-tables.ts';
import type {
  LedgerNodesTable,
  LedgerStateTable,
  LedgerTable,
  StatementArrivalsTable,
} from './ledger-tables.ts';
import type { LinkSecretTable } from './link-secret-table.ts';
import type { OverrideMilestonesTable, OverridesTable } from './override-tables.ts';
import type { PublicationsTable } from './publication-tables.ts';
import type { InputReportsTable, RenewalsTable } from './renewal-tables.ts';
import type { EvidenceRequestsTable, WitnessRequestsTable } from './request-tables.ts';
import type {
  RoleGrantsTable,
  RoleGroupsTable,
  SlackAccountsTable,
  SuspensionsTable,
} from './role-tables.ts';
import type { ResignaturesTable, TrustPoliciesTable } from './trust-tables.ts';

/** How far a run has come. What it means for the artifact is the judge's to say. */
export type RunState = 'queued' | 'running' | 'awaiting_approval' | 'completed' | 'failed';

export interface EvidenceItem {
  readonly name: string;
  readonly digest: string;
}

export interface RunsTable {
  id: string;
  /** Digest of model, version, artifact, evidence, pipeline and check versions: equal submissions have equal ones. */
  submission: string;
  model_id: string;
  model_version: string;
  artifact: JSONColumnType<Artifact>;
  artifact_digest: string;
  pipeline: string;
  evidence: JSONColumnType<EvidenceItem[]>;
  inputs: JSONColumnType<Inputs>;
  submitter: JSONColumnType<Principal>;
  authors: JSONColumnType<Principal[]>;
  attempt: number;
  state: RunState;
  current_stage: string | null;
  risk_tier: RiskTier | null;
  /** Why the run failed, for people; null while it has not. */
  failure: string | null;
  /** False once a newer run took its place or nobody answered: an equal submission then starts another attempt. */
  stands: boolean;
  trained_at: Instant | null;
  /** Where the CI run can be seen that submitted it. */
  ci_url: string | null;
  /** What the submitter wants those who decide to know. */
  note: string | null;
  /** Why nothing could look at the artifact's bytes. */
  missing_bytes: string | null;
  submitted_at: Instant;
  finished_at: Instant | null;
  /** What proves that it is as it was queued; null for runs of releases that sealed none. */
  seal: string | null;
}

/** At most one row, and so one statement, per run and stage. */
export interface StageResultsTable {
  run_id: string;
  stage: string;
  statement: string;
  outcome: Outcome;
  results: JSONColumnType<CheckResult[]>;
  /** How many of the results are failures, so that they are counted without reading reports. */
  failed_checks: number;
  /** Names of the checks that ran, so that those who relied on one are found. */
  checks: JSONColumnType<string[]>;
  isolation: string;
  performed_at: Instant;
}

export interface RecordsTable {
  statement: string;
  run_id: string;
  model_id: string;
  model_version: string;
  artifact_digest: string;
  risk_tier: RiskTier;
  issued_at: Instant;
  valid_until: Instant;
}

export interface TokensTable {
  id: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  /** The account that the token speaks for: `person:<id>`, `ci:<identity>`. */
  subject: string;
  scopes: JSONColumnType<string[]>;
  note: string;
  created_at: Instant;
  expires_at: Instant | null;
  revoked_at: Instant | null;
  /** Who made it; null for tokens that decide nothing. */
  issued_by: string | null;
  /** When its person confirmed it in Slack, with which account; a token that decides is of no use before. */
  confirmed_at: Instant | null;
  confirmed_by: string | null;
  /** What proves that the bot took the confirmation, of the token as it was then. */
  seal: string | null;
}

/** Jobs to be done, committed with the change that causes them, kept until they are done. */
export interface OutboxTable {
  id: Generated<number>;
  queue: string;
  name: string;
  payload: JSONColumnType<Record<string, string>>;
  created_at: Instant;
  /** When the relay hands the job to the queue, for the first time or again. */
  next_at: Instant;
  /** How often it was handed over. */
  tries: number;
  completed_at: Instant | null;
}

/** What arrived from outside, stored before it was acknowledged. */
export interface InboxTable {
  id: string;
  source: string;
  /** Names one delivery; a repeat is the same row. */
  dedupe_key: string;
  payload: JSONColumnType<Record<string, unknown>>;
  received_at: Instant;
  processed_at: Instant | null;
  outcome: string | null;
  /** By whoever took it in; null for what came by the API. */
  seal: string | null;
}

/** What came of actions that people took: once each, whatever repeats them. */
export interface EffectsTable {
  /** Id of the inbox row. */
  source: string;
  /** Null only within the transaction that does it. */
  result: ColumnType<Readonly<Record<string, unknown>> | null, null, string>;
}

export interface Tables {
  effects: EffectsTable;
  link_secret: LinkSecretTable;
  delegations: DelegationsTable;
  overrides: OverridesTable;
  override_milestones: OverrideMilestonesTable;
  escalations: EscalationsTable;
  asks: AsksTable;
  ledger: LedgerTable;
  ledger_state: LedgerStateTable;
  ledger_nodes: LedgerNodesTable;
  checkpoints: CheckpointsTable;
  signed_head: SignedHeadTable;
  renewals: RenewalsTable;
  input_reports: InputReportsTable;
  runs: RunsTable;
  stage_results: StageResultsTable;
  records: RecordsTable;
  approval_requests: ApprovalRequestsTable;
  approval_decisions: ApprovalDecisionsTable;
  postings: PostingsTable;
  deployments: DeploymentsTable;
  deployment_history: DeploymentHistoryTable;
  deployment_reports: DeploymentReportsTable;
  inventory_sources: InventorySourcesTable;
  productions: ProductionsTable;
  findings: FindingsTable;
  finding_events: FindingEventsTable;
  storms: StormsTable;
  alert_deliveries: AlertDeliveriesTable;
  alert_receivers: AlertReceiversTable;
  enforcements: EnforcementsTable;
  tokens: TokensTable;
  outbox: OutboxTable;
  inbox: InboxTable;
  statement_arrivals: StatementArrivalsTable;
  publications: PublicationsTable;
  fetches: FetchesTable;
  check_audits: CheckAuditsTable;
  reruns: RerunsTable;
  presentations: PresentationsTable;
  deliveries: DeliveriesTable;
  channel_turns: ChannelTurnsTable;
  role_groups: RoleGroupsTable;
  role_grants: RoleGrantsTable;
  slack_accounts: SlackAccountsTable;
  suspensions: SuspensionsTable;
  resignatures: ResignaturesTable;
  trust_policies: TrustPoliciesTable;
  witness_requests: WitnessRequestsTable;
  evidence_requests: EvidenceRequestsTable;
}
