import { type Family, gauge, given, MODEL, nameOf, ofModels, perModel } from './family.ts';
import { MOST_MODEL_VERSIONS, MOST_STAGES, upTo } from './most.ts';

/**
 * The families that the alert rules join on(model_id, model_version): one series per model version in each of the first
 * seven, with those two labels and no more, so that one side matches one of the other. A model version has them all or none.
 */
export const MODEL_FAMILIES: readonly Family[] = [
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
    ...gauge(
      'model_serving_active',
      `1 if the model version is deployed. Of ${upTo(MOST_MODEL_VERSIONS)} model versions at most, the worst.`,
      'boolean',
    ),
    labels: [...MODEL, 'governance_status'],
    most: MOST_MODEL_VERSIONS,
    ...ofModels((m) => given({ ...nameOf(m), governance_status: m.status }, Number(m.serving))),
  },
  {
    ...gauge('governance_approval_age_seconds', 'Time since the governance was granted.', 'seconds'),
    labels: MODEL,
    most: MOST_MODEL_VERSIONS,
    samples: ({ at, models }) =>
      models.flatMap((m) =>
        m.approvalTimestamp === null
          ? []
          : [{ labels: nameOf(m), value: Math.max(0, at - m.approvalTimestamp) }],
      ),
  },
  perModel(
    'governance_valid_until_timestamp_seconds',
    'Unix time at which the governance lapses, by the pipeline’s own number of days and the approvals that count.',
    'unix_seconds',
    (m) => m.validUntil,
  ),
  {
    ...gauge(
      'governance_stage_missing',
      `1 for each required stage of checks that did not pass; ${MOST_STAGES} of a model version at most.`,
      'boolean',
    ),
    labels: [...MODEL, 'stage'],
    most: MOST_MODEL_VERSIONS * MOST_STAGES,
    ...ofModels((m) =>
      m.missingStages.slice(0, MOST_STAGES).map((stage) => ({ labels: { ...nameOf(m), stage }, value: 1 })),
    ),
  },
];
