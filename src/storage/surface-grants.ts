import { type FindingStep, type QueueName, SIGNS } from '../domain/index.ts';
import type { Tables } from './tables.ts';

type Table = keyof Tables;

/** What may be done to a table. The columns are those that a role may set: to lock a row it must be allowed one. */
export type Verb = 'insert' | 'update' | 'delete' | `update (${string})`;

/** What the database role of a surface may write. It reads everything; what is not named here, it writes nowhere. */
export interface SurfaceGrants {
  readonly writes: Readonly<Partial<Record<Table, readonly Verb[]>>>;
  /** Of tables that several roles add to: which rows this one may add, by the column of `ROWS_BY`. */
  readonly adds: Readonly<Partial<Record<LimitedTable, readonly string[]>>>;
}

/** Tables in which each role adds rows of its own only, and the column that tells whose they are. */
export const ROWS_BY = { ledger: 'kind', inbox: 'source', outbox: 'queue', finding_events: 'kind' } as const;
export type LimitedTable = keyof typeof ROWS_BY;

/** What all surfaces do: hand jobs to the queue, and note what they saw of the policy. */
const EVERY = {
  outbox: ['insert', 'update (tries, next_at, completed_at)', 'delete'],
  trust_policies: ['insert'],
} as const;
const APPEND = { ledger: ['insert'], ledger_nodes: ['insert'], ledger_state: ['update'] } as const;
/** Whoever posts takes turns in a channel, and remembers what stands where. */
const CHANNELS = { channel_turns: ['insert', 'update'], postings: ['insert', 'update'] } as const;
const LINKS = { link_secret: ['insert'] } as const;
/** Whoever handles a finding locks it, says what was done, and has it told. */
const HANDLE = {
  findings: ['update (apart)'],
  finding_events: ['insert'],
  alert_deliveries: ['update (wanted, due_at)'],
} as const;
const SAVE = ['insert', 'update'] as const;
const KEEP = ['insert', 'update', 'delete'] as const;

const queues = (...names: readonly QueueName[]): readonly QueueName[] => names;
const steps = (...kinds: readonly FindingStep['kind'][]): readonly FindingStep['kind'][] => kinds;
const HANDLED = steps('acknowledged', 'muted', 'unmuted', 'run_asked', 'block_allowed');

/** By role. Roles are made by whoever administers the database; where one is missing, it is granted nothing. */
export const SURFACE_GRANTS: Readonly<Record<string, SurfaceGrants>> = {
  countersign_api: {
    writes: {
      ...{ ...EVERY, ...LINKS, ...HANDLE },
      inbox: ['insert'],
      runs: ['insert'],
      reruns: ['insert'],
      fetches: ['insert'],
      effects: SAVE,
      input_reports: SAVE,
      deployment_reports: KEEP,
      witness_requests: ['insert'],
      evidence_requests: ['update (outcome, word)', 'delete'],
      signed_head: SAVE,
    },
    adds: {
      inbox: ['api'],
      outbox: queues('runs', 'answers', 'alerts', 'fetches', 'witness'),
      finding_events: HANDLED,
    },
  },
  countersign_queue: {
    writes: {
      ...{ ...EVERY, ...APPEND, ...HANDLE },
      runs: SAVE,
      stage_results: ['insert'],
      records: ['insert'],
      check_audits: ['insert'],
      approval_requests: SAVE,
    },
    adds: {
      ledger: SIGNS.worker,
      outbox: queues('runs', 'slack', 'alerts'),
      finding_events: steps('run_queued', 'run_refused'),
    },
  },
  countersign_bot: {
    writes: {
      ...{ ...EVERY, ...LINKS, ...APPEND, ...HANDLE, ...CHANNELS },
      inbox: SAVE,
      statement_arrivals: ['insert'],
      effects: SAVE,
      runs: ['update'],
      approval_requests: ['update'],
      approval_decisions: SAVE,
      delegations: SAVE,
      overrides: SAVE,
      tokens: ['update'],
      role_groups: KEEP,
      role_grants: SAVE,
      slack_accounts: SAVE,
      suspensions: SAVE,
      presentations: KEEP,
      deliveries: SAVE,
    },
    adds: {
      ledger: SIGNS.approvals,
      inbox: ['slack'],
      outbox: queues('runs', 'answers', 'slack', 'alerts'),
      finding_events: HANDLED,
    },
  },
  countersign_monitor: {
    writes: {
      ...{ ...EVERY, ...LINKS, ...APPEND, ...CHANNELS },
      runs: ['update'],
      approval_requests: ['update'],
      delegations: ['update'],
      overrides: ['update'],
      override_milestones: ['insert'],
      escalations: ['insert'],
      asks: SAVE,
      renewals: ['insert'],
      input_reports: SAVE,
      deployments: KEEP,
      deployment_history: SAVE,
      inventory_sources: KEEP,
      productions: ['insert'],
      enforcements: SAVE,
      findings: SAVE,
      finding_events: ['insert'],
      storms: ['insert'],
      alert_deliveries: SAVE,
      alert_receivers: KEEP,
      publications: SAVE,
      checkpoints: ['insert'],
      witness_requests: ['update (outcome, word)', 'delete'],
      evidence_requests: ['insert'],
    },
    adds: {
      // What it witnesses goes with the view, and the ledger does not grow by being looked at.
      ledger: SIGNS.monitor.filter((kind) => kind !== 'view-witness/v1'),
      outbox: queues('runs', 'slack', 'alerts', 'audits', 'publishing', 'evidence'),
      finding_events: steps(
        ...(['fired', 'changed', 'resolved', 'mute_ended', 'escalated', 'run_asked'] as const),
        ...(['blocked', 'released', 'block_held'] as const),
      ),
    },
  },
  // It says what the bytes of an artifact are, and nothing else.
  countersign_fetcher: { writes: { ...EVERY, ...LINKS, fetches: ['update', 'delete'] }, adds: {} },
};
