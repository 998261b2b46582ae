import { type Artifact, type ModelName, ofKind, type Verdict } from '../domain/index.ts';
import type { EvidenceContext, JudgeContext } from './context.ts';
import { governedArtifact, type RecordQuery } from './export-record.ts';
import { compileDossier, type Dossier, judgeDossier } from './judge-artifact.ts';

/** What the ledger holds about a version's artifact, and what that amounts to. */
export interface Weighed {
  readonly artifact: Artifact;
  readonly dossier: Dossier;
  /** One for each environment. */
  readonly verdicts: readonly Verdict[];
}

/** Weighs a version's artifact in each environment that evidence is published for, at one time. @throws CountersignError `not_found` */
export async function weighEvidence(
  ctx: JudgeContext & Pick<EvidenceContext, 'publishing'>,
  { modelId, modelVersion, artifact: wanted }: Omit<RecordQuery, 'environment'>,
): Promise<Weighed> {
  const { environments } = ctx.publishing;
  const name: ModelName = { modelId, modelVersion };
  const query = { ...name, environment: environments[0] };
  const digest = await governedArtifact(ctx, wanted === undefined ? query : { ...query, artifact: wanted });
  const dossier = await compileDossier(ctx, digest);
  const verdicts = await Promise.all(
    environments.map((environment) => judgeDossier(ctx, dossier, { artifact: digest, environment, name })),
  );
  const [record] = ofKind(dossier.statements, 'governance-record/v1').toReversed();
  const artifact = record?.body.artifact ?? { kind: 'file' as const, digest, equivalents: [] };
  return { artifact, dossier, verdicts };
}
