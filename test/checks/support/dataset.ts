import { digestOf, hexOf } from '../../../src/domain/index.ts';
import { card } from './card.ts';

/** Rows that hold no personal data. */
export const ROWS = 'token,amount,is_fraud\n54ea7a19e354346e,12.5,0\nc10e701213ff5b81,99.0,1\n';

/** The JSON-LD context that Croissant recommends, cut to what is used here. */
export const CONTEXT = {
  '@language': 'en',
  '@vocab': 'http://schema.org/',
  sc: 'http://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  prov: 'http://www.w3.org/ns/prov#',
  dpv: 'https://w3id.org/dpv#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  countersign: 'https://countersign.dev/data#',
  conformsTo: 'dct:conformsTo',
};

export const BALANCED = {
  '@type': 'eu-gdpr:A6-1-f-controller',
  'dpv:hasAssessment': {
    '@type': 'dpv:LegitimateInterestAssessment',
    'dct:identifier': 'LIA-7',
    'dct:date': '2026-05-18',
  },
};

/** A Croissant document that all four checks accept, with properties replaced; `undefined` takes one out. */
export function croissant(more: object = {}) {
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    identifier: 'evaluation',
    name: 'transactions-evaluation',
    description: 'Card transactions of October, held out.',
    license: 'https://spdx.org/licenses/CC-BY-4.0',
    url: 'https://bank.example/data/evaluation',
    creator: { '@type': 'Organization', name: 'Example Bank' },
    version: '2026-10',
    dateCreated: '2026-11-01',
    datePublished: '2026-11-01',
    countryOfOrigin: 'DE',
    distribution: [
      {
        '@type': 'cr:FileObject',
        '@id': 'rows.csv',
        name: 'rows.csv',
        contentUrl: 'https://bank.example/data/rows.csv',
        sha256: hexOf(digestOf(ROWS)),
      },
    ],
    'rai:dataCollection': 'Recorded by the payment system for every purchase in the period.',
    'rai:dataCollectionTimeframe': '2026-10-01/2026-10-31',
    'prov:wasDerivedFrom': { '@id': 'urn:bank:ledger', name: 'Ledger of the bank' },
    'dpv:hasPersonalData': { '@type': 'dpv:PseudonymisedData', name: 'Payment history' },
    'dpv:hasTechnicalMeasure': { '@id': 'dpv:Pseudonymisation' },
    'dpv:hasPurpose': { '@id': 'countersign:ModelTraining', name: 'Training of the fraud model' },
    'dpv:hasLegalBasis': BALANCED,
    'dpv:hasStorageCondition': [
      {
        '@type': 'dpv:StorageDuration',
        'dpv:hasDuration': 'P18M',
        'countersign:startEvent': 'the snapshot was made',
        'dpv:hasResponsibleEntity': { name: 'Data protection office' },
      },
      { '@type': 'dpv:StorageDeletion', description: 'Erased from store and backups.' },
    ],
    ...more,
  };
}

/** Evidence for the one dataset that `card()` names, with parts replaced. */
export function datasetEvidence(
  document: unknown = croissant(),
  more: Readonly<Record<string, unknown>> = {},
) {
  return { model_card: card(), 'dataset.evaluation': document, 'data.evaluation': ROWS, ...more };
}

/** A `data_governance` document with one entry. */
export function governance(entry: object, id = 'evaluation') {
  return { format: 'countersign-data-governance/v1', datasets: { [id]: entry } };
}

/** An entry that says by itself all that the four checks ask. */
export const ENTRY = {
  names: ['transactions-evaluation'],
  version: '2026-10',
  created: '2026-11-01',
  files: [{ name: 'rows.csv', sha256: hexOf(digestOf(ROWS)) }],
  licence: 'CC-BY-4.0',
  origins: [{ name: 'Ledger of the bank', country: 'DE' }],
  collection: {
    method: 'Recorded by the payment system for every purchase.',
    timeframe: '2026-10-01/2026-10-31',
  },
  contains_personal_data: 'pseudonymised',
  personal_data_categories: ['Payment history'],
  measures: ['pseudonymization'],
  purposes: [
    {
      name: 'Training of the fraud model',
      kind: 'model_training',
      legal_bases: [{ term: 'A6-1-f', balancing_test: { reference: 'LIA-7', date: '2026-05-18' } }],
    },
  ],
  retention: {
    duration: 'P18M',
    start_event: 'the snapshot was made',
    deletion: 'Erased from store and backups.',
    owner: 'Data protection office',
  },
};
