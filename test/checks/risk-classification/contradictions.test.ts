import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { card, NEUTRAL_CARD } from '../support/card.ts';
import { CREDIT, HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

const run = (risk_questionnaire: unknown, more: object = {}, options: object = {}) =>
  runCheck('risk_tier_assigned', { risk_questionnaire, model_card: NEUTRAL_CARD, ...more }, options);
const FIXTURE = join(import.meta.dirname, '../fixtures/risk-questionnaire.yaml');

describe('answers that cannot stand', () => {
  const people = HIGH_RISK.people;
  it.each([
    [
      'a lower tier is declared',
      { ...HIGH_RISK, declared_tier: 'minimal_risk' },
      'minimal_risk is declared, but the answers amount to high_risk',
    ],
    [
      'a higher tier is declared',
      { ...MINIMAL, declared_tier: 'high_risk' },
      'high_risk is declared, but the answers amount to minimal_risk',
    ],
    [
      'a score per person without profiling',
      { ...HIGH_RISK, people: { ...people, profiling: false } },
      'yet profiling is answered no without a justification',
    ],
    [
      'machinery in Section A',
      {
        ...MINIMAL,
        annex_i: {
          product_or_safety_component: true,
          third_party_assessment: false,
          act: 'Machinery Regulation (EU) 2023/1230',
          section: 'A',
        },
      },
      '2023/1230 (machinery) is in Section B of Annex I since Regulation (EU) 2026/1744',
    ],
    [
      'a medical device in Section B',
      {
        ...MINIMAL,
        declared_tier: 'high_risk',
        annex_i: {
          product_or_safety_component: true,
          third_party_assessment: true,
          act: 'Regulation (EU) 2017/745 on medical devices',
          section: 'B',
        },
      },
      '2017/745 (medical devices) is in Section A of Annex I, yet Section B is answered',
    ],
    [
      'a general-purpose model of unknown compute',
      { ...MINIMAL, general_purpose: { is_general_purpose_model: true } },
      'its training compute is not stated',
    ],
    [
      'nobody affected, yet personal data',
      { ...MINIMAL, people: { ...people, natural_persons_affected: false } },
      'no natural persons affected, yet personal data',
    ],
    [
      'profiling without personal data',
      { ...MINIMAL, people: { ...people, personal_data: false } },
      'profiling is processing of personal data',
    ],
    [
      'an exemption from no area',
      {
        ...MINIMAL,
        article_6_3: {
          claimed: true,
          condition: 'preparatory_task',
          no_significant_risk: 'There is none, as the assessment says.',
          assessment_document: 'GRC-1',
          registration: 'EU-1',
        },
      },
      'no area of Annex III applies',
    ],
    [
      'assessment of no product',
      { ...MINIMAL, annex_i: { product_or_safety_component: false, third_party_assessment: true } },
      'it is no product or safety component',
    ],
    [
      'emotions, yet no biometrics',
      {
        ...MINIMAL,
        declared_tier: 'limited_risk',
        transparency: { ...MINIMAL.transparency, emotion_or_biometric_categorisation: true },
      },
      'yet Annex III, 1 (biometrics) is said not to apply',
    ],
    ...[
      'Underwriting of consumer loans: decides which applicants get a loan.',
      'Scores loan applicants by their probability of default.',
      'Sorts CVs of job seekers and picks whom to interview.',
      'Identifies people in crowds by their faces in real time.',
      'Infers emotions of customers in calls.',
      'Bewertung der Kreditwürdigkeit von Verbrauchern.',
    ].map((intended_purpose): [string, object, string] => [
      intended_purpose,
      { ...MINIMAL, intended_purpose },
      'falls in Annex III',
    ]),
    [
      'an assessment of long ago',
      { ...MINIMAL, assessment: { ...MINIMAL.assessment, date: '1990-01-01' } },
      'at most 1095 are allowed (maximum_age_days)',
    ],
    [
      'deep fakes that are not synthetic',
      { ...MINIMAL, transparency: { ...MINIMAL.transparency, deep_fakes: true } },
      'yet generates no synthetic content',
    ],
    [
      'much compute, not general-purpose',
      { ...MINIMAL, general_purpose: { is_general_purpose_model: false, training_compute_flop: 2e23 } },
      'yet not general-purpose',
    ],
    [
      'a purpose in an area that is left out',
      { ...MINIMAL, intended_purpose: 'Ranks job applicants for the first interview.' },
      'falls in Annex III, 4',
    ],
    [
      'another version',
      { ...MINIMAL, model: { id: 'fraud-detection', version: '4.1.1' } },
      'is about fraud-detection@4.1.1, not fraud-detection@4.1.2',
    ],
    [
      'an assessment in the future',
      { ...MINIMAL, assessment: { ...MINIMAL.assessment, date: '2026-11-24' } },
      '2026-11-24 is in the future',
    ],
  ])('%s', async (_, answers, message) => {
    const report = await run(answers);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('a justification lets profiling be answered no', async () => {
    const justified = {
      ...people,
      profiling: false,
      profiling_justification: 'The score is about a transaction, not the person.',
    };
    expect((await run({ ...HIGH_RISK, people: justified })).outcome).toBe('passed');
  });

  it('an act that Annex I is not known to list leaves open what is owed', async () => {
    const annex = { product_or_safety_component: true, third_party_assessment: false, section: 'B' };
    const report = await run({ ...MINIMAL, annex_i: { ...annex, act: 'The law of medical devices' } });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('names no act of Annex I that we know');
  });

  it.each([undefined, '{ not json'])(
    'answers without a card that can be read suffice for nothing: %s',
    async (model_card) => {
      const evidence = model_card === undefined ? {} : { model_card };
      const report = await runCheck('risk_tier_assigned', { risk_questionnaire: MINIMAL, ...evidence });
      expect(report.outcome).toBe('insufficient_evidence');
      expect(report.message).toContain('no card that can be read to compare the answers with');
    },
  );

  it('a card whose use falls in an area that is left out', async () => {
    const report = await run(MINIMAL, { model_card: card() });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(
      'model_card: components[0].modelCard.considerations.useCases[1]: the stated use "credit limit"',
    );
    expect((await run(HIGH_RISK, { model_card: card() })).outcome).toBe('passed');
  });

  it('no natural persons, yet predictions with their sex', async () => {
    const nobody = {
      natural_persons_affected: false,
      personal_data: false,
      score_per_person: false,
      profiling: false,
    };
    const answers = { ...MINIMAL, people: nobody };
    const predictions = csv(['machine', 'Sex'], [[1, 'f']]);
    expect((await run(answers, { predictions })).message).toContain('the predictions have the columns Sex');
    expect((await run(answers, { predictions: csv(['machine', 'sensor'], [[1, 2]]) })).outcome).toBe(
      'passed',
    );
    expect((await run(answers, { predictions: 'PAR1' })).message).toContain('cannot be read to compare');
  });
});

describe('a questionnaire that is not valid', () => {
  it('fails with every problem and its line and column', async () => {
    const text = (await readFile(FIXTURE, 'utf8'))
      .replace('version: "4.1.2"', 'version: 4.10')
      .replace('role: provider', 'role: owner')
      .replace('  manipulation: false', '  manipulation: perhaps')
      .replace('declared_tier:', 'declared_teir:');
    const report = await run(text);
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain('the risk questionnaire is not valid');
    const places = report.problems.map(({ where, message }) => `${where} ${message}`);
    expect(places).toContainEqual(
      expect.stringMatching(/^risk_questionnaire:\d+:\d+ model.version: .*expected string/),
    );
    expect(places).toContainEqual(expect.stringMatching(/^risk_questionnaire:\d+:\d+ role: /));
    expect(places).toContainEqual(
      expect.stringMatching(/^risk_questionnaire:\d+:\d+ prohibited_practices.manipulation: /),
    );
    expect(places).toContainEqual(
      expect.stringMatching(/^risk_questionnaire:\d+:\d+ unknown key "declared_teir"/),
    );
  });

  it.each([
    [
      'a reason that is a placeholder',
      { ...MINIMAL, annex_iii: { ...MINIMAL.annex_iii, justice: { applies: false, reason: 'N/A' } } },
      'annex_iii.justice.reason: is a filler',
    ],
    [
      'an area that applies without points',
      { ...HIGH_RISK, annex_iii: { ...HIGH_RISK.annex_iii, essential_services: { ...CREDIT, points: [] } } },
      'annex_iii.essential_services.points',
    ],
    [
      'a point of another area',
      {
        ...HIGH_RISK,
        annex_iii: { ...HIGH_RISK.annex_iii, essential_services: { ...CREDIT, points: ['elections'] } },
      },
      'annex_iii.essential_services.points',
    ],
    [
      'a practice that is not answered',
      { ...MINIMAL, prohibited_practices: { manipulation: false } },
      'prohibited_practices.social_scoring',
    ],
    ['a deployer who says nothing about itself', { ...MINIMAL, role: 'deployer' }, 'deployer: is needed'],
    [
      'a day that does not exist',
      { ...MINIMAL, assessment: { ...MINIMAL.assessment, date: '2026-02-30' } },
      'assessment.date',
    ],
    [
      'an act that is not named',
      { ...MINIMAL, annex_i: { product_or_safety_component: true, third_party_assessment: true } },
      'act and section are needed',
    ],
  ])('%s', async (_, answers, message) => {
    const report = await run(answers);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('is insufficient evidence when there is none', async () => {
    expect((await runCheck('risk_tier_assigned', {})).outcome).toBe('insufficient_evidence');
  });
});

describe('special categories in the predictions', () => {
  const predictions = csv(['race', 'decision'], [['a', 1]]);
  it.each([
    ['nothing said', {}, 'failed'],
    ['no', { special_categories_for_bias: false }, 'failed'],
    ['for bias work', { special_categories_for_bias: true }, 'passed'],
    [
      'a justification',
      { special_categories_justification: 'The column holds the race of horses.' },
      'passed',
    ],
  ])('%s', async (_, more, outcome) => {
    const report = await run({ ...MINIMAL, people: { ...MINIMAL.people, ...more } }, { predictions });
    expect(report.outcome).toBe(outcome);
    if (outcome === 'failed')
      expect(problemsOf(report)).toContain('the predictions have the columns race, special categories');
  });
});
