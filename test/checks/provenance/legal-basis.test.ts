import { describe, expect, it } from 'vitest';
import { ARTICLE_6, ARTICLE_9, letterOf, termOf } from '../../../src/checks/provenance/legal-basis.ts';
import { measureOf } from '../../../src/checks/provenance/measures.ts';
import { purposeKind } from '../../../src/checks/provenance/purpose.ts';
import { slugOf } from '../../../src/checks/provenance/record.ts';
import { thirdCountries } from '../../../src/checks/provenance/third-country.ts';

/** The `term` columns of legal_basis.csv and legal_basis_special.csv of W3C DPV 2.1, but for `Consent`. */
const DPV_2_1 =
  'A6-1-a A6-1-a-explicit-consent A6-1-a-non-explicit-consent A6-1-b A6-1-b-contract-performance ' +
  'A6-1-b-enter-into-contract A6-1-c A6-1-d A6-1-d-data-subject A6-1-d-natural-person A6-1-e ' +
  'A6-1-e-official-authority A6-1-e-public-interest A6-1-f A6-1-f-controller A6-1-f-third-party ' +
  'A9-2-a A9-2-b A9-2-c A9-2-d A9-2-e A9-2-f A9-2-g A9-2-h A9-2-i A9-2-j';

describe('lawful bases', () => {
  it('are those of DPV 2.1', () => {
    expect([...ARTICLE_6, ...ARTICLE_9].join(' ')).toBe(DPV_2_1);
  });

  it.each([
    ['https://w3id.org/dpv/legal/eu/gdpr#A6-1-f-controller', 'A6-1-f-controller', 'f'],
    ['eu-gdpr:A6-1-a', 'A6-1-a', 'a'],
    ['Art. 6(1)(f)', 'A6-1-f', 'f'],
    ['Article 9(2)(j)', 'A9-2-j', undefined],
    ['A6-1-g', 'A6-1-g', undefined],
  ])('%s is %s', (stated, term, letter) => {
    expect(termOf(stated)).toBe(term);
    expect(letterOf(term)).toBe(letter);
  });
});

describe('words', () => {
  it.each([
    ['https://countersign.dev/data#ModelTraining', 'model_training'],
    ['training of the fraud model', 'model_training'],
    ['Evaluation of models', 'model_evaluation'],
    ['https://w3id.org/dpv#FraudPreventionAndDetection', 'other'],
    ['Detection of bias in training data', 'bias_detection'],
    ['everything except training', 'other'],
    ['constraint solving', 'other'],
  ])('of the purpose %s say %s', (name, kind) => {
    expect(purposeKind(name)).toBe(kind);
  });

  it.each([
    ['https://w3id.org/dpv#Pseudonymisation', 'pseudonymization'],
    ['dpv:DataAnonymisation', 'anonymization'],
    ['k-anonymity', 'k-anonymity'],
    ['Differential Privacy', 'differential-privacy'],
    ['data_masking', 'data-masking'],
    ['being careful', undefined],
  ])('of the measure %s say %s', (stated, measure) => {
    expect(measureOf(stated)).toBe(measure);
  });

  it('of names are spelt as evidence names are', () => {
    expect(['dataset-training', 'Held-out Evaluation ', 'a/b:c', 'dataset'].map(slugOf)).toEqual([
      'training',
      'held_out_evaluation',
      'a_b_c',
      'dataset',
    ]);
  });

  it('of countries tell those outside the European Economic Area', () => {
    expect(thirdCountries(['DE', 'DE-BY', 'Norway', 'GB', 'US', 'US', 'Brazil', 'EU'])).toEqual([
      'GB',
      'US',
      'Brazil',
    ]);
  });
});
