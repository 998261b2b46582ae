import { describe, expect, it } from 'vitest';
import { type Change, checkOrder, runOnExample } from './support/example-checks.ts';

/** Replaces a text that must be there. */
const replacing =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replace(from, to);

/** Changes a JSON document. */
const editing =
  (edit: (document: Record<string, unknown>) => void) =>
  (text: string): string => {
    const document = JSON.parse(text) as Record<string, unknown>;
    edit(document);
    return JSON.stringify(document, null, 2);
  };

/** Changes the model card proper. */
const editingCard = (edit: (card: { considerations: Record<string, unknown> }) => void) =>
  editing((bom) => {
    const [model] = bom['components'] as { modelCard: { considerations: Record<string, unknown> } }[];
    if (model === undefined) throw new Error('the card names no model');
    edit(model.modelCard);
  });

/** One thing that is true of many a submission, and what is said of it. */
interface Honest extends Change {
  readonly what: string;
  readonly says: RegExp;
}

/** 4.2.0's predictions, whose bias is real. */
const BIASED = { fromVersion: ['4.2.0', 'predictions'] } as const;

const CHANGES: Readonly<Record<string, Honest>> = {
  model_card_schema_valid: {
    what: 'the card of the build before',
    evidence: { model_card: replacing(/"content": "[0-9a-f]{64}"/, `"content": "${'0'.repeat(64)}"`) },
    says: /000000.*d15907/s,
  },
  performance_metrics_populated: {
    what: 'an AUC that the predictions do not bear out',
    evidence: { model_card: replacing('"value": "0.9623"', '"value": "0.9923"') },
    says: /auc.*0\.9923.*0\.962/s,
  },
  failure_modes_documented: {
    what: 'a limitations section that was never filled in',
    evidence: {
      model_card: editingCard((card) => {
        card.considerations['technicalLimitations'] = ['TODO', 'More information needed'];
      }),
    },
    says: /technicalLimitations/,
  },
  security_properties_documented: {
    what: 'no word on evasion',
    evidence: { model_card: replacing(/"countersign:security:threat:evasion"/, '"countersign:note"') },
    says: /evasion/,
  },
  intended_use_defined: {
    what: 'no user named',
    evidence: {
      model_card: editingCard((card) => {
        delete card.considerations['users'];
      }),
    },
    says: /users/,
  },
  demographic_parity_within_threshold: {
    what: 'predictions of a model that is biased by age',
    ...BIASED,
    says: /age_band.*18-25.*0\.22/s,
  },
  equalised_odds_within_threshold: {
    what: 'predictions of a model that is biased by age',
    ...BIASED,
    says: /age_band.*18-25/s,
  },
  disparate_impact_ratio_above_minimum: {
    what: 'predictions of a model that is biased by age',
    ...BIASED,
    says: /age_band.*18-25.*0\.68/s,
  },
  risk_tier_assigned: {
    what: 'a tier declared lower than the answers make it',
    evidence: {
      risk_questionnaire: replacing('declared_tier: high_risk', 'declared_tier: limited_risk'),
    },
    says: /limited_risk.*high_risk|high_risk.*limited_risk/s,
  },
  required_controls_for_tier_present: {
    what: 'a document that was edited after it was approved',
    evidence: { 'control.risk_management': (text) => `${text}\nOne more risk that nobody approved.\n` },
    says: /risk_management/,
  },
};

describe('one honest change to the evidence of 4.1.2', { timeout: 60_000 }, () => {
  it.each(checkOrder())('makes %s fail, and it says on what', async (name) => {
    const change = CHANGES[name];
    if (change === undefined) throw new Error('no change is known for this check');
    const report = await runOnExample('4.1.2', name, change);
    const told = [report.message, ...report.problems.map(({ where, message }) => `${where}: ${message}`)];
    expect(['failed', 'insufficient_evidence'], told.join('\n')).toContain(report.outcome);
    expect(told.join('\n')).toMatch(change.says);
  });
});

describe('the evidence of 4.1.2 as it is', { timeout: 60_000 }, () => {
  it.each(checkOrder())('passes %s', async (name) => {
    const { outcome, message, problems } = await runOnExample('4.1.2', name);
    expect(`${outcome}: ${outcome === 'passed' ? '' : message} ${JSON.stringify(problems)}`).toBe(
      'passed:  []',
    );
  });
});
