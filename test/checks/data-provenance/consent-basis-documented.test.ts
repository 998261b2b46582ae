import { describe, expect, it } from 'vitest';
import { BALANCED, croissant, datasetEvidence } from '../support/dataset.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const run = (more: object) => runCheck('consent_basis_documented', datasetEvidence(croissant(more)));
const basis = (term: string, more: object = {}) => ({
  'dpv:hasLegalBasis': { '@type': `eu-gdpr:${term}`, ...more },
});
const consent = (more: object = {}) =>
  basis('A6-1-a-explicit-consent', {
    'dpv:hasConsentRecord': {
      'dct:identifier': 'CONSENT-2026',
      'dct:date': '2026-03-01',
      'dct:hasVersion': '3',
      'dpv:hasConsentControl': { '@id': 'https://bank.example/withdraw' },
      ...more,
    },
  });
const SPECIAL = { 'dpv:hasPersonalData': { '@type': 'dpv:SpecialCategoryPersonalData', name: 'Health' } };

describe('consent_basis_documented', () => {
  it.each([
    ['legitimate interests with a balancing test', {}],
    ['a basis stated as a bare term', basis('A6-1-b')],
    ['consent with its record', consent()],
    ['a legal obligation with the law', basis('A6-1-c', { 'dpv:hasApplicableLaw': '§ 10 GwG' })],
    [
      'a public task with the law',
      basis('A6-1-e-public-interest', { 'dpv:hasApplicableLaw': 'Art. 6 PSD2' }),
    ],
    ['vital interests', basis('A6-1-d-natural-person')],
    [
      'statements on a process of their own',
      {
        'dpv:hasPurpose': undefined,
        'dpv:hasLegalBasis': undefined,
        'dpv:hasProcess': { 'dpv:hasPurpose': 'Training of models', 'dpv:hasLegalBasis': BALANCED },
      },
    ],
    ['data that are declared free of persons', { 'dpv:hasPersonalData': { '@id': 'dpv:AnonymisedData' } }],
    [
      'special categories on an Art. 9 condition',
      { ...SPECIAL, 'dpv:hasLegalBasis': [BALANCED, { '@type': 'eu-gdpr:A9-2-e' }] },
    ],
    [
      'special categories for work on bias',
      {
        ...SPECIAL,
        'dpv:hasPurpose': [
          {
            '@id': 'countersign:BiasDetection',
            name: 'Bias detection in the training data',
            'countersign:article4aRecord': { 'dct:identifier': 'A4A-1', 'dct:date': '2026-06-01' },
          },
        ],
        'dpv:hasProcess': undefined,
      },
    ],
  ])('passes %s', async (name, more) => {
    const report = await run(more);
    const about = problemsOf(report).replace(/.*no dataset has the training of a model.*/, '');
    expect(about).toBe('');
    expect(report.outcome).toBe(name === 'special categories for work on bias' ? 'failed' : 'passed');
  });

  it.each([
    ['no purpose', { 'dpv:hasPurpose': undefined }, 'holds personal data and states no purpose'],
    ['no basis', { 'dpv:hasLegalBasis': undefined }, 'has no lawful basis of Art. 6(1) GDPR'],
    ['a basis that is none', basis('A6-1-g'), '"A6-1-g" of the purpose'],
    [
      'prose for a basis',
      { 'dpv:hasLegalBasis': 'The raters consented.' },
      'is no lawful basis that DPV has a term for',
    ],
    ['no balancing test', basis('A6-1-f'), 'the balancing test of A6-1-f'],
    [
      'a balancing test without date',
      basis('A6-1-f', { 'dpv:hasAssessment': { 'dct:identifier': 'LIA-7' } }),
      'no date',
    ],
    [
      'a balancing test of tomorrow',
      basis('A6-1-f', { 'dpv:hasAssessment': { 'dct:identifier': 'LIA-7', 'dct:date': '2026-11-24' } }),
      'is dated 2026-11-24, after 2026-11-23',
    ],
    [
      'a balancing test of no day',
      basis('A6-1-f', { 'dpv:hasAssessment': { 'dct:identifier': 'LIA-7', 'dct:date': '2026-02-30' } }),
      '"2026-02-30" is no date',
    ],
    ['consent without record', basis('A6-1-a'), 'has no consent record'],
    ['consent without version', consent({ 'dct:hasVersion': undefined }), 'states no version'],
    [
      'consent without withdrawal',
      consent({ 'dpv:hasConsentControl': undefined }),
      'states no way to withdraw it',
    ],
    ['consent without date', consent({ 'dct:date': undefined }), 'no date'],
    ['a legal obligation without law', basis('A6-1-c'), 'names no law'],
    ['special categories on Art. 6 alone', SPECIAL, 'no condition of Art. 9(2) GDPR'],
    [
      'research on special categories without law',
      { ...SPECIAL, 'dpv:hasLegalBasis': [BALANCED, { '@type': 'eu-gdpr:A9-2-j' }] },
      'A9-2-j of the purpose "Training of the fraud model" names no law',
    ],
    [
      'a purpose that is no training',
      { 'dpv:hasPurpose': { name: 'Billing of customers' } },
      'states no purpose that is the training or evaluation of a model',
    ],
    [
      'a purpose that denies training',
      { 'dpv:hasPurpose': { name: 'Billing, not training of models' } },
      'states no purpose that is the training or evaluation of a model',
    ],
    [
      'evaluation alone',
      { 'dpv:hasPurpose': { name: 'Evaluation of models' } },
      'no dataset has the training of a model among its purposes',
    ],
  ])('fails on %s', async (_, more, message) => {
    const report = await run(more);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('cannot judge what declares nothing', async () => {
    const report = await run({ 'dpv:hasPersonalData': undefined });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('does not declare whether it holds personal data');
  });
});
