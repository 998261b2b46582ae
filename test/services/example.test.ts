import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BUILT_IN_CHECKS, checkVersions, createCheckRunner } from '../../src/checks/index.ts';
import { CheckParameters, type Digest, parsePipeline } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { describeRun, executeRun, submitRun } from '../../src/services/index.ts';
import { alreadyKnown } from '../checks/support/isolation.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { EXAMPLE, REFERENCE_PIPELINE, storeExample } from '../support/example.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let folder: string;
let context: Governance['context'];
let pipeline: Digest;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-example-'));
  const { context: scripted } = openGovernance(database.db);
  const parsed = parsePipeline(await readFile(REFERENCE_PIPELINE, 'utf8'), 'governance-pipeline.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  pipeline = parsed.value.digest;
  const trust = {
    policy: {
      ...scripted.trust.policy,
      pipelines: [{ digest: pipeline, models: ['*'], environments: ['*'] }],
    },
    pipelines: new Map([[pipeline, parsed.value]]),
  };
  const told = CheckParameters.parse(parse(await readFile(join(EXAMPLE, 'check-parameters.yaml'), 'utf8')));
  context = {
    ...scripted,
    checkParameters: () => told,
    trust,
    checkVersions: checkVersions(BUILT_IN_CHECKS),
    blobs: createBlobStore(folder, randomUUID),
    checks: createCheckRunner(alreadyKnown()),
  };
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(modelVersion: string) {
  const example = await storeExample(context.blobs, modelVersion);
  const submission = { ...example, pipeline, inputs: {}, authors: [], attempt: 'same' as const };
  const started = await submitRun(context, submission, { subject: 'ci:build', person: 'sam' });
  await executeRun(context, started.run.id);
  return describeRun(context, started.run.id, 'production');
}

it('takes 4.1.2 through all of its checks, to the people', { timeout: 90_000 }, async () => {
  const { run: ended, stages, approval, verdict } = await run('4.1.2');
  expect(
    stages.flatMap(({ results }) =>
      results.map(({ check, outcome, message }) => `${check}: ${outcome === 'passed' ? outcome : message}`),
    ),
  ).toEqual([
    'training_data_sources_documented: passed',
    'pii_handling_verified: passed',
    'consent_basis_documented: passed',
    'data_retention_policy_compliant: passed',
    'model_card_schema_valid: passed',
    'performance_metrics_populated: passed',
    'failure_modes_documented: passed',
    'security_properties_documented: passed',
    'intended_use_defined: passed',
    'demographic_parity_within_threshold: passed',
    'equalised_odds_within_threshold: passed',
    'disparate_impact_ratio_above_minimum: passed',
    'adversarial_perturbation_test_passed: passed',
    'edge_case_inputs_handled: passed',
    'output_boundary_verified: passed',
    'model_artifact_signed: passed',
    'inference_endpoint_tls_configured: passed',
    'input_validation_configured: passed',
    'rate_limiting_configured: passed',
    'risk_tier_assigned: passed',
    'required_controls_for_tier_present: passed',
  ]);
  expect(ended).toMatchObject({ state: 'awaiting_approval', riskTier: 'high_risk' });
  expect(approval).toMatchObject({ state: 'pending', missingRoles: ['ml_lead', 'compliance_officer'] });
  expect(verdict.status).toBe('pending');
});

it('halts 4.2.0 at its bias, naming attribute, groups, numbers and threshold', {
  timeout: 90_000,
}, async () => {
  const { run: ended, stages, approval, verdict } = await run('4.2.0');
  expect(stages.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'data_provenance: passed',
    'model_card: passed',
    'bias_and_fairness: failed',
    'safety_evaluation: not_evaluated',
    'security_review: not_evaluated',
    'risk_classification: not_evaluated',
  ]);
  const parity = stages[2]?.results.find(({ check }) => check === 'demographic_parity_within_threshold');
  expect(parity?.message).toMatch(/age_band.*18-25.*0\.48.*61\+.*0\.70.*0\.22.*0\.10/s);
  expect(ended.state).toBe('failed');
  expect(approval).toBeNull();
  expect(verdict).toMatchObject({ status: 'failed', allowed: false });
});
