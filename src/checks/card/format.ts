/** What a submitted card turned out to be. */
export type CardFormat =
  | { readonly kind: 'cyclonedx'; readonly specVersion: CycloneDxVersion }
  | { readonly kind: 'spdx'; readonly specVersion: SpdxVersion }
  | { readonly kind: 'model_card_toolkit' }
  | { readonly kind: 'hugging_face' }
  | { readonly kind: 'unsupported'; readonly name: string }
  | { readonly kind: 'unknown' };

const CYCLONEDX_VERSIONS = ['1.6', '1.7'] as const;
export type CycloneDxVersion = (typeof CYCLONEDX_VERSIONS)[number];

/** The context of the SPDX JSON form; by naming it a document says which version it is of. It is never fetched. */
const SPDX_CONTEXT = /^https:\/\/spdx\.org\/rdf\/(3\.0|3\.0\.0|3\.0\.1)\/spdx-context\.jsonld$/;
export type SpdxVersion = '3.0' | '3.0.0' | '3.0.1';

const TOOLKIT_PARTS = ['model_details', 'model_parameters', 'quantitative_analysis', 'considerations'];

/** Tells the format of a JSON value by its own marks, never by a file name. */
export function formatOfJson(value: unknown): CardFormat {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'unknown' };
  const marks = new Map<string, unknown>(Object.entries(value));
  if (marks.get('bomFormat') === 'CycloneDX') return cycloneDx(marks.get('specVersion'));
  if (marks.has('spdxVersion')) return { kind: 'unsupported', name: 'SPDX 2, which knows no models' };
  const context = JSON.stringify(marks.get('@context') ?? '');
  if (context.includes('spdx.org')) return spdx(marks.get('@context'));
  if (context.includes('mlcommons.org'))
    return { kind: 'unsupported', name: 'Croissant (a dataset, not a model)' };
  if (TOOLKIT_PARTS.some((part) => marks.has(part))) return toolkit(marks.get('schema_version'));
  return { kind: 'unknown' };
}

/** Tells the format of a text that is not JSON. */
export function formatOfText(text: string): CardFormat {
  const start = text.trimStart();
  if (/^<(\?xml|bom\b)/.test(start)) return { kind: 'unsupported', name: 'XML (CycloneDX in XML, perhaps)' };
  const markdown = /^---[ \t]*\r?\n/.test(start) || /^#{1,6} \S/m.test(start);
  return markdown ? { kind: 'hugging_face' } : { kind: 'unknown' };
}

function cycloneDx(version: unknown): CardFormat {
  const specVersion = CYCLONEDX_VERSIONS.find((known) => known === version);
  if (specVersion !== undefined) return { kind: 'cyclonedx', specVersion };
  return { kind: 'unsupported', name: `CycloneDX ${shown(version)}` };
}

/** The SPDX JSON form has exactly one context. With more, terms could mean something else than we read. */
function spdx(context: unknown): CardFormat {
  const version = typeof context === 'string' ? SPDX_CONTEXT.exec(context)?.[1] : undefined;
  if (version !== undefined) return { kind: 'spdx', specVersion: version as SpdxVersion };
  const name =
    'SPDX whose @context is not exactly that of SPDX 3.0 in JSON (…/rdf/3.0.1/spdx-context.jsonld)';
  return { kind: 'unsupported', name };
}

function toolkit(version: unknown): CardFormat {
  if (version === undefined || version === '0.0.2' || version === 'v0.0.2')
    return { kind: 'model_card_toolkit' };
  return { kind: 'unsupported', name: `of the Model Card Toolkit in schema version ${shown(version)}` };
}

function shown(version: unknown): string {
  return typeof version === 'string' ? version.slice(0, 20) : '?';
}
