/** Terms of the W3C DPV 2.1 extension for the GDPR live here. */
export const EU_GDPR = 'https://w3id.org/dpv/legal/eu/gdpr#';

/** Every lawful basis of Art. 6(1) GDPR that DPV 2.1 has a term for (legal/eu/gdpr/modules/legal_basis.csv). */
export const ARTICLE_6: ReadonlySet<string> = new Set([
  'A6-1-a',
  'A6-1-a-explicit-consent',
  'A6-1-a-non-explicit-consent',
  'A6-1-b',
  'A6-1-b-contract-performance',
  'A6-1-b-enter-into-contract',
  'A6-1-c',
  'A6-1-d',
  'A6-1-d-data-subject',
  'A6-1-d-natural-person',
  'A6-1-e',
  'A6-1-e-official-authority',
  'A6-1-e-public-interest',
  'A6-1-f',
  'A6-1-f-controller',
  'A6-1-f-third-party',
]);

/** Every condition of Art. 9(2) GDPR (legal_basis_special.csv). */
export const ARTICLE_9: ReadonlySet<string> = new Set(
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((letter) => `A9-2-${letter}`),
);

/** A term without its namespace or prefix: `eu-gdpr:A6-1-f` and `https://…/gdpr#A6-1-f` are `A6-1-f`. */
export function termOf(stated: string): string {
  const written = /^(?:Art(?:icle)?\.?\s*)?([69])\s*\(([12])\)\s*\(?([a-j])\)?$/i.exec(stated.trim());
  if (written !== null) return `A${written[1]}-${written[2]}-${written[3]?.toLowerCase()}`;
  return stated.trim().replace(/^(?:.*[#/:])/, '');
}

/** The letter of Art. 6(1) that a term stands for, whatever its sub-term. */
export function letterOf(term: string): string | undefined {
  return ARTICLE_6.has(term) ? term.charAt('A6-1-'.length) : undefined;
}
