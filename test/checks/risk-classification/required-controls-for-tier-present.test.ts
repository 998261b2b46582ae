import { describe, expect, it } from 'vitest';
import { ANNEX_IV_HEADINGS } from '../../../src/checks/risk/controls-table.ts';
import { digestOf, hexOf } from '../../../src/domain/index.ts';
import { HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const TEXT = `This document concerns fraud-detection, version 4.1.2.\n\n${'It says what is done, by whom, how often, and what happens when it fails. '.repeat(4)}`;
const TECHNICAL = `${TEXT}\n${ANNEX_IV_HEADINGS.map((heading, i) => `## ${i + 1}. ${heading}\n\nAs described.\n`).join('\n')}`;

const entry = (document: string, text: string, parts: object = {}) => ({
  document,
  sha256: hexOf(digestOf(text)),
  owner: 'M. Keller',
  approved: '2026-10-20',
  expires: '2027-10-20',
  model_version: '4.1.2',
  ...parts,
});
const general = (parts: object = {}) => entry('control.handbook', TEXT, parts);

const PASSED = [
  'demographic_parity_within_threshold',
  'equalised_odds_within_threshold',
  'intended_use_defined',
  'failure_modes_documented',
  'performance_metrics_populated',
  'security_properties_documented',
];

const CONTROLS: Record<string, unknown> = {
  ...Object.fromEntries(
    [
      'risk_management',
      'automatic_logging',
      'human_oversight',
      'quality_management',
      'document_retention',
      'log_retention',
      'corrective_action',
      'conformity_assessment',
      'declaration_of_conformity',
      'ce_marking',
      'registration',
      'post_market_monitoring',
      'incident_reporting',
      'ai_literacy',
    ].map((id) => [id, general()]),
  ),
  technical_documentation: entry('control.technical', TECHNICAL),
  data_governance: { checks: PASSED.slice(0, 2) },
  instructions_for_use: { checks: PASSED.slice(2, 5) },
  accuracy_robustness_cybersecurity: { checks: PASSED.slice(4) },
};

const document = (controls: object) => ({
  format: 'countersign-controls/v1',
  model: { id: 'fraud-detection', version: '4.1.2' },
  controls,
});
const run = (controls: object, options: object = {}, more: object = {}) =>
  runCheck(
    'required_controls_for_tier_present',
    {
      risk_questionnaire: HIGH_RISK,
      controls: document(controls),
      'control.handbook': TEXT,
      'control.technical': TECHNICAL,
      ...more,
    },
    { passedChecks: PASSED, ...options },
  );

describe('a high-risk provider', () => {
  it('passes with all 18 controls, documents and checks', async () => {
    const report = await run(CONTROLS);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.message).toBe('18 of 18 controls for high_risk in place');
  });

  it('passes with the controls in the questionnaire', async () => {
    const report = await runCheck(
      'required_controls_for_tier_present',
      {
        risk_questionnaire: { ...HIGH_RISK, controls: CONTROLS },
        'control.handbook': TEXT,
        'control.technical': TECHNICAL,
      },
      { passedChecks: PASSED },
    );
    expect(report.outcome).toBe('passed');
  });

  it.each(Object.keys(CONTROLS))('fails without %s', async (id) => {
    const { [id]: _, ...others } = CONTROLS;
    const report = await run(others);
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain(`17 of 18 controls for high_risk in place; not: ${id} (Art.`);
  });
});

describe('a document does not count', () => {
  it.each([
    ['that was not submitted', entry('control.lost', TEXT), 'its document control.lost was not submitted'],
    ['whose hash is another', general({ sha256: 'ab'.repeat(32) }), 'is not the document that was approved'],
    ['that expired yesterday', general({ expires: '2026-11-22' }), 'expired on 2026-11-22'],
    ['that is approved tomorrow', general({ approved: '2026-11-24' }), 'which is in the future'],
    ['for another version', general({ model_version: '4.1.1' }), 'is for version 4.1.1, not 4.1.2'],
  ])('%s', async (_, broken, message) => {
    const report = await run({ ...CONTROLS, risk_management: broken });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('counts through the whole day on which it expires', async () => {
    const report = await run(
      { ...CONTROLS, risk_management: general({ expires: '2026-11-23' }) },
      { now: '2026-11-23T23:59:59.999Z' },
    );
    expect(report.outcome).toBe('passed');
  });

  it.each([
    ['a placeholder', 'TODO', 'is a filler'],
    ['a comment', `<!-- ${TEXT} -->`, 'holds only a comment'],
    ['a stub', 'fraud-detection 4.1.2: we manage risks.', 'is too short'],
    ['about no model', TEXT.replaceAll('fraud-detection', 'our model'), 'does not mention "fraud-detection"'],
    ['about version 4.1.20', TEXT.replaceAll('4.1.2', '4.1.20'), 'does not mention "4.1.2"'],
    ['binary', '\u0000\u0001', 'is neither text nor PDF'],
    ['a PDF that nobody can read here', `%PDF-1.7 ${TEXT}`, 'is a PDF, whose text cannot be inspected'],
  ])('%s', async (_, text, message) => {
    const report = await run(
      { ...CONTROLS, risk_management: entry('control.risk', text) },
      {},
      { 'control.risk': text },
    );
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('technical documentation without a heading of Annex IV', async () => {
    const text = TECHNICAL.replace('Harmonised standards', 'Standards');
    const report = await run(
      { ...CONTROLS, technical_documentation: entry('control.technical', text) },
      {},
      { 'control.technical': text },
    );
    expect(problemsOf(report)).toContain('has no heading "Harmonised standards"');
  });

  it('a PDF counts where nothing in it is inspected', async () => {
    const pdf = '%PDF-1.7 binary';
    const report = await run(
      { ...CONTROLS, quality_management: entry('control.manual', pdf) },
      {},
      { 'control.manual': pdf },
    );
    expect(report.outcome).toBe('passed');
  });
});

describe('checks count as evidence', () => {
  it('only when they passed in an earlier stage of this run', async () => {
    const report = await run(CONTROLS, { passedChecks: PASSED.slice(1) });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(
      'the check demographic_parity_within_threshold did not pass in an earlier stage of this run',
    );
  });

  it('only for controls that they cover', async () => {
    const covered = await run({ ...CONTROLS, human_oversight: { checks: PASSED } });
    expect(problemsOf(covered)).toContain('the checks named do not cover this control');
    const half = await run({ ...CONTROLS, data_governance: { checks: PASSED.slice(0, 1) } });
    expect(problemsOf(half)).toContain('the checks named do not cover this control');
  });
});

describe('other tiers and roles', () => {
  const literacy = { ai_literacy: general() };

  it('minimal risk asks for literacy alone', async () => {
    const report = await run(literacy, {}, { risk_questionnaire: MINIMAL });
    expect(report.message).toBe('1 of 1 control for minimal_risk in place');
  });

  it('limited risk asks for what its flags entail', async () => {
    const answers = {
      ...MINIMAL,
      declared_tier: 'limited_risk',
      transparency: { ...MINIMAL.transparency, interacts_with_people: true },
    };
    const report = await run(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('not: transparency_interaction (Art. 50(1))');
  });

  it('a deployer of credit scoring owes a fundamental rights impact assessment', async () => {
    const answers = { ...HIGH_RISK, role: 'deployer', deployer: { public_body_or_service: false } };
    const report = await run(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('fundamental_rights_impact_assessment (Art. 27)');
    expect(report.message).not.toContain('quality_management');
  });

  it('a general-purpose model with systemic risk owes more', async () => {
    const answers = {
      ...MINIMAL,
      general_purpose: { is_general_purpose_model: true, training_compute_flop: 2e25 },
    };
    const report = await run(literacy, {}, { risk_questionnaire: answers });
    expect(report.message).toContain('gpai_copyright_policy (Art. 53(1)(c))');
    expect(report.message).toContain('gpai_cybersecurity (Art. 55(1)(d))');
  });

  it('nothing cures a prohibited practice', async () => {
    const answers = {
      ...HIGH_RISK,
      prohibited_practices: { ...HIGH_RISK.prohibited_practices, social_scoring: true },
    };
    const report = await run(CONTROLS, {}, { risk_questionnaire: answers });
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain('no control can cure a prohibited practice');
  });
});

describe('the days from which obligations apply', () => {
  it('are computed and shown for each control', async () => {
    const report = await run(CONTROLS);
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
    const report = await run(CONTROLS, {}, { risk_questionnaire: answers });
    expect(report.details['controls']).toContainEqual(
      expect.objectContaining({ id: 'human_oversight', applies_from: '2028-08-02' }),
    );
  });

  it('decide only where the policy says so', async () => {
    const { risk_management: _, ...others } = CONTROLS;
    const later = { parameters: { enforce: 'when_applicable' } };
    expect((await run(others)).outcome).toBe('failed');
    expect((await run(others, later)).outcome).toBe('passed');
    const { ai_literacy: __, ...illiterate } = CONTROLS;
    expect((await run(illiterate, later)).outcome).toBe('failed');
  });
});

describe('lists of controls that cannot be used', () => {
  it('none is insufficient evidence, and says what is asked for', async () => {
    const report = await runCheck('required_controls_for_tier_present', { risk_questionnaire: HIGH_RISK });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('high_risk demands risk_management, data_governance');
  });

  it('an unknown control fails', async () => {
    const report = await run({ ...CONTROLS, vibes: general() });
    expect(problemsOf(report)).toContain('controls: vibes: is no control that we know');
  });

  it('two lists fail', async () => {
    const report = await run(CONTROLS, {}, { risk_questionnaire: { ...HIGH_RISK, controls: CONTROLS } });
    expect(problemsOf(report)).toContain('controls are listed here and in the questionnaire');
  });

  it('a list for another version fails', async () => {
    const other = { ...document(CONTROLS), model: { id: 'fraud-detection', version: '4.2.0' } };
    const report = await run(CONTROLS, {}, { controls: other });
    expect(problemsOf(report)).toContain('is about fraud-detection@4.2.0, not fraud-detection@4.1.2');
  });

  it('a questionnaire that is not valid leaves the tier unknown', async () => {
    const report = await run(CONTROLS, {}, { risk_questionnaire: 'role: king' });
    expect(report.outcome).toBe('insufficient_evidence');
  });
});
