import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from '../domain/index.ts';
import type { SourceState } from '../storage/index.ts';
import type { Sight } from './observe-source.ts';
import { type KnownDeployment, learn, unlearn, type WatchMemory } from './watch-memory.ts';

/** Keys of deployments that are otherwise than they were. */
export interface Changes {
  /** New, or seen otherwise, or seen no more though they may be there. */
  readonly changed: ReadonlySet<string>;
  readonly gone: readonly string[];
}

/**
 * Takes in what was seen, and what was seen before and may be there still: deployments of a source whose turn it is not
 * stay as they are; those that cannot be seen stay as they were last seen, and time goes on for them all the same.
 * @param before how the sources stood at their last looks
 */
export function takeIn(
  memory: WatchMemory,
  sights: readonly Sight[],
  before: ReadonlyMap<string, SourceState>,
): Changes {
  const changed = new Set<string>();
  for (const sight of sights) {
    if (sight.kind !== 'seen') continue;
    for (const [key, deployment] of sight.deployments)
      if (notice(memory, key, deployment, sight)) changed.add(key);
  }
  const bySource = new Map(sights.map((sight) => [sight.state.name, sight]));
  const gone: string[] = [];
  for (const [key, known] of memory.deployments) {
    const fate = fateOf(key, known, bySource.get(known.deployment.source));
    if (fate === 'gone') gone.push(key);
    if (fate === 'lost') {
      const { deployment, asOfLook } = known;
      const { lookedAt: observedAt } = before.get(deployment.source) ?? { lookedAt: deployment.observedAt };
      const staleSince = bySource.get(deployment.source)?.state.lookedAt ?? observedAt;
      learn(memory, { ...deployment, ...(asOfLook ? { observedAt } : {}), staleSince }, false);
      changed.add(key);
    }
  }
  for (const key of gone) unlearn(memory, key);
  return { changed, gone };
}

/** Notes what was seen; whether that is new. */
function notice(memory: WatchMemory, key: string, deployment: Deployment, { state }: Sight): boolean {
  const asOfLook = deployment.observedAt === state.lookedAt;
  const known = memory.deployments.get(key);
  if (known !== undefined && known.asOfLook === asOfLook && isSame(known.deployment, deployment, asOfLook)) {
    known.deployment = deployment;
    return false;
  }
  learn(memory, deployment, asOfLook);
  return true;
}

function isSame(a: Deployment, b: Deployment, asOfLook: boolean): boolean {
  return (
    a.digest === b.digest &&
    a.replicas === b.replicas &&
    a.how === b.how &&
    a.confidence === b.confidence &&
    a.modelId === b.modelId &&
    a.modelVersion === b.modelVersion &&
    a.staleSince === b.staleSince &&
    (asOfLook || a.observedAt === b.observedAt) &&
    (a.inputs === b.inputs || isDeepStrictEqual(a.inputs, b.inputs))
  );
}

/** What becomes of a deployment: it is gone where not to see it says so. */
function fateOf(
  key: string,
  { deployment }: KnownDeployment,
  sight: Sight | undefined,
): 'stays' | 'lost' | 'gone' {
  if (sight?.kind === 'resting' || (sight?.kind === 'seen' && sight.deployments.has(key))) return 'stays';
  const mayBeThere =
    sight?.kind === 'unreadable' ||
    (sight?.kind === 'seen' && sight.gaps.some((gap) => gap.covers(deployment)));
  if (!mayBeThere) return 'gone';
  return deployment.staleSince === null ? 'lost' : 'stays';
}
