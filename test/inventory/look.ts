import type { InventorySource, Sighting } from '../../src/inventory/index.ts';

/** Looks at a source with all the time that it wants. */
export function look(source: InventorySource): Promise<Sighting> {
  return source.observe(new AbortController().signal);
}

/** What a source shows that shows everything. */
export async function observed(source: InventorySource): Promise<Sighting['observations']> {
  const { observations, gaps } = await look(source);
  if (gaps.length > 0) throw new Error(gaps.map(({ reason }) => reason).join('; '));
  return observations;
}
