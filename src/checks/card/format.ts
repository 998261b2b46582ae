/** What a submitted card turned out to be. Only CycloneDX 1.6 and 1.7 JSON can be read. */
export type CardFormat =
  | { readonly kind: 'cyclonedx'; readonly specVersion: CycloneDxVersion }
  | { readonly kind: 'unsupported'; readonly name: string }
  | { readonly kind: 'unknown' };

const VERSIONS = ['1.6', '1.7'] as const;
export type CycloneDxVersion = (typeof VERSIONS)[number];

/** Tells the format of a JSON value by its own marks, never by a file name. */
export function formatOfJson(value: unknown): CardFormat {
  if (typeof value !== 'object' || value === null) return { kind: 'unknown' };
  const marks = new Map(Object.entries(value));
  if (marks.get('bomFormat') === 'CycloneDX') return cycloneDx(marks.get('specVersion'));
  const context = JSON.stringify(marks.get('@context') ?? '');
  if (context.includes('spdx.org')) return { kind: 'unsupported', name: 'SPDX 3' };
  if (context.includes('mlcommons.org'))
    return { kind: 'unsupported', name: 'Croissant (a dataset, not a model)' };
  if (marks.has('model_details') || marks.has('model_parameters')) {
    return { kind: 'unsupported', name: 'of the Model Card Toolkit' };
  }
  return { kind: 'unknown' };
}

/** Tells the format of a text that is not JSON. */
export function formatOfText(text: string): CardFormat {
  const start = text.trimStart();
  if (/^<(\?xml|bom\b)/.test(start)) return { kind: 'unsupported', name: 'XML (CycloneDX in XML, perhaps)' };
  if (/^---\s*\n/.test(start)) return { kind: 'unsupported', name: 'a Hugging Face README' };
  if (/^#{1,6} \S/m.test(start)) return { kind: 'unsupported', name: 'Markdown' };
  return { kind: 'unknown' };
}

function cycloneDx(version: unknown): CardFormat {
  const specVersion = VERSIONS.find((known) => known === version);
  if (specVersion !== undefined) return { kind: 'cyclonedx', specVersion };
  return {
    kind: 'unsupported',
    name: `CycloneDX ${typeof version === 'string' ? version.slice(0, 20) : '?'}`,
  };
}
