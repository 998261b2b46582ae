import type { FrameworkId } from './framework.ts';

/** The references of one check or control, by framework; each is an id in the notation of its framework. */
export type References = Readonly<Partial<Record<FrameworkId, readonly string[]>>>;

/** Raised with every change of the table below. */
export const MAPPING_VERSION = '1.0.0';
/** The day on which the table was last compared with the frameworks. */
export const MAPPING_DATE = '2026-11-25';

/** What a pass of each check is evidence for. Our own reading: a person has to agree with it before an auditor relies on it. */
export const MAPPING: Readonly<Record<string, References>> = {
  training_data_sources_documented: {
    eu_ai_act: ['Art. 10(2)(b)', 'Art. 11', 'Annex IV(2)(d)', 'Art. 53(1)(d)'],
    nist_ai_rmf: ['MAP 2.3', 'MAP 4.1', 'GOVERN 6.1'],
    iso_42001: ['A.7.3', 'A.7.5', 'A.4.3'],
  },
  pii_handling_verified: {
    eu_ai_act: ['Art. 10', 'Art. 4a', 'Art. 26(9)'],
    gdpr: ['Art. 5', 'Art. 25', 'Art. 32'],
    nist_ai_rmf: ['MEASURE 2.10', 'MAP 4.1'],
    iso_42001: ['A.7.2', 'A.7.6', 'A.5.4'],
  },
  consent_basis_documented: {
    eu_ai_act: ['Art. 10(2)(b)', 'Art. 4a'],
    gdpr: ['Art. 6', 'Art. 7', 'Art. 9'],
    nist_ai_rmf: ['GOVERN 1.1', 'MAP 4.1', 'MEASURE 2.10'],
    iso_42001: ['A.7.3', 'A.7.5'],
  },
  data_retention_policy_compliant: {
    eu_ai_act: ['Art. 4a', 'Art. 18', 'Art. 19'],
    gdpr: ['Art. 5(1)(e)', 'Art. 30'],
    nist_ai_rmf: ['GOVERN 1.1', 'GOVERN 1.7', 'MEASURE 2.10'],
    iso_42001: ['A.7.2', 'A.4.3'],
  },
  model_card_schema_valid: {
    eu_ai_act: ['Art. 11', 'Art. 13', 'Annex IV(1)'],
    nist_ai_rmf: ['GOVERN 1.4', 'MEASURE 2.9', 'MAP 2.1'],
    iso_42001: ['A.6.2.7', 'A.6.2.3'],
  },
  performance_metrics_populated: {
    eu_ai_act: ['Art. 13(3)(b)(ii)', 'Art. 15(3)', 'Annex IV(3)', 'Annex IV(4)'],
    nist_ai_rmf: ['MEASURE 2.1', 'MEASURE 2.3', 'MEASURE 2.5'],
    iso_42001: ['A.6.2.4', 'A.8.2'],
  },
  failure_modes_documented: {
    eu_ai_act: ['Art. 9(2)', 'Art. 13(3)(b)(iii)', 'Annex IV(3)'],
    nist_ai_rmf: ['MAP 2.2', 'MEASURE 2.6', 'MANAGE 1.4'],
    iso_42001: ['A.8.2', 'A.5.3'],
  },
  security_properties_documented: {
    eu_ai_act: ['Art. 15(5)', 'Annex IV(2)(h)'],
    nist_ai_rmf: ['MEASURE 2.7', 'GOVERN 4.2'],
    iso_42001: ['A.6.2.7', 'A.6.2.2'],
  },
  intended_use_defined: {
    eu_ai_act: ['Art. 3(12)', 'Art. 13(3)(b)(i)', 'Annex IV(1)(a)'],
    nist_ai_rmf: ['MAP 1.1', 'MAP 3.3'],
    iso_42001: ['A.9.4', 'A.6.2.2'],
  },
  demographic_parity_within_threshold: {
    eu_ai_act: ['Art. 10(2)(f)', 'Art. 10(2)(g)', 'Art. 9'],
    nist_ai_rmf: ['MEASURE 2.11', 'MEASURE 1.1'],
    iso_42001: ['A.5.4', 'A.6.2.4', 'A.7.4'],
  },
  equalised_odds_within_threshold: {
    eu_ai_act: ['Art. 10(2)(f)', 'Art. 10(2)(g)', 'Art. 15'],
    nist_ai_rmf: ['MEASURE 2.11', 'MEASURE 2.3'],
    iso_42001: ['A.5.4', 'A.6.2.4'],
  },
  disparate_impact_ratio_above_minimum: {
    eu_ai_act: ['Art. 10(2)(f)', 'Art. 10(2)(g)', 'Art. 27'],
    nist_ai_rmf: ['MEASURE 2.11', 'MAP 5.1'],
    iso_42001: ['A.5.4', 'A.5.5'],
  },
  adversarial_perturbation_test_passed: {
    eu_ai_act: ['Art. 15(4)', 'Art. 15(5)', 'Art. 9(6)', 'Art. 9(7)', 'Art. 9(8)', 'Art. 55(1)(a)'],
    nist_ai_rmf: ['MEASURE 2.7', 'MEASURE 2.5'],
    iso_42001: ['A.6.2.4'],
  },
  edge_case_inputs_handled: {
    eu_ai_act: ['Art. 15(4)', 'Art. 9(2)(b)'],
    nist_ai_rmf: ['MEASURE 2.6', 'MEASURE 2.5'],
    iso_42001: ['A.6.2.4', 'A.6.2.2'],
  },
  output_boundary_verified: {
    eu_ai_act: ['Art. 15(1)', 'Art. 13', 'Art. 14'],
    nist_ai_rmf: ['MEASURE 2.5', 'MEASURE 2.6'],
    iso_42001: ['A.6.2.4'],
  },
  model_artifact_signed: {
    eu_ai_act: ['Art. 15(5)', 'Art. 12'],
    nist_ai_rmf: ['MEASURE 2.7', 'MAP 4.2', 'MANAGE 3.2'],
    iso_42001: ['A.6.2.5', 'A.10.3'],
  },
  inference_endpoint_tls_configured: {
    eu_ai_act: ['Art. 15(5)'],
    nist_ai_rmf: ['MEASURE 2.7', 'MAP 4.2'],
    iso_42001: ['A.6.2.5', 'A.4.5'],
  },
  input_validation_configured: {
    eu_ai_act: ['Art. 15(4)', 'Art. 15(5)', 'Art. 13(3)(b)(vi)', 'Art. 26(4)'],
    nist_ai_rmf: ['MEASURE 2.6', 'MEASURE 2.7'],
    iso_42001: ['A.6.2.2', 'A.6.2.5'],
  },
  rate_limiting_configured: {
    eu_ai_act: ['Art. 15(5)'],
    nist_ai_rmf: ['MEASURE 2.7', 'MANAGE 2.4'],
    iso_42001: ['A.6.2.5', 'A.6.2.6'],
  },
  risk_tier_assigned: {
    eu_ai_act: ['Art. 5', 'Art. 6', 'Art. 50', 'Art. 51', 'Annex I', 'Annex III'],
    nist_ai_rmf: ['GOVERN 1.3', 'MAP 1.5', 'MAP 5.1'],
    iso_42001: ['A.5.2', 'A.5.3'],
  },
  required_controls_for_tier_present: {
    eu_ai_act: [
      'Art. 8',
      'Art. 9',
      'Art. 10',
      'Art. 11',
      'Art. 12',
      'Art. 13',
      'Art. 14',
      'Art. 15',
      'Art. 16',
      'Art. 17',
      'Art. 26',
      'Art. 43',
      'Art. 47',
      'Art. 49',
      'Art. 50',
      'Art. 53',
    ],
    nist_ai_rmf: ['GOVERN 1.1', 'MANAGE 1.2', 'MANAGE 1.3'],
    iso_42001: ['A.6.1.3', 'A.6.2.2', 'A.2.3'],
  },
  human_approval: {
    eu_ai_act: ['Art. 14', 'Art. 17(1)(m)', 'Art. 26(2)'],
    nist_ai_rmf: ['MANAGE 1.1', 'GOVERN 2.1', 'GOVERN 2.3', 'GOVERN 3.2', 'MAP 3.5'],
    iso_42001: ['A.3.2', 'A.6.2.5', 'A.9.2'],
  },
  monitoring: {
    eu_ai_act: ['Art. 72', 'Art. 73', 'Art. 26(5)', 'Art. 12'],
    nist_ai_rmf: ['MANAGE 4.1', 'MANAGE 4.3', 'MEASURE 2.4', 'MEASURE 3.1', 'GOVERN 1.5'],
    iso_42001: ['A.6.2.6', 'A.6.2.8', 'A.8.4'],
  },
};
