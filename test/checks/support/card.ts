import { hexOf } from '../../../src/domain/index.ts';
import { ARTIFACT_DIGEST, MODEL } from './workspace.ts';

const NAMESPACE = 'countersign:security:';

/** Security properties that say something. */
export const SECURITY = [
  ['threat:evasion', 'Fraudsters can vary amounts; velocity rules outside the model limit what that gains.'],
  ['threat:poisoning', 'Labels come from chargebacks only; a spike of disputed labels stops retraining.'],
  [
    'threat:extraction',
    'Scores are rounded to two digits and the endpoint is limited to 60 requests a minute.',
  ],
  ['threat:inversion', 'No attribute of a single customer is an input; membership inference gave 0.51 AUC.'],
  ['supply_chain:base_model', 'None, trained from scratch on our own transactions.'],
  ['supply_chain:format', 'ONNX, opset 17'],
  ['supply_chain:signature', 'Signed with the release key of the model team.'],
  ['robustness', 'Noise of 5 % on all amounts changes 0.4 % of the decisions; see the safety report.'],
  ['known_vulnerabilities', 'None known as of 2026-11-01.'],
  ['contact', 'mailto:model-security@bank.example'],
].map(([key, value]) => ({ name: `${NAMESPACE}${key}`, value }));

/** The metrics that a card states unless a test says otherwise. */
export const METRICS: readonly object[] = [
  { type: 'accuracy', value: '0.75' },
  { type: 'recall', value: '0.5', slice: 'sex=female' },
];

/** A card that every check of its stage accepts, with parts replaced. */
export interface CardParts {
  readonly metrics?: readonly unknown[];
  readonly considerations?: object;
  readonly properties?: readonly object[];
  readonly component?: object;
  readonly modelCard?: object;
  readonly bom?: object;
}

export const CONSIDERATIONS = {
  users: ['Fraud analysts of the bank', 'The credit line service'],
  useCases: [
    'Scores card transactions for fraud so that analysts can review the riskiest first.',
    'Sets the credit limit that a customer is offered, together with the scorecard.',
    'Out of scope: deciding on applications for employment or insurance.',
  ],
  technicalLimitations: [
    'When: the merchant is new to the network; Effect: fraud is missed, recall falls to 0.6; Severity: medium; Mitigation: a rule limits amounts for the first 30 days',
  ],
};

/** A CycloneDX 1.6 ML-BOM about the model and artifact of these tests. */
export function card(parts: CardParts = {}) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    components: [
      {
        type: 'machine-learning-model',
        'bom-ref': 'model',
        name: MODEL.modelId,
        version: MODEL.modelVersion,
        hashes: [{ alg: 'SHA-256', content: hexOf(ARTIFACT_DIGEST) }],
        modelCard: {
          modelParameters: { task: 'tabular-classification', datasets: [{ ref: 'evaluation' }] },
          quantitativeAnalysis: { performanceMetrics: parts.metrics ?? METRICS },
          considerations: { ...CONSIDERATIONS, ...parts.considerations },
          properties: parts.properties ?? SECURITY,
          ...parts.modelCard,
        },
        ...parts.component,
      },
      { type: 'data', 'bom-ref': 'evaluation', name: 'transactions-evaluation', version: '2026-10' },
    ],
    ...parts.bom,
  };
}

/** A card whose use falls in no area of Annex III. */
export const NEUTRAL_CARD = card({
  considerations: {
    useCases: ['Scores card transactions for fraud so that analysts can review the riskiest first.'],
  },
});
