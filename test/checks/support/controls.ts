import { ANNEX_IV_HEADINGS } from '../../../src/checks/risk/controls-table.ts';
import { digestOf, hexOf } from '../../../src/domain/index.ts';
import { HIGH_RISK } from './questionnaire.ts';
import { runCheck } from './workspace.ts';

const ARTICLES = 'Articles 4, 9, 12, 14, 17 to 20, 43, 47, 48, 49, 72 and 73';
/** A document that names the model version and the articles that it is about, and says something. */
export const TEXT = `${ARTICLES} of Regulation (EU) 2024/1689. This document concerns fraud-detection, version 4.1.2.\n\n${'It says what is done, by whom, how often, and what happens when it fails. '.repeat(4)}`;
/** Technical documentation with the headings of Annex IV. */
export const TECHNICAL = `${TEXT}\n${ANNEX_IV_HEADINGS.map((heading, i) => `## ${i + 1}. ${heading}\n\nAs described.\n`).join('\n')}`;

/** The entry of a control whose document is this text. */
export const entry = (document: string, text: string, parts: object = {}) => ({
  document,
  sha256: hexOf(digestOf(text)),
  owner: 'M. Keller',
  approved: '2026-10-20',
  expires: '2027-10-20',
  model_version: '4.1.2',
  ...parts,
});
/** The entry of a control that the handbook covers. */
export const general = (parts: object = {}) => entry('control.handbook', TEXT, parts);

/** Checks that passed in earlier stages. */
export const PASSED = [
  'demographic_parity_within_threshold',
  'equalised_odds_within_threshold',
  'intended_use_defined',
  'failure_modes_documented',
  'performance_metrics_populated',
  'security_properties_documented',
];

/** Evidence of every control that a high-risk provider owes. */
export const CONTROLS: Record<string, unknown> = {
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

/** A controls document about the model of these tests. */
export const document = (controls: object) => ({
  format: 'countersign-controls/v1',
  model: { id: 'fraud-detection', version: '4.1.2' },
  controls,
});
/** Runs the check on a controls document and the two documents that it refers to. */
export const runControls = (controls: object, options: object = {}, more: object = {}) =>
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
