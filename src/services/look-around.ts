import { setTimeout as after } from 'node:timers/promises';
import type { InventorySource } from '../inventory/index.ts';
import { SECOND } from '../lib/index.ts';
import type { SourceState } from '../storage/index.ts';
import type { Sight } from './observe-source.ts';

/** The looks at sources that no tick has taken yet, by source; null while one is under way. */
export type Looks = Map<InventorySource, Sight | null>;

/** Most milliseconds that a tick waits for the looks that it begins: what comes later is for a later tick. */
const PATIENCE = 2 * SECOND;

/** How to look around. */
export interface Looking {
  /** How the sources stood at the last looks that were taken, by name. */
  readonly before: ReadonlyMap<string, SourceState>;
  /** Looks at a source, given how it stood before; never rejects. */
  look(source: InventorySource, before: SourceState | null): Promise<Sight>;
  /** Resolves when no more is waited for. */
  patience?(signal: AbortSignal): Promise<unknown>;
}

/**
 * Takes what has arrived from sources, and begins a look at each that none is under way at. A slow source is not waited
 * for: it stays as it was before until a later tick takes the look; one of which nothing ever arrived is left out.
 */
export async function lookAround(
  looks: Looks,
  sources: readonly InventorySource[],
  { before, look, patience = (signal) => after(PATIENCE, null, { signal }) }: Looking,
): Promise<Sight[]> {
  const taken = new Map<InventorySource, Sight>();
  for (const source of sources) take(looks, taken, source);
  const begun = sources
    .filter((source) => !looks.has(source))
    .map(async (source) => {
      looks.set(source, null);
      looks.set(source, await look(source, taken.get(source)?.state ?? before.get(source.name) ?? null));
    });
  await eitherOf(Promise.all(begun), patience);
  for (const source of sources) take(looks, taken, source);
  return sources.flatMap((source) => taken.get(source) ?? asBefore(before.get(source.name)));
}

/** The newest counts, but what was seen is never given up for a look that saw nothing: that one is for the next tick. */
function take(looks: Looks, taken: Map<InventorySource, Sight>, source: InventorySource): void {
  const sight = looks.get(source) ?? null;
  if (sight === null || (sight.kind === 'unreadable' && taken.get(source)?.kind === 'seen')) return;
  looks.delete(source);
  if (sight.kind !== 'resting' || !taken.has(source)) taken.set(source, sight);
}

function asBefore(state: SourceState | undefined): Sight[] {
  return state === undefined ? [] : [{ kind: 'resting', state }];
}

async function eitherOf(work: Promise<unknown>, patience: (signal: AbortSignal) => Promise<unknown>) {
  const over = new AbortController();
  await Promise.race([work, patience(over.signal).catch(() => undefined)]);
  over.abort();
}
