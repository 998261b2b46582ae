import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANNEX_III, AREA_NAMES, PROHIBITED_PRACTICES } from '../../../src/checks/risk/law.ts';
import { card } from '../support/card.ts';
import { CREDIT, HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

const run = (risk_questionnaire: unknown, more: object = {}, options: object = {}) =>
  runCheck('risk_tier_assigned', { risk_questionnaire, ...more }, options);
const FIXTURE = join(import.meta.dirname, '../fixtures/risk-questionnaire.yaml');

describe('the tier is computed from the answers', () => {
  it('fraud detection alone is minimal', async () => {
    const report = await run(MINIMAL);
    expect(report.outcome).toBe('passed');
    expect(report.details['risk_tier']).toBe('minimal_risk');
  });

  it('a score that also decides on credit is high-risk', async () => {
    const report = await run(HIGH_RISK);
    expect(report.outcome).toBe('passed');
    expect(report.details['risk_tier']).toBe('high_risk');
    expect(report.message).toContain('Annex III, 5: essential private and public services: creditworthiness');
  });

  it('the commented YAML form that people fill in is read', async () => {
    const report = await run(await readFile(FIXTURE, 'utf8'));
    expect(problemsOf(report)).toBe('');
    expect(report.details['risk_tier']).toBe('high_risk');
  });

  it.each(AREA_NAMES)('area %s makes it high-risk', async (name) => {
    const answer = {
      applies: true,
      points: [ANNEX_III[name].points[0]],
      reason: 'It is used there, says the sheet.',
    };
    const report = await run({ ...HIGH_RISK, annex_iii: { ...HIGH_RISK.annex_iii, [name]: answer } });
    expect(report.details['risk_tier']).toBe('high_risk');
    expect(report.message).toContain(`Annex III, ${ANNEX_III[name].number}`);
  });

  it.each(Object.entries(PROHIBITED_PRACTICES))(
    '%s is prohibited (%s), and never passes',
    async (name, article) => {
      const answers = {
        ...MINIMAL,
        declared_tier: 'prohibited',
        prohibited_practices: { ...MINIMAL.prohibited_practices, [name]: true },
      };
      const report = await run(answers);
      expect(report.outcome).toBe('failed');
      expect(report.details['risk_tier']).toBe('prohibited');
      expect(report.message).toContain(article);
    },
  );

  it('a product that needs third-party assessment is high-risk, without it not', async () => {
    const annex = { product_or_safety_component: true, act: 'Regulation (EU) 2017/745', section: 'A' };
    const assessed = await run({
      ...HIGH_RISK,
      annex_i: { ...annex, third_party_assessment: true },
      annex_iii: MINIMAL.annex_iii,
      intended_purpose: MINIMAL.intended_purpose,
    });
    expect(assessed.outcome).toBe('passed');
    expect(assessed.message).toContain('Art. 6(1)');
    const free = await run({ ...MINIMAL, annex_i: { ...annex, third_party_assessment: false } });
    expect(free.details['risk_tier']).toBe('minimal_risk');
  });

  it.each(['interacts_with_people', 'generates_synthetic_content', 'emotion_or_biometric_categorisation'])(
    '%s makes it limited',
    async (flag) => {
      const report = await run({
        ...MINIMAL,
        declared_tier: 'limited_risk',
        transparency: { ...MINIMAL.transparency, [flag]: true },
      });
      expect(report.outcome).toBe('passed');
      expect(report.details['risk_tier']).toBe('limited_risk');
    },
  );
});

describe('the exemption of Art. 6(3)', () => {
  const exempt = {
    ...HIGH_RISK,
    intended_purpose: 'Sorts incoming documents about customers by their kind.',
    declared_tier: 'minimal_risk',
    decision_influence: 'none',
    people: {
      natural_persons_affected: true,
      personal_data: true,
      score_per_person: false,
      profiling: false,
    },
    article_6_3: {
      claimed: true,
      condition: 'narrow_procedural_task',
      no_significant_risk: 'It only sorts documents by their kind; people read every one.',
      assessment_document: 'GRC-2026-118',
      registration: 'EU-DB-00112233',
    },
  };

  it('holds without profiling and without influence', async () => {
    expect((await run(exempt)).details['risk_tier']).toBe('minimal_risk');
  });

  it.each([
    ['profiling', { people: { ...exempt.people, profiling: true } }],
    ['influence on decisions', { decision_influence: 'material' }],
  ])('never with %s', async (_, answers) => {
    const report = await run({ ...exempt, ...answers });
    expect(report.outcome).toBe('failed');
    expect(report.details['risk_tier']).toBe('high_risk');
    expect(report.message).toContain('minimal_risk is declared, but the answers amount to high_risk');
  });

  it('needs its condition, reason, assessment and registration', async () => {
    const report = await run({ ...exempt, article_6_3: { claimed: true } });
    expect(problemsOf(report)).toContain(
      'article_6_3: condition, no_significant_risk, assessment_document and registration are needed',
    );
  });
});

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
