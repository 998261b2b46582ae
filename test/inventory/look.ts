import type { InventorySource, Past, Sighting } from '../../src/inventory/index.ts';

/** Looks at a source with all the time that it wants, for the first time unless told otherwise. */
export function look(source: InventorySource, past: Partial<Past> = {}): Promise<Sighting> {
  const { at = '2026-12-01T12:00:00.000Z', known = [] } = past;
  return source.observe(new AbortController().signal, { at, known });
}

/** What a source shows that shows everything. */
export async function observed(source: InventorySource): Promise<Sighting['observations']> {
  const { observations, gaps } = await look(source);
  if (gaps.length > 0) throw new Error(gaps.map(({ reason }) => reason).join('; '));
  return observations;
}
