import {
  allows,
  type Digest,
  firstAfter,
  type GovernanceStatus,
  type Instant,
  type ModelName,
  type Verdict,
} from '../domain/index.ts';
import { artifactsNamed } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { judgeArtifacts } from './judge-artifact.ts';

/** A name in an environment. */
export interface NameThere {
  readonly environment: string;
  readonly name: ModelName;
}

/** What was governed under a name in an environment, and for how long that answer stands if nothing is added. */
export interface GovernedThere {
  /** The verdict on the newest artifact that was governed there; null when none was. */
  readonly verdict: Verdict | null;
  /** From then on it may be another; null for never. */
  readonly until: Instant | null;
}

/** Whether an artifact is governed, or is but for its age. */
export function wasGoverned(status: GovernanceStatus): boolean {
  return allows(status) || status === 'expired';
}

/** Finds what was governed under names in environments, in their order. */
export async function governedUnder(
  ctx: JudgeContext,
  asked: readonly NameThere[],
): Promise<readonly GovernedThere[]> {
  const artifacts = await artifactsNamed(
    ctx.db,
    asked.map(({ name }) => name),
  );
  const answers: GovernedThere[] = asked.map(() => ({ verdict: null, until: null }));
  // The newest of all names together, then the next ones of those whose newest was not governed.
  for (let age = 0; ; age += 1) {
    const open = artifacts.flatMap((ofName, place) => {
      const artifact = ofName[age];
      return artifact === undefined || answers[place]?.verdict ? [] : [{ place, artifact }];
    });
    if (open.length === 0) return answers;
    const queries = open.map(({ place, artifact }) => ({ ...(asked[place] as NameThere), artifact }));
    for (const [at, { verdict, until }] of (await judgeArtifacts(ctx, queries)).entries()) {
      const place = open[at]?.place ?? 0;
      const ends = [until, answers[place]?.until ?? null];
      const governed = wasGoverned(verdict.status) ? verdict : null;
      answers[place] = { verdict: governed, until: firstAfter(verdict.judgedAt, ends) };
    }
  }
}

/** The digest of the newest artifact that was governed under a name in an environment; null when none was. */
export async function newestGoverned(ctx: JudgeContext, there: NameThere): Promise<Digest | null> {
  const [found] = await governedUnder(ctx, [there]);
  return found?.verdict?.artifact ?? null;
}
