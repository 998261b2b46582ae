import { describe, expect, it } from 'vitest';
import {
  checkNames,
  FRAMEWORKS,
  ISO_42001_IDS,
  mappedNames,
  mappingOf,
  NIST_AI_RMF_IDS,
} from '../../../src/checks/index.ts';

/** The checks that the reference pipeline names, by stage; approval and monitoring are mapped beside them. */
const REFERENCE = [
  'training_data_sources_documented',
  'pii_handling_verified',
  'consent_basis_documented',
  'data_retention_policy_compliant',
  'model_card_schema_valid',
  'performance_metrics_populated',
  'failure_modes_documented',
  'security_properties_documented',
  'intended_use_defined',
  'demographic_parity_within_threshold',
  'equalised_odds_within_threshold',
  'disparate_impact_ratio_above_minimum',
  'adversarial_perturbation_test_passed',
  'edge_case_inputs_handled',
  'output_boundary_verified',
  'model_artifact_signed',
  'inference_endpoint_tls_configured',
  'input_validation_configured',
  'rate_limiting_configured',
  'risk_tier_assigned',
  'required_controls_for_tier_present',
];

/** Articles 1 to 113 and 4a with their points, and the thirteen annexes; what exists within an article is not checked. */
const AI_ACT =
  /^(?:Art\. (?:[1-9]|[1-9]\d|10\d|11[0-3]|4a)|Annex (?:I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII))(?:\(\w{1,4}\))*$/;
const GDPR = /^Art\. [1-9]\d?(?:\(\w{1,3}\))*$/;

describe('the mapping to frameworks', () => {
  it('covers every check of the reference pipeline in its order, human approval and monitoring', () => {
    expect(mappedNames()).toEqual([...REFERENCE, 'human_approval', 'monitoring']);
    expect(mappedNames()).toEqual(expect.arrayContaining([...checkNames()]));
  });

  it.each(mappedNames())('%s has references in the law and in both standards', (name) => {
    const ids = mappingOf(name).map(({ framework }) => framework.id);
    expect(ids).toEqual(expect.arrayContaining(['eu_ai_act', 'nist_ai_rmf', 'iso_42001']));
    for (const { references } of mappingOf(name)) expect(new Set(references).size).toBe(references.length);
  });

  it('names only what its frameworks have', () => {
    const known = {
      eu_ai_act: (id: string) => AI_ACT.test(id),
      gdpr: (id: string) => GDPR.test(id),
      nist_ai_rmf: (id: string) => NIST_AI_RMF_IDS.includes(id),
      iso_42001: (id: string) => ISO_42001_IDS.includes(id),
    };
    const strange = mappedNames().flatMap((name) =>
      mappingOf(name).flatMap(({ framework, references }) =>
        references.filter((reference) => !known[framework.id](reference)),
      ),
    );
    expect(strange).toEqual([]);
  });

  it('knows nothing of other names', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'fraud_screen'])
      expect(mappingOf(name)).toEqual([]);
  });
});

describe('the lists of ids', () => {
  it('has the 72 subcategories of NIST AI RMF 1.0: 19, 18, 22 and 13', () => {
    const counts = ['GOVERN', 'MAP', 'MEASURE', 'MANAGE'].map(
      (name) => NIST_AI_RMF_IDS.filter((id) => id.startsWith(`${name} `)).length,
    );
    expect(counts).toEqual([19, 18, 22, 13]);
    expect(new Set(NIST_AI_RMF_IDS).size).toBe(72);
    expect(NIST_AI_RMF_IDS).toEqual(
      expect.arrayContaining(['GOVERN 6.2', 'MAP 1.6', 'MEASURE 2.13', 'MANAGE 4.3']),
    );
  });

  it('has the 38 controls of ISO/IEC 42001:2023 Annex A', () => {
    expect(new Set(ISO_42001_IDS).size).toBe(38);
    expect(ISO_42001_IDS).toEqual(expect.arrayContaining(['A.2.2', 'A.6.1.2', 'A.6.2.8', 'A.10.4']));
    expect(ISO_42001_IDS.some((id) => id.endsWith('.1'))).toBe(false);
  });

  it('says which edition each framework has', () => {
    for (const { edition } of FRAMEWORKS) expect(edition).toMatch(/\d{4}/);
  });
});
