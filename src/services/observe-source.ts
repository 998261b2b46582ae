import { type Clock, type Deployment, deploymentKey, type Instant } from '../domain/index.ts';
import { checkNumber, type Gap, type InventorySource, type Past, type Sighting } from '../inventory/index.ts';
import { SECOND } from '../lib/index.ts';
import type { SourceState } from '../storage/index.ts';

/** What a look at a source came to, and how the source stands by it. */
export type Sight = (
  | {
      readonly kind: 'seen';
      /** By key. */
      readonly deployments: ReadonlyMap<string, Deployment>;
      readonly gaps: readonly Gap[];
    }
  | { readonly kind: 'unreadable' }
  /** It was not its turn. */
  | { readonly kind: 'resting' }
) & { readonly state: SourceState };

type Seen = Sighting['observations'][number];

/** The rest of a longer reason is for the log of whoever mends the source. */
const REASON_LIMIT = 500;
const GAPS_TOLD = 5;

/** What a look at a source begins with. */
export interface Beginning {
  /** How it stood; null where it was never looked at. */
  readonly before: SourceState | null;
  readonly known: Past['known'];
  /** Finds what a source knows only the beginning of, for all at once and in their order. */
  complete(seen: readonly Seen[]): Promise<readonly Seen[]>;
}

/**
 * Looks at a source whose turn it is; never throws. A source that contradicts itself, or that does not answer in its
 * time, counts as unreadable.
 */
export async function observeSource(
  clock: Clock,
  source: InventorySource,
  { before, known, complete }: Beginning,
): Promise<Sight> {
  const lookedAt = clock.now();
  if (before !== null && !isTurnOf(source, before, lookedAt)) return { kind: 'resting', state: before };
  const stateOf = (problem: string | null, deployments: number): SourceState => ({
    name: source.name,
    lookedAt,
    seenAt: problem === null ? lookedAt : (before?.seenAt ?? null),
    failingSince: problem === null ? null : (before?.failingSince ?? lookedAt),
    problem,
    deployments,
  });
  try {
    const { observations, gaps } = await inTime(source, { at: lookedAt, known });
    checkNumber(observations.length);
    const begun = observations.filter(({ digestBegins }) => digestBegins !== undefined);
    const whole = await complete(begun);
    const completed = new Map(begun.map((seen, index) => [seen, whole[index] ?? seen]));
    const deployments = byKey(
      observations.map((seen) => deploymentOf(completed.get(seen) ?? seen, source, lookedAt)),
    );
    return { kind: 'seen', deployments, gaps, state: stateOf(partly(gaps), deployments.size) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `cannot be read: ${reason}`.slice(0, REASON_LIMIT);
    return { kind: 'unreadable', state: stateOf(problem, before?.deployments ?? 0) };
  }
}

/** In step with the clock: once in each span of its interval, whatever the ticks, and at once when the clock was set back. */
function isTurnOf({ every }: InventorySource, { lookedAt }: SourceState, now: Instant): boolean {
  if (every === null) return true;
  const spanOf = (at: Instant) => Math.floor(Date.parse(at) / every);
  return spanOf(lookedAt) !== spanOf(now);
}

/** A source that does not heed the signal is not waited for either. */
async function inTime(source: InventorySource, past: Past): Promise<Sighting> {
  const { timeout } = source;
  if (timeout === null) return source.observe(new AbortController().signal, past);
  const signal = AbortSignal.timeout(timeout);
  const late = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(new Error(`it did not answer within ${timeout / SECOND} s`)));
  });
  return Promise.race([source.observe(signal, past), late]);
}

function deploymentOf(
  { seenAt, digestBegins: _, ...seen }: Seen,
  { name }: InventorySource,
  lookedAt: Instant,
): Deployment {
  return { ...seen, source: name, observedAt: seenAt ?? lookedAt, staleSince: null };
}

function byKey(deployments: readonly Deployment[]): ReadonlyMap<string, Deployment> {
  const keyed = new Map<string, Deployment>();
  for (const deployment of deployments) {
    const key = deploymentKey(deployment);
    if (keyed.has(key)) throw new Error(`it shows ${key} twice`);
    keyed.set(key, deployment);
  }
  return keyed;
}

function partly(gaps: readonly Gap[]): string | null {
  const reasons = gaps.flatMap(({ reason }) => reason ?? []);
  if (reasons.length === 0) return null;
  const told = reasons.slice(0, GAPS_TOLD);
  const more = reasons.length > GAPS_TOLD ? `; and ${reasons.length - GAPS_TOLD} more` : '';
  return `shows only a part: ${told.join('; ').slice(0, REASON_LIMIT)}${more}`;
}
