import { CountersignError, type Instant, type Observation } from '../domain/index.ts';

/** An observation, and when what it says was so where that is not the time of the look. */
export interface SeenDeployment extends Observation {
  readonly seenAt?: Instant;
  /** The first 13 hex digits of a digest of which no more is known, as metrics carry them. */
  readonly digestBegins?: string;
}

/** Something that a source could not see at a look, such as the pages that failed. */
export interface Gap {
  /** What is missing and why, in words, without secrets; null where that is soon known and nobody need mend anything. */
  readonly reason: string | null;
  /** Whether a deployment that was seen before may be among what is missing: it is then stale instead of gone. */
  covers(deployment: Pick<Observation, 'environment' | 'deployment'>): boolean;
}

/** What a look at a source showed. */
export interface Sighting {
  /** A deployment whose bytes cannot be told is an observation without a digest. */
  readonly observations: readonly SeenDeployment[];
  /** Empty where everything was seen. */
  readonly gaps: readonly Gap[];
}

/** What is known when a look at a source begins. */
export interface Past {
  readonly at: Instant;
  /** What it showed and is not known to be gone, stale or not. */
  readonly known: readonly Pick<Observation, 'environment' | 'deployment'>[];
}

/** A place where deployments can be seen. */
export interface InventorySource {
  /** Unique name, part of every deployment's key. */
  readonly name: string;
  /** Milliseconds between two looks, in step with the clock; null for one at every tick. */
  readonly every: number | null;
  /** Milliseconds after which a look is given up and the source counts as unreachable; null for never. */
  readonly timeout: number | null;
  /**
   * Everything that the source shows now.
   * @param signal aborts when the time is up
   * @throws when the source as a whole cannot be read: its deployments are then stale, neither gone nor green. The
   *   message is for people and holds no secret
   */
  observe(signal: AbortSignal, past: Past): Promise<Sighting>;
}

/** Most deployments that one source may show: what answers without end is not listened to for ever. */
const MOST_SHOWN = 200_000;

/** Refuses what is more than a source may show. @throws CountersignError `unavailable` */
export function checkNumber(shown: number): void {
  if (shown <= MOST_SHOWN) return;
  throw new CountersignError(
    'unavailable',
    `it shows more than ${MOST_SHOWN} deployments: make several sources of it, each of a part`,
  );
}

/** A look that showed everything. */
export function complete(observations: readonly SeenDeployment[]): Sighting {
  return { observations, gaps: [] };
}
