import type { ApprovalView } from '../../src/domain/index.ts';

/** What the example's pipeline finds with all its checks, as their reports say it. */
export const EVERY_STAGE: ApprovalView['stages'] = [
  {
    name: 'data_provenance',
    outcome: 'passed',
    checks: [
      passed('training_data_sources_documented', '2 of 2 datasets documented', [
        { name: 'datasets', value: 2, unit: 'count' },
      ]),
      passed('pii_handling_verified', '2 of 2 datasets handled as declared', [
        { name: 'datasets', value: 2, unit: 'count' },
      ]),
      passed('consent_basis_documented', '2 of 2 datasets with their lawful basis in order', [
        { name: 'datasets', value: 2, unit: 'count' },
      ]),
      passed('data_retention_policy_compliant', '2 of 2 datasets within their retention', [
        { name: 'datasets', value: 2, unit: 'count' },
        { name: 'days_left_at_least', value: 1679, unit: 'days' },
      ]),
    ],
  },
  {
    name: 'model_card',
    outcome: 'passed',
    checks: [
      passed(
        'model_card_schema_valid',
        'valid CycloneDX 1.6 card of fraud-detection@4.1.2, bound to this artifact by its SHA-256',
        [{ name: 'schema_violations', value: 0, unit: 'count' }],
      ),
      passed(
        'performance_metrics_populated',
        '75 metrics stated, 75 recomputed and within 0.005: auc 0.9623, accuracy 0.8975, precision 0.7462, …',
        [
          { name: 'metrics_stated', value: 75, unit: 'count' },
          { name: 'recomputed[auc]', value: 0.962303, unit: '1' },
        ],
      ),
      passed('failure_modes_documented', '6 failure modes documented', [
        { name: 'failure_modes', value: 6, unit: 'count' },
      ]),
      passed('security_properties_documented', '10 of 10 security properties documented', [
        { name: 'security_properties', value: 10, unit: 'count' },
      ]),
      passed(
        'intended_use_defined',
        '2 uses, 2 kinds of users, 3 uses out of scope; in line with the risk questionnaire',
        [{ name: 'uses', value: 2, unit: 'count' }],
      ),
    ],
  },
  {
    name: 'bias_and_fairness',
    outcome: 'passed',
    checks: [
      passed(
        'demographic_parity_within_threshold',
        'demographic parity: the worst of 3 comparisons: sex & age_band female & 26-40 is approved at 0.69, female & 41-60 at 0.71: difference 0.02 ≤ 0.10',
        [
          { name: 'demographic_parity_difference[sex]', value: 0.00475, unit: 'ratio' },
          { name: 'rows', value: 16000, unit: 'count' },
        ],
      ),
      passed(
        'equalised_odds_within_threshold',
        'equalised odds: the worst of 6 comparisons: sex & age_band male & 26-40 has false positive rate 0.09, male & 41-60 has 0.12: difference 0.03 ≤ 0.10',
        [
          { name: 'true_positive_rate_difference[sex]', value: 0.006, unit: 'ratio' },
          { name: 'rows', value: 16000, unit: 'count' },
        ],
      ),
      passed(
        'disparate_impact_ratio_above_minimum',
        'disparate impact: the worst of 3 comparisons: sex & age_band female & 26-40 is approved at 0.69, female & 41-60 at 0.71: ratio 0.97 ≥ 0.80',
        [
          { name: 'disparate_impact_ratio[sex]', value: 0.993242, unit: 'ratio' },
          { name: 'rows', value: 16000, unit: 'count' },
        ],
      ),
    ],
  },
  {
    name: 'safety_evaluation',
    outcome: 'passed',
    checks: [
      passed(
        'adversarial_perturbation_test_passed',
        'robust accuracy 0.967 at epsilon 0.01 (9 of 272 rows turned; 95 % sure of 0.943), at least 0.9 needed; attacks that find nothing prove nothing',
        [
          { name: 'rows', value: 300, unit: 'count' },
          { name: 'clean_accuracy', value: 0.906667, unit: 'ratio' },
          { name: 'median_smallest_perturbation[linf]', value: 0.0833333, unit: 'scale' },
        ],
      ),
      passed(
        'edge_case_inputs_handled',
        'all 191 edge cases are refused or answered within the declared outputs; inputs that are not finite are left to the validation of inputs',
        [
          { name: 'cases[non_finite]', value: 33, unit: 'count' },
          { name: 'difference_in_company', value: 0, unit: '1' },
        ],
      ),
      passed('output_boundary_verified', 'every output keeps to the model contract on 2340 rows', [
        { name: 'rows[reference data]', value: 320, unit: 'count' },
        { name: 'least[probabilities]', value: 1.98822e-13, unit: '1' },
      ]),
    ],
  },
  {
    name: 'security_review',
    outcome: 'passed',
    checks: [
      passed(
        'model_artifact_signed',
        'the artifact (onnx, 839 bytes) carries an OpenSSF model signature by the key CQ5NivwWtfkp1S6dQ7GftSwU2lbFpswTCzhLGEEBIMI=, and holds nothing but what its format allows',
        [
          { name: 'artifact_bytes', value: 839, unit: 'bytes' },
          { name: 'signatures_verified', value: 1, unit: 'count' },
        ],
      ),
      passed(
        'inference_endpoint_tls_configured',
        'scoring.kestrel-pay.example/v1/models/fraud-detection:predict is served over TLS only',
        [{ name: 'doors', value: 2, unit: 'count' }],
      ),
      passed(
        'input_validation_configured',
        'requests are described with bounds on all 10 numbers, agree with features FP32[*,10], and are validated',
        [{ name: 'doors', value: 2, unit: 'count' }],
      ),
      passed(
        'rate_limiting_configured',
        'a client can make at most 120 requests a minute at scoring.kestrel-pay.example/v1/models/fraud-detection:predict; 120 are allowed',
        [
          { name: 'doors', value: 2, unit: 'count' },
          { name: 'requests_per_client', value: 120, unit: 'per minute' },
        ],
      ),
    ],
  },
  {
    name: 'risk_classification',
    outcome: 'passed',
    checks: [
      passed(
        'risk_tier_assigned',
        'risk tier high_risk: Annex III, 5: essential private and public services: creditworthiness (applies from 2027-12-02)',
        [
          { name: 'reasons_for_the_tier', value: 1, unit: 'count' },
          { name: 'age_of_the_assessment', value: 41, unit: 'days' },
        ],
      ),
      passed(
        'required_controls_for_tier_present',
        '18 of 18 controls for high_risk in place; the law applies to 11 from 2027-12-02 (demanded already); the day is disputed for 6',
        [{ name: 'controls_required', value: 18, unit: 'count' }],
      ),
    ],
  },
];

type Check = ApprovalView['stages'][number]['checks'][number];

function passed(name: string, message: string, measurements: Check['measurements']): Check {
  return { name, outcome: 'passed', message, measurements, problems: [] };
}
