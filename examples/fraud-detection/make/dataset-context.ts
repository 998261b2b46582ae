/** The JSON-LD context that Croissant 1.1 recommends, as far as it is used, with PROV, DPV and what neither has. */
export const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  sc: 'https://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  prov: 'http://www.w3.org/ns/prov#',
  dpv: 'https://w3id.org/dpv#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  countersign: 'https://countersign.dev/data#',
  conformsTo: 'dct:conformsTo',
  md5: 'cr:md5',
} as const;
