import {
  type Artifact,
  fileArtifact,
  type OverrideGround,
  type OverrideScope,
  overrideRules,
  type PersonId,
} from '../domain/index.ts';
import { listDeployments, listRuns, type Run } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';

/**
 * What an override of a model version in an environment is held against: the policy is evaluated all the same. The bytes
 * are those that go by the name now, unless they are given.
 */
export async function overrideGround(
  ctx: JudgeContext,
  scope: OverrideScope,
  overridden: Artifact | null = null,
): Promise<OverrideGround> {
  const { modelId, modelVersion, environment } = scope;
  const name = { modelId, modelVersion };
  const runs = await listRuns(ctx.db, name);
  const artifact = overridden ?? runs[0]?.artifact ?? (await deployedAs(ctx, scope));
  const ofArtifact = runs.filter((run) => run.artifact.digest === artifact?.digest);
  return {
    rules: overrideRules(ctx.trust, modelId, environment),
    artifact,
    verdict:
      artifact === null ? null : await judgeArtifact(ctx, { artifact: artifact.digest, environment, name }),
    prohibited: ofArtifact.some(({ riskTier }) => riskTier === 'prohibited'),
    makers: makersOf(ofArtifact),
  };
}

/** The bytes that are seen serving under a name that was never submitted; null where there are none, or several. */
async function deployedAs(
  { db }: JudgeContext,
  { modelId, modelVersion, environment }: OverrideScope,
): Promise<Artifact | null> {
  const deployed = await listDeployments(db, { modelId });
  const digests = deployed
    .filter((row) => row.modelVersion === modelVersion && row.environment === environment)
    .flatMap(({ digest }) => (digest === null ? [] : [digest]));
  const [digest, ...others] = new Set(digests);
  return digest === undefined || others.length > 0 ? null : fileArtifact(digest);
}

function makersOf(runs: readonly Run[]): Set<PersonId> {
  const principals = runs.flatMap(({ submitter, authors }) => [submitter, ...authors]);
  return new Set(principals.flatMap(({ person }) => (person === null ? [] : [person])));
}
