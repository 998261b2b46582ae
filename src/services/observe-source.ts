import { type Clock, type Deployment, deploymentKey } from '../domain/index.ts';
import type { InventorySource } from '../inventory/index.ts';

/** What a source showed, or why it could not be read. */
export type Sight =
  | { readonly ok: true; readonly source: string; readonly deployments: readonly Deployment[] }
  | { readonly ok: false; readonly source: string; readonly reason: string };

/** The rest of a longer reason is for the log of whoever mends the source. */
const REASON_LIMIT = 500;

/** Looks at a source; never throws. A source that contradicts itself counts as unreadable. */
export async function observeSource(clock: Clock, source: InventorySource): Promise<Sight> {
  try {
    const observations = await source.observe();
    const observedAt = clock.now();
    const deployments = observations.map((seen) => ({ ...seen, source: source.name, observedAt }));
    const twice = repeatedKey(deployments);
    if (twice !== null) return { ok: false, source: source.name, reason: `it shows ${twice} twice` };
    return { ok: true, source: source.name, deployments };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, source: source.name, reason: reason.slice(0, REASON_LIMIT) };
  }
}

function repeatedKey(deployments: readonly Deployment[]): string | null {
  const seen = new Set<string>();
  for (const key of deployments.map(deploymentKey)) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}
