import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { placeholderReason } from '../placeholder.ts';

const REFERENCE = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;

/** Why a text is no licence: neither an SPDX id or expression, nor the address of one. The list is that of CycloneDX. */
export async function licenceReason(licence: string): Promise<string | undefined> {
  const placeholder = placeholderReason(licence);
  if (placeholder !== undefined) return placeholder;
  if (isAddress(licence)) return undefined;
  const known = await spdxIds();
  const words = licence
    .replace(/[()]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const unknown = words.find(
    (word, index) =>
      !REFERENCE.test(word) &&
      !known.has(word.toLowerCase().replace(/\+$/, '')) &&
      !(index % 2 === 1 && /^(?:AND|OR|WITH)$/.test(word)) &&
      words[index - 1] !== 'WITH',
  );
  return unknown === undefined && words.length % 2 === 1 ? undefined : 'is neither an SPDX id nor a URL';
}

function isAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === 'https:' || protocol === 'http:') && hostname.includes('.');
  } catch {
    return false;
  }
}

/** The ids of the SPDX licence list in lower case, as the Hub writes them. */
async function spdxIds(): Promise<ReadonlySet<string>> {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  const schema = join(dirname(library), 'res', 'schema', 'spdx.SNAPSHOT.schema.json');
  const { enum: ids } = JSON.parse(await readFile(schema, 'utf8')) as { enum: readonly string[] };
  return new Set(ids.map((id) => id.toLowerCase()));
}
