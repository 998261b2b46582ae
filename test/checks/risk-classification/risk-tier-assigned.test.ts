import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANNEX_III, AREA_NAMES, PROHIBITED_PRACTICES } from '../../../src/checks/risk/law.ts';
import { NEUTRAL_CARD } from '../support/card.ts';
import { HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const run = (risk_questionnaire: unknown, more: object = {}, options: object = {}) =>
  runCheck('risk_tier_assigned', { risk_questionnaire, model_card: NEUTRAL_CARD, ...more }, options);
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
        transparency: {
          ...MINIMAL.transparency,
          [flag]: true,
          neither_emotions_nor_protected_attributes: true,
        },
      });
      expect(report.outcome).toBe('passed');
      expect(report.details['risk_tier']).toBe('limited_risk');
    },
  );
});

describe('the day from which a provision applies', () => {
  const prohibited = (practice: string) => ({
    ...MINIMAL,
    declared_tier: 'prohibited',
    prohibited_practices: { ...MINIMAL.prohibited_practices, [practice]: true },
  });

  it.each([
    [prohibited('social_scoring'), '2025-02-02', false],
    [prohibited('child_sexual_abuse_material'), '2026-12-02', true],
    [HIGH_RISK, '2027-12-02', true],
  ])('is in the details, and in the message while it is to come', async (answers, day, told) => {
    const report = await run(answers);
    expect(report.details['reasons']).toContainEqual(expect.objectContaining({ applies_from: day }));
    expect(report.message.includes(`(applies from ${day})`)).toBe(told);
    const then = await run(answers, {}, { now: `${day}T00:00:00.000Z` });
    expect(then.message).not.toContain('applies from');
  });

  it('duties for general-purpose models stand beside the tier', async () => {
    const general_purpose = { is_general_purpose_model: true, training_compute_flop: 2e25 };
    const report = await run({ ...MINIMAL, general_purpose });
    expect(report.details['risk_tier']).toBe('minimal_risk');
    expect(report.details['beside_the_tier']).toMatchObject([
      { provision: 'Art. 53, 54', applies_from: '2025-08-02' },
      { provision: 'Art. 51(2), 55' },
    ]);
    const [only] = [
      await run({ ...MINIMAL, general_purpose: { ...general_purpose, training_compute_flop: 1e25 } }),
    ];
    expect(only.details['beside_the_tier']).toHaveLength(1);
  });
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
