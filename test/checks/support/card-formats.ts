import { stringify } from 'yaml';
import { hexOf } from '../../../src/domain/index.ts';
import { CONSIDERATIONS, SECURITY } from './card.ts';
import { ARTIFACT_DIGEST, MODEL } from './workspace.ts';

const SHA256 = hexOf(ARTIFACT_DIGEST);
const [FIRST_USE = '', SECOND_USE = '', OUT_OF_SCOPE = ''] = CONSIDERATIONS.useCases;
const [LIMITATION = ''] = CONSIDERATIONS.technicalLimitations;

/** What the model's own block of the front matter says unless a test says otherwise. */
export const OWN_BLOCK = {
  model: { id: MODEL.modelId, version: MODEL.modelVersion as string },
  sha256: SHA256,
  users: CONSIDERATIONS.users,
  security: Object.fromEntries(
    SECURITY.map(({ name, value }) => [name.replace('countersign:security:', ''), value]),
  ),
};

/** The metrics of the model index unless a test says otherwise. */
const HUB_METRICS: readonly object[] = [
  { type: 'accuracy', value: 0.75 },
  { type: 'recall', value: 0.5, name: 'Recall of women', args: { slice: 'sex=female' } },
];

/** Parts of a README to replace. */
export interface ReadmeParts {
  readonly metadata?: object;
  readonly own?: object;
  readonly metrics?: readonly object[];
  readonly body?: string;
}

/** The sections of the Hub's current template, filled in. */
export const BODY = `# Model Card for fraud-detection

<!-- Provide a quick summary of what the model is/does. -->

## Uses

<!-- Address questions around how the model is intended to be used. -->

### Direct Use

${FIRST_USE}

- ${SECOND_USE}

### Out-of-Scope Use

${OUT_OF_SCOPE.replace('Out of scope: ', 'Not for ')}

## Bias, Risks, and Limitations

Known failures:

- **${LIMITATION.replace(/;\s*/g, '\n  ').replace('When:', 'When:**')}

### Recommendations

Users should be told that the score is a recommendation.
`;

/** A README.md of the Hub about the model and artifact of these tests. */
export function readme({ metadata, own, metrics = HUB_METRICS, body = BODY }: ReadmeParts = {}): string {
  const front = {
    license: 'apache-2.0',
    pipeline_tag: 'tabular-classification',
    'model-index': [
      {
        name: 'fraud-detection',
        results: [
          {
            task: { type: 'tabular-classification' },
            dataset: { type: 'transactions', name: 'Transactions of October', split: 'test' },
            metrics,
          },
        ],
      },
    ],
    countersign: { ...OWN_BLOCK, ...own },
    ...metadata,
  };
  return `---\n${stringify(front, { aliasDuplicateObjects: false })}---\n\n${body}`;
}

/** A card of the Model Card Toolkit, with whole parts replaced. */
export function toolkitCard(parts: object = {}) {
  return {
    schema_version: '0.0.2',
    model_details: {
      name: MODEL.modelId,
      overview: 'Scores card transactions for fraud.',
      version: { name: MODEL.modelVersion, date: '2026-11-02' },
      licenses: [{ identifier: 'proprietary' }],
      references: [{ reference: `countersign:sha256:${SHA256}` }],
    },
    model_parameters: {
      data: [{ name: 'transactions-evaluation', description: 'Held out for evaluation, October 2026' }],
    },
    quantitative_analysis: {
      performance_metrics: [
        { type: 'accuracy', value: 0.75 },
        { type: 'recall', value: 0.5, slice: 'sex=female' },
      ],
    },
    considerations: {
      users: CONSIDERATIONS.users.map((description) => ({ description })),
      use_cases: CONSIDERATIONS.useCases.map((description) => ({ description })),
      limitations: CONSIDERATIONS.technicalLimitations.map((description) => ({ description })),
      ethical_considerations: SECURITY.map(({ name, value }) => ({ name, mitigation_strategy: value })),
    },
    ...parts,
  };
}

const ID = 'https://bank.example/spdx/';
const CREATION = '_:creation';

/** The package of the model under review, with properties replaced. */
export function aiPackage(parts: object = {}) {
  const properties = [
    ...SECURITY,
    ...CONSIDERATIONS.users.map((value) => ({ name: 'countersign:user', value })),
  ];
  return {
    type: 'ai_AIPackage',
    spdxId: `${ID}model`,
    creationInfo: CREATION,
    name: MODEL.modelId,
    suppliedBy: `${ID}bank`,
    releaseTime: '2026-11-02T09:00:00Z',
    software_packageVersion: MODEL.modelVersion,
    software_primaryPurpose: 'model',
    software_downloadLocation: 'https://models.bank.example/fraud-detection',
    verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: SHA256 }],
    ai_domain: ['payment fraud'],
    ai_metric: [
      { type: 'DictionaryEntry', key: 'accuracy', value: '0.75' },
      { type: 'DictionaryEntry', key: 'recall (sex=female)', value: '0.5' },
    ],
    ai_limitation: CONSIDERATIONS.technicalLimitations.join('\n'),
    ai_informationAboutApplication: CONSIDERATIONS.useCases.join('\n'),
    extension: [
      {
        type: 'extension_CdxPropertiesExtension',
        extension_cdxProperty: properties.map(({ name, value }) => ({
          type: 'extension_CdxPropertyEntry',
          extension_cdxPropName: name,
          extension_cdxPropValue: value,
        })),
      },
    ],
    ...parts,
  };
}

/** The package of the evaluation data, with properties replaced. */
export function datasetPackage(parts: object = {}) {
  return {
    type: 'dataset_DatasetPackage',
    spdxId: `${ID}data`,
    creationInfo: CREATION,
    name: 'transactions of October',
    builtTime: '2026-10-31T00:00:00Z',
    releaseTime: '2026-11-01T00:00:00Z',
    originatedBy: [`${ID}bank`],
    software_downloadLocation: 'https://data.bank.example/transactions',
    software_primaryPurpose: 'data',
    dataset_datasetType: ['structured'],
    ...parts,
  };
}

/** The statement that the model was tested on the data. */
export function testedOn(to = `${ID}data`) {
  return {
    type: 'Relationship',
    spdxId: `${ID}tested`,
    creationInfo: CREATION,
    from: `${ID}model`,
    relationshipType: 'testedOn',
    to: [to],
  };
}

/** An SPDX 3.0.1 document in JSON; without elements it has those of the model and its data. */
export function spdx(elements: readonly object[] = [aiPackage(), datasetPackage(), testedOn()]) {
  return {
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      {
        type: 'CreationInfo',
        '@id': CREATION,
        specVersion: '3.0.1',
        created: '2026-11-02T09:00:00Z',
        createdBy: [`${ID}bank`],
      },
      { type: 'Organization', spdxId: `${ID}bank`, creationInfo: CREATION, name: 'The bank' },
      ...elements,
    ],
  };
}

/** One card that every check of the stage accepts, in each format. */
export const GOOD_CARDS: Readonly<Record<string, string | object>> = {
  'a Hugging Face README': readme(),
  'a Model Card Toolkit card': toolkitCard(),
  'an SPDX document': spdx(),
};
