import { setTimeout as after } from 'node:timers/promises';
import type { Instant } from '../domain/index.ts';
import type { InventorySource } from '../inventory/index.ts';
import { later, MINUTE, SECOND } from '../lib/index.ts';
import type { SourceState } from '../storage/index.ts';
import type { Sight } from './observe-source.ts';

/** The looks at sources. */
export interface Looks {
  /** Those that have ended and that no tick has taken yet, by source. */
  readonly ended: Map<InventorySource, Sight>;
  /** When those began that are under way, also where nobody waits for them any more. */
  readonly underWay: Map<InventorySource, Instant>;
}

/** Most milliseconds that a tick waits for the looks that it begins: what comes later is for a later tick. */
const PATIENCE = 2 * SECOND;
/** After so many milliseconds a source that has no time of its own counts as unreadable, until it answers. */
const LONGEST_SILENCE = 5 * MINUTE;

/** How to look around. */
export interface Looking {
  readonly now: Instant;
  /** How the sources stood at the last looks that were taken, by name. */
  readonly before: ReadonlyMap<string, SourceState>;
  /** Looks at a source, given how it stood before; never rejects. */
  look(source: InventorySource, before: SourceState | null): Promise<Sight>;
  /** Resolves when no more is waited for. */
  patience?(signal: AbortSignal): Promise<unknown>;
}

/**
 * Takes what has arrived from sources, and begins a look at each that none is under way at. A slow source is not waited
 * for: it stays as it was before until a later tick takes the look; one of which nothing ever arrived is left out. One
 * that has been silent for too long counts as unreadable, whatever becomes of the look.
 */
export async function lookAround(
  looks: Looks,
  sources: readonly InventorySource[],
  { now, before, look, patience = (signal) => after(PATIENCE, null, { signal }) }: Looking,
): Promise<Sight[]> {
  const taken = new Map<InventorySource, Sight>();
  for (const source of sources) take(looks, taken, source);
  const begun = sources
    .filter((source) => !looks.underWay.has(source) && !looks.ended.has(source))
    .map((source) =>
      follow(looks, source, now, (followed) =>
        look(followed, taken.get(source)?.state ?? before.get(source.name) ?? null),
      ),
    );
  await eitherOf(Promise.all(begun), patience);
  for (const source of sources) take(looks, taken, source);
  return sources.flatMap((source) => {
    const state = before.get(source.name);
    return taken.get(source) ?? silent(looks, source, state, now) ?? asBefore(state);
  });
}

/** Milliseconds that what a source shows may be old, as its settings have it. */
export function mostAgeOf(source: InventorySource): number {
  return (source.every ?? 0) + 2 * silenceOf(source);
}

function silenceOf({ timeout }: InventorySource): number {
  return Math.max(timeout ?? 0, LONGEST_SILENCE);
}

/** A source that does not heed that its time is up is not asked again before it answers: each look may hold a thread for ever. */
async function follow(
  looks: Looks,
  source: InventorySource,
  now: Instant,
  look: (source: InventorySource) => Promise<Sight>,
): Promise<void> {
  const asked: Promise<unknown>[] = [];
  const observe: InventorySource['observe'] = (signal, past) => {
    const sighting = source.observe(signal, past);
    asked.push(sighting);
    return sighting;
  };
  looks.underWay.set(source, now);
  looks.ended.set(source, await look({ ...source, observe }));
  void Promise.allSettled(asked).then(() => looks.underWay.delete(source));
}

/** A look seems to have begun just now where the clock was set back since. */
function silent(
  { underWay }: Looks,
  source: InventorySource,
  before: SourceState | undefined,
  now: Instant,
): Sight | null {
  const begun = underWay.get(source);
  if (begun === undefined) return null;
  if (begun > now) underWay.set(source, now);
  if (now <= later(begun, silenceOf(source))) return null;
  const { seenAt = null, deployments = 0 } = before ?? {};
  const failingSince = before?.failingSince ?? begun;
  const problem = `has not answered since ${begun}`;
  const state = { name: source.name, lookedAt: begun, seenAt, failingSince, problem, deployments };
  return { kind: 'unreadable', state };
}

/** The newest counts, but what was seen is never given up for a look that saw nothing: that one is for the next tick. */
function take(looks: Looks, taken: Map<InventorySource, Sight>, source: InventorySource): void {
  const sight = looks.ended.get(source);
  if (sight === undefined || (sight.kind === 'unreadable' && taken.get(source)?.kind === 'seen')) return;
  looks.ended.delete(source);
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
