import { FINDING_KINDS } from '../domain/index.ts';
import { counter, distinct, type Family, gauge, given, MODEL, nameOf } from './family.ts';
import { MOST_APPROVALS, MOST_FINDINGS, TOGETHER, upTo } from './most.ts';

/** What waits, what was done and what was found. */
export const WORK_FAMILIES: readonly Family[] = [
  {
    ...gauge(
      'governance_approval_status',
      `1 for each open approval request, by its status; of ${upTo(MOST_APPROVALS)} at most, the oldest.`,
      'boolean',
    ),
    labels: [...MODEL, 'status'],
    most: MOST_APPROVALS,
    samples: ({ approvals }) => distinct(approvals.map((a) => ({ ...nameOf(a), status: a.status }))),
  },
  {
    ...gauge(
      'governance_approval_oldest_wait_seconds',
      'How long the oldest open approval request has waited; 0 where none is open.',
      'seconds',
    ),
    labels: [],
    most: 1,
    samples: ({ at, approvals }) => [
      { labels: {}, value: Math.max(0, ...approvals.map(({ askedAt }) => at - askedAt)) },
    ],
  },
  {
    ...gauge(
      'governance_finding_firing',
      `Number of firing findings, all of them: those about no model version, and those about model versions without series of their own, under "${TOGETHER}".`,
      'count',
    ),
    labels: ['kind', 'severity', ...MODEL, 'environment'],
    // Beside those of their own, all others together by kind and severity.
    most: MOST_FINDINGS + 2 * FINDING_KINDS.length,
    samples: ({ findings }) =>
      findings.map(({ kind, severity, environment, count, ...name }) => ({
        labels: { kind, severity, ...nameOf(name), environment },
        value: count,
      })),
  },
  {
    ...counter('governance_pipeline_runs_total', 'Runs that ended.'),
    labels: [],
    most: 1,
    samples: ({ runs }) => [{ labels: {}, value: runs.total }],
  },
  {
    ...counter('governance_pipeline_passed_total', 'Runs whose required stages of checks all passed.'),
    labels: [],
    most: 1,
    samples: ({ runs }) => [{ labels: {}, value: runs.passed }],
  },
  {
    ...counter('governance_check_failed_total', 'Checks that did not pass, by stage.'),
    labels: ['stage'],
    most: null,
    samples: ({ checkFailures }) =>
      checkFailures.map(({ stage, count }) => ({ labels: { stage }, value: count })),
  },
  {
    ...gauge('governance_queue_jobs', 'Jobs that are not done yet, running ones among them.', 'count'),
    labels: ['queue'],
    most: null,
    samples: ({ queues }) => queues.map(({ name, waiting }) => ({ labels: { queue: name }, value: waiting })),
  },
  {
    ...gauge(
      'governance_queue_oldest_seconds',
      'How long the oldest job that is not done has been there; 0 where all are done.',
      'seconds',
    ),
    labels: ['queue'],
    most: null,
    samples: ({ at, queues }) =>
      queues.map(({ name, oldestAt }) => ({
        labels: { queue: name },
        value: oldestAt === null ? 0 : Math.max(0, at - oldestAt),
      })),
  },
];

/** How what the monitor relies on fares: its sources, the checks, the receivers of alerts. */
export const RELIANCE_FAMILIES: readonly Family[] = [
  {
    ...gauge(
      'governance_source_last_success_timestamp_seconds',
      'Unix time at which everything in an inventory source was seen last; no series before it ever was.',
      'unix_seconds',
    ),
    labels: ['source'],
    most: null,
    samples: ({ sources }) => sources.flatMap(({ name, seenAt }) => given({ source: name }, seenAt)),
  },
  {
    ...gauge(
      'governance_source_most_age_seconds',
      'How old what an inventory source shows may become by its settings: its interval, and twice the time that a look may take.',
      'seconds',
    ),
    labels: ['source'],
    most: null,
    samples: ({ sources }) =>
      sources.map(({ name, mostAge }) => ({ labels: { source: name }, value: mostAge })),
  },
  {
    ...gauge(
      'governance_source_stale',
      '1 while an inventory source cannot be seen, or only a part of it, else 0.',
      'boolean',
    ),
    labels: ['source'],
    most: null,
    samples: ({ sources }) =>
      sources.map(({ name, stale }) => ({ labels: { source: name }, value: Number(stale) })),
  },
  {
    ...gauge('governance_source_deployments', 'Deployments that an inventory source showed last.', 'count'),
    labels: ['source'],
    most: null,
    samples: ({ sources }) =>
      sources.map(({ name, deployments }) => ({ labels: { source: name }, value: deployments })),
  },
  {
    ...gauge(
      'governance_check_reliable',
      '1 if the check answered all of its known cases rightly at its last audit, else 0.',
      'boolean',
    ),
    labels: ['check'],
    most: null,
    samples: ({ checks }) =>
      checks.map(({ name, reliable }) => ({ labels: { check: name }, value: Number(reliable) })),
  },
  {
    ...gauge(
      'governance_alert_receiver_failing',
      '1 while a receiver of alerts takes nothing that it is told, else 0.',
      'boolean',
    ),
    labels: ['receiver'],
    most: null,
    samples: ({ receivers }) =>
      receivers.map(({ name, failing }) => ({ labels: { receiver: name }, value: Number(failing) })),
  },
  {
    ...gauge('governance_alerts_waiting', 'Findings of which a receiver was not told all yet.', 'count'),
    labels: ['receiver'],
    most: null,
    samples: ({ receivers }) =>
      receivers.map(({ name, waiting }) => ({ labels: { receiver: name }, value: waiting })),
  },
];
