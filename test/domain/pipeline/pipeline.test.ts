import { describe, expect, it } from 'vitest';
import {
  approvalFor,
  checkStages,
  digestOf,
  isRequired,
  type Pipeline,
  parsePipeline,
  RISK_TIERS,
} from '../../../src/domain/index.ts';

/** The file of the specification: seven stages. */
const SPECIFIED = `# governance-pipeline.yaml
# Defines the governance stages that every model must pass.

stages:
  - name: "data_provenance"
    description: "Verify training data sources, lineage, and consent"
    required: true
    checks:
      - "training_data_sources_documented"
      - "pii_handling_verified"
      - "consent_basis_documented"
      - "data_retention_policy_compliant"
    blocking: true

  - name: "model_card"
    description: "Validate model card completeness and accuracy"
    required: true
    checks:
      - "model_card_schema_valid"
      - "performance_metrics_populated"
      - "failure_modes_documented"
      - "security_properties_documented"
      - "intended_use_defined"
    blocking: true

  - name: "bias_and_fairness"
    description: "Run automated bias testing across protected attributes"
    required: true
    checks:
      - "demographic_parity_within_threshold"
      - "equalised_odds_within_threshold"
      - "disparate_impact_ratio_above_minimum"
    blocking: true

  - name: "safety_evaluation"
    description: "Test for adversarial robustness and edge case handling"
    required: true
    checks:
      - "adversarial_perturbation_test_passed"
      - "edge_case_inputs_handled"
      - "output_boundary_verified"
    blocking: true

  - name: "security_review"
    description: "Verify model artifact integrity and deployment security"
    required: true
    checks:
      - "model_artifact_signed"
      - "inference_endpoint_tls_configured"
      - "input_validation_configured"
      - "rate_limiting_configured"
    blocking: true

  - name: "risk_classification"
    description: "Classify model by regulatory risk tier"
    required: true
    checks:
      - "risk_tier_assigned"
      - "required_controls_for_tier_present"
    blocking: true

  - name: "human_approval"
    description: "Human review and sign-off for high-risk models"
    required_for_risk_tiers: ["high_risk"]
    approval_roles: ["ml_lead", "compliance_officer"]
    blocking: true
`;

function read(text: string): Pipeline {
  const result = parsePipeline(text, 'pipeline.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const HOUR = 60 * 60 * 1000;

describe("the specification's pipeline", () => {
  const pipeline = read(SPECIFIED);

  it('parses with its seven stages, in order', () => {
    expect(pipeline.stages.map(({ name, kind }) => [name, kind])).toEqual([
      ['data_provenance', 'checks'],
      ['model_card', 'checks'],
      ['bias_and_fairness', 'checks'],
      ['safety_evaluation', 'checks'],
      ['security_review', 'checks'],
      ['risk_classification', 'checks'],
      ['human_approval', 'approval'],
    ]);
    expect(checkStages(pipeline).map(({ checks }) => checks.length)).toEqual([4, 5, 3, 3, 4, 2]);
    expect(checkStages(pipeline).every(({ blocking }) => blocking)).toBe(true);
  });

  it('is known by the digest of its bytes, to the last of them', () => {
    expect(pipeline.digest).toBe(digestOf(SPECIFIED));
    expect(read(`${SPECIFIED}\n`).digest).not.toBe(pipeline.digest);
    expect(pipeline.source).toBe(SPECIFIED);
  });

  it('asks two roles to approve a high-risk model, within the times that are usual', () => {
    expect(approvalFor(pipeline, 'high_risk')).toMatchObject({
      roles: ['ml_lead', 'compliance_officer'],
      sla: 4 * HOUR,
      expiresAfter: 7 * 24 * HOUR,
    });
    expect(pipeline.recordValidityDays).toBe(90);
  });

  it('asks nobody to approve a model of lesser risk', () => {
    expect(approvalFor(pipeline, 'limited_risk')).toBeNull();
    expect(approvalFor(pipeline, 'minimal_risk')).toBeNull();
  });
});

describe('what a pipeline says', () => {
  const pipeline = read(`
record_validity_days: 30
approval: { sla_hours: 0.5, expires_after_hours: 48 }
stages:
  - name: risk_classification
    checks: [risk_tier_assigned]
  - name: for_two
    required_for_risk_tiers: [high_risk, limited_risk]
    blocking: false
    parameters: { threshold: 0.8 }
    checks:
      - plain
      - name: with_parameters
        parameters: { minimum: 5, groups: [a, b] }
      - name: without_parameters
  - name: optional
    required: false
    checks: [nice_to_have]
  - name: people
    approval_roles: [ml_lead]
`);
  const [risk, forTwo, optional, people] = pipeline.stages;
  if (!risk || !forTwo || !optional || !people) throw new Error('expected four stages');

  it('is required for every tier, for some, or for none', () => {
    const tiers = [...RISK_TIERS, null];
    expect(tiers.map((tier) => isRequired(risk, tier))).toEqual([true, true, true, true, true]);
    expect(tiers.map((tier) => isRequired(forTwo, tier))).toEqual([true, true, true, false, true]);
    expect(tiers.map((tier) => isRequired(optional, tier))).toEqual([false, false, false, false, false]);
  });

  it('asks for approval whatever the tier where the stage names none', () => {
    expect([...RISK_TIERS, null].map((tier) => approvalFor(pipeline, tier)?.name)).toEqual(
      Array(5).fill('people'),
    );
  });

  it('demands everything of a tier that is unknown', () => {
    expect(approvalFor(read(SPECIFIED), null)?.name).toBe('human_approval');
  });

  it('blocks unless it says not to', () => {
    expect(checkStages(pipeline).map(({ blocking }) => blocking)).toEqual([true, false, true]);
  });

  it('gives parameters to a stage and to a check', () => {
    expect(forTwo).toMatchObject({
      description: '',
      parameters: { threshold: 0.8 },
      checks: [
        { name: 'plain', parameters: {} },
        { name: 'with_parameters', parameters: { minimum: 5, groups: ['a', 'b'] } },
        { name: 'without_parameters', parameters: {} },
      ],
    });
  });

  it('sets its own times', () => {
    expect(pipeline.recordValidityDays).toBe(30);
    expect(people).toMatchObject({ sla: HOUR / 2, expiresAfter: 48 * HOUR });
  });
});
