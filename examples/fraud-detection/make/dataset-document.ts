import { CONTEXT } from './dataset-context.ts';
import { FEATURES } from './features.ts';
import type { Snapshot } from './snapshot.ts';

const KESTREL = { '@type': 'Organization', '@id': 'https://kestrelpay.example', name: 'Kestrel Pay GmbH' };

/** What is different from dataset to dataset. */
export interface DatasetFacts {
  /** The `bom-ref` by which the model card names it. */
  readonly ref: string;
  readonly name: string;
  readonly description: string;
  /** The day on which the snapshot was made; its version too. */
  readonly created: string;
  /** ISO 8601 interval in which the purchases were made. */
  readonly collected: string;
  /** Where the labels come from. */
  readonly labels: { readonly id: string; readonly name: string };
  /** Why it is processed. The first purpose names the use of the model's makers. */
  readonly purposes: readonly { readonly id: string; readonly name: string }[];
  readonly snapshot: Snapshot;
}

/** A dataset's documentation: Croissant 1.1 with RAI and PROV, and DPV terms for the GDPR side. */
export function datasetDocument(facts: DatasetFacts) {
  const address = `https://data.kestrelpay.example/${facts.ref}/${facts.created}`;
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    '@id': address,
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    identifier: facts.ref,
    name: facts.name,
    description: facts.description,
    license: 'https://kestrelpay.example/terms/internal-data-use',
    url: address,
    creator: KESTREL,
    version: facts.created,
    dateCreated: facts.created,
    datePublished: facts.created,
    countryOfOrigin: 'DE',
    distribution: distribution(facts, address),
    ...provenance(facts),
    ...dataProtection(facts),
  };
}

function distribution({ snapshot }: DatasetFacts, address: string) {
  const file = (name: string, rows: number, sha256: string) => ({
    '@type': 'cr:FileObject',
    '@id': name,
    name,
    description: `${rows} purchases, one a row`,
    contentUrl: `${address}/${name}`,
    encodingFormat: 'text/csv',
    sha256,
  });
  return [
    file('purchases.csv', snapshot.rows, snapshot.sha256.whole),
    file('sample.csv', snapshot.sampleRows, snapshot.sha256.sample),
  ];
}

function provenance({ collected, labels }: DatasetFacts) {
  return {
    'rai:dataCollection':
      'Recorded by the payment system when customers bought by instalments; every purchase of the period was eligible, and a stratified sample was drawn by sex, age band and outcome.',
    'rai:dataCollectionTimeframe': collected,
    'rai:dataPreprocessingProtocol': `Inputs computed for each purchase: ${FEATURES.map(({ name }) => name).join(', ')}. Customer numbers replaced by keyed tokens; names, addresses and accounts dropped.`,
    'rai:dataLimitations': 'Frauds are rarer in the population than the one in four of this sample.',
    'rai:personalSensitiveInformation': 'Sex and age band of the customer, kept to test for bias.',
    'prov:wasDerivedFrom': [
      source('urn:kestrelpay:instalment-ledger', 'Instalment ledger of Kestrel Pay'),
      source(labels.id, labels.name),
    ],
    'prov:wasAttributedTo': KESTREL,
  };
}

function source(id: string, name: string) {
  return { '@id': id, '@type': 'prov:Entity', name, countryOfOrigin: 'DE' };
}

function dataProtection({ purposes }: DatasetFacts) {
  return {
    'dpv:hasPersonalData': {
      '@type': 'dpv:PseudonymisedData',
      name: 'Purchase and payment history of customers',
    },
    'dpv:hasTechnicalOrganisationalMeasure': [{ '@id': 'dpv:Pseudonymisation' }, { '@id': 'dpv:Encryption' }],
    'dpv:hasProcess': {
      '@type': 'dpv:Process',
      'dpv:hasPurpose': purposes.map(({ id, name }) => ({ '@id': `countersign:${id}`, name })),
      'dpv:hasLegalBasis': {
        '@type': 'eu-gdpr:A6-1-f-controller',
        'dpv:hasAssessment': {
          '@type': 'dpv:LegitimateInterestAssessment',
          'dct:identifier': 'LIA-2026-07, fraud prevention in instalment purchases',
          'dct:date': '2026-05-18',
        },
      },
    },
    'dpv:hasStorageCondition': [
      {
        '@type': 'dpv:StorageDuration',
        'dpv:hasDuration': { '@type': 'dpv:TemporalDuration', 'rdf:value': 'P5Y' },
        'countersign:startEvent': 'the snapshot was made',
        'dpv:hasResponsibleEntity': {
          '@type': 'dpv:Organisation',
          name: 'Kestrel Pay, data protection office',
        },
      },
      {
        '@type': 'dpv:StorageDeletion',
        description: 'Object store and backups are erased by destroying the key of the snapshot.',
      },
    ],
  };
}
