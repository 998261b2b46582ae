import { CountersignError, type Instant, type Verdict } from '../domain/index.ts';
import { historySince, type ServedThen, servedAt } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** Something that was deployed, and what its governance amounted to then. */
export interface JudgedThen extends ServedThen {
  /** Null where nobody could tell its bytes. */
  readonly verdict: Verdict | null;
}

/** How a model stood at a time. */
export interface StatusAt {
  readonly modelId: string;
  readonly at: Instant;
  /** Nothing is known of what was deployed before; null where nothing was ever looked at. */
  readonly knownSince: Instant | null;
  readonly deployments: readonly JudgedThen[];
}

/**
 * What was deployed of a model at a time, and whether it was governed then: on what the ledger had recorded by then, with
 * ages as they were then, by the keys, pipelines and revocations that are trusted today.
 * @throws CountersignError `invalid_input` for a time to come
 */
export async function statusAt(
  ctx: JudgeContext,
  query: { readonly modelId: string; readonly modelVersion?: string; readonly at: Instant },
): Promise<StatusAt> {
  const { modelId, at } = query;
  if (at > ctx.clock.now())
    throw new CountersignError('invalid_input', `${at} is yet to come: nobody knows what is deployed then`);
  const served = await servedAt(ctx.db, query);
  const deployments: JudgedThen[] = [];
  for (const row of served) deployments.push({ ...row, verdict: await verdictThen(ctx, row, at) });
  return { modelId, at, knownSince: await historySince(ctx.db), deployments };
}

async function verdictThen(ctx: JudgeContext, row: ServedThen, at: Instant): Promise<Verdict | null> {
  const { digest: artifact, environment, modelId, modelVersion } = row;
  if (artifact === null) return null;
  return judgeArtifact(ctx, { artifact, environment, name: { modelId, modelVersion }, at });
}
