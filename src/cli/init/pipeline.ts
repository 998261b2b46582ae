/** `governance-pipeline.yaml` to start from: all checks of this release, and two people for models of high risk. */
export const PIPELINE = `# governance-pipeline.yaml: what every model must pass, in order. A stage whose checks did not all pass halts the run where it is
# blocking. \`countersign checks\` says what each check proves, reads and takes.

# Days for which a governance record and its approvals are good.
record_validity_days: 90
approval:
  # Hours in which an answer is expected, and after which an unanswered request lapses.
  sla_hours: 4
  expires_after_hours: 168

stages:
  - name: data_provenance
    description: Verify training data sources, lineage, and consent
    required: true
    blocking: true
    checks:
      - training_data_sources_documented
      - pii_handling_verified
      - consent_basis_documented
      - data_retention_policy_compliant

  - name: model_card
    description: Validate model card completeness and accuracy
    required: true
    blocking: true
    checks:
      - model_card_schema_valid
      - performance_metrics_populated
      - failure_modes_documented
      - security_properties_documented
      - intended_use_defined

  - name: bias_and_fairness
    description: Run automated bias testing across protected attributes
    required: true
    blocking: true
    checks:
      - demographic_parity_within_threshold
      - equalised_odds_within_threshold
      - disparate_impact_ratio_above_minimum

  - name: safety_evaluation
    description: Test for adversarial robustness and edge case handling
    required: true
    blocking: true
    checks:
      - adversarial_perturbation_test_passed
      - edge_case_inputs_handled
      - output_boundary_verified

  - name: security_review
    description: Verify model artifact integrity and deployment security
    required: true
    blocking: true
    checks:
      - model_artifact_signed
      - inference_endpoint_tls_configured
      - input_validation_configured
      - rate_limiting_configured

  - name: risk_classification
    description: Classify model by regulatory risk tier
    required: true
    blocking: true
    checks:
      - risk_tier_assigned
      - required_controls_for_tier_present

  # The last stage: distinct people must cover these roles. Nobody who submitted or wrote the model counts.
  - name: human_approval
    description: Human review and sign-off for high-risk models
    required_for_risk_tiers: [high_risk]
    approval_roles: [ml_lead, compliance_officer]
    blocking: true
`;
