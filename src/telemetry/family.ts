import type { MetricsSnapshot, ModelMetrics } from '../domain/index.ts';

/** One time series at one instant. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a family's values are, and so what is demanded of them. */
export type Unit = 'count' | 'boolean' | 'hash' | 'unix_seconds' | 'seconds';

/** A metric family and how a snapshot fills it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly unit: Unit;
  readonly labels: readonly string[];
  readonly samples: (snapshot: MetricsSnapshot) => readonly Sample[];
}

const MODEL = ['model_id', 'model_version'] as const;

/**
 * The families of `governance_*` and `model_*` metrics. Names, labels and units are what the alert rules and the
 * dashboard join on: one series per model version in each of the first seven, so that `on(model_id, model_version)`
 * matches one to one.
 */
export const FAMILIES: readonly Family[] = [
  perModel(
    'governance_model_hash',
    'First 52 bits of the SHA-256 of the governed artifact.',
    'hash',
    (m) => m.governedHash,
  ),
  perModel(
    'model_deployed_hash',
    'First 52 bits of the SHA-256 of the deployed artifact; of a wrong one if any replica serves one.',
    'hash',
    (m) => m.deployedHash,
  ),
  perModel(
    'governance_approval_timestamp',
    'Unix time at which the governance was granted.',
    'unix_seconds',
    (m) => m.approvalTimestamp,
  ),
  perModel(
    'governance_required_stages_total',
    'Stages of checks that must pass.',
    'count',
    (m) => m.requiredStages,
  ),
  perModel(
    'governance_completed_stages_total',
    'Required stages of checks that passed.',
    'count',
    (m) => m.completedStages,
  ),
  perModel(
    'governance_record_exists',
    '1 if a complete, verified governance record exists.',
    'boolean',
    (m) => Number(m.recordExists),
  ),
  {
    ...gauge('model_serving_active', '1 if the model version is deployed.', 'boolean'),
    labels: [...MODEL, 'governance_status'],
    samples: ({ models }) =>
      models.map((m) => ({
        labels: { ...nameOf(m), governance_status: m.status },
        value: Number(m.serving),
      })),
  },
  {
    ...gauge('governance_approval_age_seconds', 'Time since the governance was granted.', 'seconds'),
    labels: MODEL,
    samples: ({ at, models }) =>
      models.flatMap((m) =>
        m.approvalTimestamp === null
          ? []
          : [{ labels: nameOf(m), value: Math.max(0, at - m.approvalTimestamp) }],
      ),
  },
  {
    ...gauge('governance_approval_status', '1 for each open approval request, by its status.', 'boolean'),
    labels: [...MODEL, 'status'],
    samples: ({ approvals }) =>
      distinct(approvals.map((a) => ({ labels: { ...nameOf(a), status: a.status }, value: 1 }))),
  },
  {
    ...gauge('governance_finding_firing', 'Number of firing findings.', 'count'),
    labels: ['kind', 'severity', ...MODEL, 'environment'],
    samples: ({ findings }) =>
      counted(
        findings.map((f) => ({
          kind: f.kind,
          severity: f.severity,
          ...nameOf(f),
          environment: f.environment,
        })),
      ),
  },
  {
    ...counter('governance_pipeline_runs_total', 'Runs that ended.'),
    labels: [],
    samples: ({ runs }) => [{ labels: {}, value: runs.total }],
  },
  {
    ...counter('governance_pipeline_passed_total', 'Runs whose required stages of checks all passed.'),
    labels: [],
    samples: ({ runs }) => [{ labels: {}, value: runs.passed }],
  },
  {
    ...counter('governance_check_failed_total', 'Checks that did not pass, by stage.'),
    labels: ['stage'],
    samples: ({ checkFailures }) =>
      checkFailures.map(({ stage, count }) => ({ labels: { stage }, value: count })),
  },
  {
    ...gauge(
      'governance_check_reliable',
      '1 if the check answered all of its known cases rightly at its last audit, else 0.',
      'boolean',
    ),
    labels: ['check'],
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
    samples: ({ receivers }) =>
      receivers.map(({ name, failing }) => ({ labels: { receiver: name }, value: Number(failing) })),
  },
  {
    ...gauge('governance_alerts_waiting', 'Findings of which a receiver was not told all yet.', 'count'),
    labels: ['receiver'],
    samples: ({ receivers }) =>
      receivers.map(({ name, waiting }) => ({ labels: { receiver: name }, value: waiting })),
  },
];

function gauge(name: string, help: string, unit: Unit) {
  return { name, help, unit, type: 'gauge' as const };
}

function counter(name: string, help: string) {
  return { name, help, unit: 'count' as const, type: 'counter' as const };
}

function perModel(
  name: string,
  help: string,
  unit: Unit,
  read: (model: ModelMetrics) => number | null,
): Family {
  const samples = ({ models }: MetricsSnapshot) =>
    models.flatMap((model) => {
      const value = read(model);
      return value === null ? [] : [{ labels: nameOf(model), value }];
    });
  return { ...gauge(name, help, unit), labels: MODEL, samples };
}

function nameOf({ modelId, modelVersion }: { modelId: string; modelVersion: string }) {
  return { model_id: modelId, model_version: modelVersion };
}

function distinct(samples: readonly Sample[]): readonly Sample[] {
  return [...new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample])).values()];
}

function counted(all: readonly Sample['labels'][]): readonly Sample[] {
  const groups = Map.groupBy(all, (labels) => JSON.stringify(labels));
  return [...groups.values()].map((group) => ({ labels: group[0] ?? {}, value: group.length }));
}
