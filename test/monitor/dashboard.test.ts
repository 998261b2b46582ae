import { expect, it } from 'vitest';
import { FAMILIES } from '../../src/telemetry/families.ts';
import { panels, queryPanels } from './dashboard.ts';

/** The six panels as the specification has them. */
const SPECIFIED: readonly (readonly [type: string, title: string, expr: string])[] = [
  [
    'piechart',
    'Models in Production by Governance Status',
    'count by (governance_status) (model_serving_active == 1)',
  ],
  [
    'stat',
    'Governance Pipeline Pass Rate (30d)',
    'sum(governance_pipeline_passed_total) / sum(governance_pipeline_runs_total)',
  ],
  ['stat', 'Pending Approvals', "count(governance_approval_status{status='pending'})"],
  [
    'barchart',
    'Governance Check Failures by Stage (7d)',
    'sum by (stage) (increase(governance_check_failed_total[7d]))',
  ],
  [
    'gauge',
    'Time from Training to Production (P50)',
    'histogram_quantile(0.5, rate(model_training_to_production_seconds_bucket[30d]))',
  ],
  ['table', 'Models with Expired Governance Approvals', 'governance_approval_age_seconds > 7776000'],
];

it('has the six panels of the specification, unchanged', () => {
  const shown = queryPanels().map(({ type, title, targets }) => [type, title, targets[0]?.expr]);
  expect(shown).toEqual(expect.arrayContaining(SPECIFIED.map((panel) => [...panel])));
});

it('has ids and titles that are there once, and no panel upon another', () => {
  const all = panels();
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

it('shows each family that an operator needs somewhere', () => {
  const asked = queryPanels()
    .flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .join('\n');
  const unasked = FAMILIES.map(({ name }) => name).filter((name) => !asked.includes(name));
  // What the alert rules alone read, and what the panels show in another form.
  expect(unasked).toEqual([
    'governance_model_hash',
    'model_deployed_hash',
    'governance_approval_timestamp',
    'governance_required_stages_total',
    'governance_completed_stages_total',
    'governance_record_exists',
    'governance_source_most_age_seconds',
    'governance_source_deployments',
    'governance_model_versions_omitted',
    'governance_deployments_omitted',
    'governance_artifacts_omitted',
    'governance_findings_omitted',
    'governance_approvals_omitted',
  ]);
});
