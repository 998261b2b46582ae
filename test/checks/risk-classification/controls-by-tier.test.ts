import { describe, expect, it } from 'vitest';
import { CONTROLS, document, general, runControls } from '../support/controls.ts';
import { HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

describe('other tiers and roles', () => {
  const literacy = { ai_literacy: general() };

  it('minimal risk asks for literacy alone', async () => {
    const report = await runControls(literacy, {}, { risk_questionnaire: MINIMAL });
    expect(report.message).toBe('1 of 1 control for minimal_risk in place');
  });

  it('limited risk asks for what its flags entail', async () => {
    const answers = {
      ...MINIMAL,
      declared_tier: 'limited_risk',
      transparency: { ...MINIMAL.transparency, interacts_with_people: true },
    };
    const report = await runControls(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('not: transparency_interaction (Art. 50(1))');
  });

  it('a deployer of credit scoring owes a fundamental rights impact assessment', async () => {
    const answers = { ...HIGH_RISK, role: 'deployer', deployer: { public_body_or_service: false } };
    const report = await runControls(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('fundamental_rights_impact_assessment (Art. 27)');
    expect(report.message).not.toContain('quality_management');
  });

  it('a general-purpose model with systemic risk owes more', async () => {
    const answers = {
      ...MINIMAL,
      general_purpose: { is_general_purpose_model: true, training_compute_flop: 2e25 },
    };
    const report = await runControls(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('gpai_copyright_policy (Art. 53(1)(c))');
    expect(report.message).toContain('gpai_cybersecurity (Art. 55(1)(d))');
  });

  it('nothing cures a prohibited practice', async () => {
    const answers = {
      ...HIGH_RISK,
      prohibited_practices: { ...HIGH_RISK.prohibited_practices, social_scoring: true },
    };
    const report = await runControls(CONTROLS, {}, { risk_questionnaire: answers });
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain('no control can cure a prohibited practice');
  });
});

describe('what a system owes by how it came to its tier', () => {
  const owed = async (answers: object) => {
    const report = await runControls({}, {}, { risk_questionnaire: answers });
    return (report.details['controls'] as { id: string }[]).map(({ id }) => id);
  };
  const product = {
    product_or_safety_component: true,
    third_party_assessment: true,
    act: 'Regulation (EU) 2023/1230 on machinery',
    section: 'B',
  };

  it('a product of Section B owes what its sectoral law asks for', async () => {
    const answers = { ...HIGH_RISK, annex_i: product, annex_iii: MINIMAL.annex_iii };
    expect(await owed(answers)).toEqual(['sectoral_conformity', 'ai_literacy']);
    const device = { ...product, act: 'Regulation (EU) 2017/745 on medical devices' };
    for (const section of ['A', 'B'])
      expect(await owed({ ...answers, annex_i: { ...device, section } })).toContain('risk_management');
    const unknown = { ...product, act: 'The law of lifts and machines' };
    expect(await owed({ ...answers, annex_i: unknown })).toContain('risk_management');
    expect(await owed({ ...HIGH_RISK, annex_i: product })).toContain('risk_management');
  });

  it('an exempted one owes the assessment and the registration', async () => {
    const answers = {
      ...HIGH_RISK,
      declared_tier: 'minimal_risk',
      decision_influence: 'none',
      people: { ...HIGH_RISK.people, score_per_person: false, profiling: false },
      article_6_3: {
        claimed: true,
        condition: 'preparatory_task',
        no_significant_risk: 'It only sorts documents by their kind; people read every one.',
        assessment_document: 'GRC-2026-118',
        registration: 'EU-DB-00112233',
      },
    };
    expect(await owed(answers)).toEqual([
      'annex_iii_exemption_assessment',
      'annex_iii_exemption_registration',
      'ai_literacy',
    ]);
  });

  it('one that processes special categories to correct bias owes the conditions of Art. 4a', async () => {
    const people = { ...MINIMAL.people, special_categories_for_bias: true };
    expect(await owed({ ...MINIMAL, people })).toContain('special_category_bias_processing');
  });
});

describe('the days from which obligations apply', () => {
  it('are computed and shown for each control', async () => {
    const report = await runControls(CONTROLS);
    const controls = report.details['controls'] as {
      id: string;
      applies_from: string;
      in_force: boolean;
      uncertain?: boolean;
    }[];
    const of = (id: string) => controls.find((control) => control.id === id);
    expect(of('risk_management')).toMatchObject({ applies_from: '2027-12-02', in_force: false });
    expect(of('ai_literacy')).toMatchObject({ applies_from: '2025-02-02', in_force: true });
    expect(of('registration')).toMatchObject({ applies_from: '2026-08-02', in_force: true, uncertain: true });
  });

  it('are later for products of Annex I', async () => {
    const product = {
      product_or_safety_component: true,
      third_party_assessment: true,
      act: 'Regulation (EU) 2017/745',
      section: 'A',
    };
    const answers = { ...HIGH_RISK, annex_i: product, annex_iii: MINIMAL.annex_iii };
    const report = await runControls(CONTROLS, {}, { risk_questionnaire: answers });
    expect(report.details['controls']).toContainEqual(
      expect.objectContaining({ id: 'human_oversight', applies_from: '2028-08-02' }),
    );
  });

  it('are told in what is missing and in the message', async () => {
    const { risk_management: _, ...others } = CONTROLS;
    const report = await runControls(others);
    expect(problemsOf(report)).toContain('risk management system (Art. 9, applies from 2027-12-02)');
    expect(report.message).toContain('the law applies to 11 from 2027-12-02 (demanded already)');
    const later = await runControls(others, { parameters: { enforce: 'when_applicable' } });
    expect(later.message).toContain(
      '7 of 7 controls for high_risk in place; control.handbook is the evidence of 7 controls; the law applies to 11 from 2027-12-02 (not demanded yet)',
    );
  });

  it('are later, and disputed, for what public authorities used before', async () => {
    const answers = {
      ...HIGH_RISK,
      role: 'both',
      deployer: { public_body_or_service: true },
      placed_on_market: '2026-03-01',
    };
    const report = await runControls(CONTROLS, {}, { risk_questionnaire: answers });
    expect(report.details['controls']).toContainEqual(
      expect.objectContaining({ id: 'risk_management', applies_from: '2030-08-02', uncertain: true }),
    );
  });

  it.each([
    ['before the general date', '2026-08-01', '2026-12-02'],
    ['since', '2026-08-02', '2026-08-02'],
  ])('for marking depend on the market: %s', async (_, placed_on_market, day) => {
    const transparency = { ...MINIMAL.transparency, generates_synthetic_content: true };
    const answers = { ...MINIMAL, declared_tier: 'limited_risk', transparency, placed_on_market };
    const report = await runControls({}, {}, { risk_questionnaire: answers });
    expect(report.details['controls']).toContainEqual(
      expect.objectContaining({ id: 'transparency_synthetic_content', applies_from: day }),
    );
  });

  it('decide only where the policy says so', async () => {
    const { risk_management: _, ...others } = CONTROLS;
    const later = { parameters: { enforce: 'when_applicable' } };
    expect((await runControls(others)).outcome).toBe('failed');
    expect((await runControls(others, later)).outcome).toBe('passed');
    const { ai_literacy: __, ...illiterate } = CONTROLS;
    expect((await runControls(illiterate, later)).outcome).toBe('failed');
  });
});

describe('lists of controls that cannot be used', () => {
  it('none is insufficient evidence, and says what is asked for', async () => {
    const report = await runCheck('required_controls_for_tier_present', { risk_questionnaire: HIGH_RISK });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('high_risk demands risk_management, data_governance');
  });

  it('an unknown control fails', async () => {
    const report = await runControls({ ...CONTROLS, vibes: general() });
    expect(problemsOf(report)).toContain('controls: vibes: is no control that we know');
  });

  it('two lists fail', async () => {
    const report = await runControls(
      CONTROLS,
      {},
      { risk_questionnaire: { ...HIGH_RISK, controls: CONTROLS } },
    );
    expect(problemsOf(report)).toContain('controls are listed here and in the questionnaire');
  });

  it('a list for another version fails', async () => {
    const other = { ...document(CONTROLS), model: { id: 'fraud-detection', version: '4.2.0' } };
    const report = await runControls(CONTROLS, {}, { controls: other });
    expect(problemsOf(report)).toContain('is about fraud-detection@4.2.0, not fraud-detection@4.1.2');
  });

  it('a questionnaire that is not valid leaves the tier unknown', async () => {
    const report = await runControls(CONTROLS, {}, { risk_questionnaire: 'role: king' });
    expect(report.outcome).toBe('insufficient_evidence');
  });
});
