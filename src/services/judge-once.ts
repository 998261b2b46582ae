import { allows, type Digest, type GovernanceStatus, type ModelName, type Verdict } from '../domain/index.ts';
import { listRecords } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** The judge for the length of one tick: asked the same again, it does not think again. */
export interface TickJudge {
  /** The verdict on bytes that go by a name in an environment. */
  verdict(artifact: Digest, environment: string, name: ModelName): Promise<Verdict>;
  /** The verdict on the newest artifact that was governed under a name in an environment; null when none was. */
  governed(environment: string, name: ModelName): Promise<Verdict | null>;
}

/** Whether an artifact is governed, or is but for its age. */
export function wasGoverned(status: GovernanceStatus): boolean {
  return allows(status) || status === 'expired';
}

/** Makes the judge of one tick: throw it away afterwards, for its verdicts age. */
export function judgeOnce(ctx: JudgeContext): TickJudge {
  const verdicts = new Map<string, Promise<Verdict>>();
  const verdict: TickJudge['verdict'] = (artifact, environment, { modelId, modelVersion }) => {
    const key = JSON.stringify([artifact, environment, modelId, modelVersion]);
    const known =
      verdicts.get(key) ?? judgeArtifact(ctx, { artifact, environment, name: { modelId, modelVersion } });
    verdicts.set(key, known);
    return known;
  };
  const governed: TickJudge['governed'] = async (environment, { modelId, modelVersion }) => {
    const name = { modelId, modelVersion };
    const records = await listRecords(ctx.db, name);
    for (const artifact of new Set(records.map((record) => record.artifact))) {
      const found = await verdict(artifact, environment, name);
      if (wasGoverned(found.status)) return found;
    }
    return null;
  };
  return { verdict, governed };
}
