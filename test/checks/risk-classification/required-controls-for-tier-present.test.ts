import { describe, expect, it } from 'vitest';
import { CONTROLS, entry, general, PASSED, runControls, TECHNICAL, TEXT } from '../support/controls.ts';
import { HIGH_RISK } from '../support/questionnaire.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

describe('a high-risk provider', () => {
  it('passes with all 18 controls, documents and checks', async () => {
    const report = await runControls(CONTROLS);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.message).toBe(
      '18 of 18 controls for high_risk in place; control.handbook is the evidence of 14 controls; the law applies to 11 from 2027-12-02 (demanded already); the day is disputed for 6',
    );
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
    const report = await runControls(others);
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
    const report = await runControls({ ...CONTROLS, risk_management: broken });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('counts through the whole day on which it expires', async () => {
    const report = await runControls(
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
    [
      'about another control',
      TEXT.replace(/Articles.*1689/, 'Article 99 of it'),
      'for the control risk_management',
    ],
    ['binary', '\u0000\u0001', 'is neither text nor PDF'],
    ['a PDF that nobody can read here', `%PDF-1.7 ${TEXT}`, 'is a PDF, whose text cannot be inspected'],
  ])('%s', async (_, text, message) => {
    const report = await runControls(
      { ...CONTROLS, risk_management: entry('control.risk', text) },
      {},
      { 'control.risk': text },
    );
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('technical documentation without a heading of Annex IV', async () => {
    const text = TECHNICAL.replace('Harmonised standards', 'Standards');
    const report = await runControls(
      { ...CONTROLS, technical_documentation: entry('control.technical', text) },
      {},
      { 'control.technical': text },
    );
    expect(problemsOf(report)).toContain('has no heading "Harmonised standards"');
  });

  it.each(['%PDF-', '%PDF-1.7 binary'])('a PDF, of which nothing is known: %s', async (pdf) => {
    const report = await runControls(
      { ...CONTROLS, quality_management: entry('control.manual', pdf) },
      {},
      { 'control.manual': pdf },
    );
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain('control.manual (quality_management): is a PDF');
  });

  it.each([
    ['its article', 'Art. 17(1)(m) of Regulation (EU) 2024/1689'],
    ['one of several articles', 'Articles 4, 17, and 20 of Regulation (EU) 2024/1689'],
    ['a range of articles', 'Artikel 16 bis 18 der Verordnung'],
    ['its title', 'Our Quality-Management System'],
    ['its id', 'Evidence of quality_management'],
  ])('counts with %s', async (_, subject) => {
    const text = TEXT.replace(/Articles.*1689/, subject);
    const report = await runControls(
      { ...CONTROLS, quality_management: entry('control.manual', text) },
      {},
      { 'control.manual': text },
    );
    expect(problemsOf(report)).toBe('');
  });

  it.each(['Article 170', 'Article 1.17', 'the party of 17 people', 'Articles 1 to 17000'])(
    'does not count with %s',
    async (subject) => {
      const text = TEXT.replace(/Articles.*1689/, subject);
      const report = await runControls(
        { ...CONTROLS, quality_management: entry('control.manual', text) },
        {},
        { 'control.manual': text },
      );
      expect(problemsOf(report)).toContain('does not say that it is for the control quality_management');
    },
  );
});

describe('checks count as evidence', () => {
  it('only when they passed in an earlier stage of this run', async () => {
    const report = await runControls(CONTROLS, { passedChecks: PASSED.slice(1) });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(
      'the check demographic_parity_within_threshold did not pass in an earlier stage of this run',
    );
  });

  it('only for controls that they cover', async () => {
    const covered = await runControls({ ...CONTROLS, human_oversight: { checks: PASSED } });
    expect(problemsOf(covered)).toContain('the checks named do not cover this control');
    const half = await runControls({ ...CONTROLS, data_governance: { checks: PASSED.slice(0, 1) } });
    expect(problemsOf(half)).toContain('the checks named do not cover this control');
  });
});
