import type { ContextDefinition } from 'jsonld';

const SCHEMA_ORG: ContextDefinition = {
  '@vocab': 'http://schema.org/',
  schema: 'http://schema.org/',
  sc: 'http://schema.org/',
};

const TERMS_OF_1_0 = [
  'citeAs',
  'column',
  'extract',
  'field',
  'fileObject',
  'fileProperty',
  'fileSet',
  'format',
  'includes',
  'isLiveDataset',
  'jsonPath',
  'key',
  'md5',
  'parentField',
  'path',
  'recordSet',
  'references',
  'regex',
  'repeated',
  'replace',
  'separator',
  'source',
  'subField',
  'transform',
];
const TERMS_OF_1_1 = [
  'annotation',
  'arrayShape',
  'containedIn',
  'equivalentProperty',
  'excludes',
  'isArray',
  'readLines',
  'samplingRate',
  'sdVersion',
  'unArchive',
  'value',
];

/** The context that appendix 1 of the specification recommends. */
const CROISSANT: ContextDefinition = {
  ...SCHEMA_ORG,
  '@language': 'en',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  conformsTo: 'dct:conformsTo',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  examples: { '@id': 'cr:examples', '@type': '@json' },
  ...Object.fromEntries([...TERMS_OF_1_0, ...TERMS_OF_1_1].map((term) => [term, `cr:${term}`])),
};

/** Contexts by address, without scheme and trailing slash. */
const BUNDLED: ReadonlyMap<string, ContextDefinition> = new Map<string, ContextDefinition>([
  ['schema.org', SCHEMA_ORG],
  ['schema.org/docs/jsonldcontext.json', SCHEMA_ORG],
  ['schema.org/docs/jsonldcontext.jsonld', SCHEMA_ORG],
  ['mlcommons.org/croissant/1.0', CROISSANT],
  ['mlcommons.org/croissant/1.1', CROISSANT],
  ['mlcommons.org/croissant', CROISSANT],
]);

/**
 * The context behind an address, from the bundle and never from the network.
 *
 * @throws Error that names the address when it is not in the bundle.
 */
export async function bundledContext(url: string) {
  const context = BUNDLED.get(url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, ''));
  if (context === undefined) throw new Error(`the context ${url.slice(0, 200)} is not fetched`);
  return { documentUrl: url, document: { '@context': context } };
}
