import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/lib/index.ts';
import { axis, onnx } from '../checks/support/onnx.ts';
import { type Change, checkOrder, FOLDER, runOnExample } from './support/example-checks.ts';

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

const SAMPLE = readFileSync(join(FOLDER, '4.1.2/training-sample.csv'), 'utf8');

/** A table with one more column, of account numbers. */
function withAccountNumbers(text: string): string {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  return `${[`${header},note`, ...rows.map((row) => `${row},DE89370400440532013000`)].join('\n')}\n`;
}

/** Ten inputs straight into a softmax, as an exporter writes it by default. */
function wideModel(): Uint8Array {
  return onnx({
    inputs: { features: ['float32', ['rows', 10]] },
    outputs: { probabilities: ['float32', ['rows', 2]] },
    weights: { w: [[10, 2], Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0 : 3))] },
    nodes: [
      { op: 'MatMul', inputs: ['features', 'w'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(1)] },
    ],
  });
}

/** One thing that is true of many a submission, and what is said of it. */
interface Honest extends Change {
  readonly what: string;
  readonly says: RegExp;
  /** `failed` unless it leaves too little to go by. */
  readonly outcome?: 'insufficient_evidence';
}

/** 4.2.0's predictions, whose bias is real. */
const BIASED = { fromVersion: ['4.2.0', 'predictions'] } as const;

const CHANGES: Readonly<Record<string, Honest>> = {
  training_data_sources_documented: {
    what: 'training data of which nobody says where they come from',
    evidence: {
      'dataset.training': editing((dataset) => {
        delete dataset['prov:wasDerivedFrom'];
        delete dataset['rai:dataCollection'];
      }),
    },
    says: /dataset.training.*(derived|source|origin|collection)/is,
  },
  pii_handling_verified: {
    what: "a customer's account number left in data that are said to be pseudonymised",
    evidence: {
      'data.training': withAccountNumbers,
      'dataset.training': replacing(sha256Hex(SAMPLE), sha256Hex(withAccountNumbers(SAMPLE))),
    },
    says: /IBAN/,
  },
  consent_basis_documented: {
    what: 'personal data without a lawful basis',
    evidence: {
      'dataset.training': editing((dataset) => {
        delete (dataset['dpv:hasProcess'] as Record<string, unknown>)['dpv:hasLegalBasis'];
      }),
    },
    says: /dataset.training.*(lawful|legal) basis/is,
  },
  data_retention_policy_compliant: {
    what: 'data that should have been deleted, five years and a month later',
    now: '2031-08-06T12:00:00.000Z',
    says: /2031-07-06|P5Y|5 years/,
  },
  model_card_schema_valid: {
    what: 'the card of the build before',
    evidence: { model_card: replacing(/"content": "[0-9a-f]{64}"/, `"content": "${'0'.repeat(64)}"`) },
    says: /000000.*54a22c/s,
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
  adversarial_perturbation_test_passed: {
    what: 'inputs that can be measured ten times less well than was thought',
    evidence: {
      model_contract: editing((contract) => {
        for (const { features } of contract['inputs'] as { features: Record<string, unknown>[] }[])
          for (const feature of features)
            feature['scale'] = 10 * ((feature['max'] as number) - (feature['min'] as number));
      }),
    },
    says: /robust accuracy 0\.\d+ at epsilon 0\.01 .* < 0\.9/,
  },
  edge_case_inputs_handled: {
    what: 'an export that no longer clips its inputs',
    artifact: () => wideModel(),
    says: /probabilities is not finite for \d+ cases: 3\.4e38 in/,
  },
  output_boundary_verified: {
    what: 'a third class that the model never learned',
    evidence: { model_contract: replacing(/"classes": \[[^\]]*\]/, '"classes": ["0", "1", "2"]') },
    says: /has the shape \[\d+, 2\].*expected \[\d+, 3\]/,
  },
  model_artifact_signed: {
    what: 'bytes that are not the signed ones',
    artifact: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) === 0 ? 1 : 0])]),
    says: /sign|digest/,
  },
  inference_endpoint_tls_configured: {
    what: 'the predictions served on port 80 as well',
    evidence: { deployment: replacing(/sectionName: https\n/, 'sectionName: http\n') },
    says: /http/i,
  },
  input_validation_configured: {
    what: 'a schema that lets unknown fields through',
    evidence: { openapi: replacing(/additionalProperties: false/g, 'additionalProperties: true') },
    says: /additionalProperties/,
  },
  rate_limiting_configured: {
    what: 'a policy for a route that was renamed',
    evidence: {
      deployment: replacing(
        'kind: HTTPRoute, name: fraud-detection',
        'kind: HTTPRoute, name: fraud-detector',
      ),
    },
    says: /attaches to nothing.*fraud-detector/s,
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
    expect(report.outcome, told.join('\n')).toBe(change.outcome ?? 'failed');
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
