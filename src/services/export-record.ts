import type { RecordPackage } from '../attestation/index.ts';
import { CountersignError, modelName } from '../domain/index.ts';
import { listRecords } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { compileDossier } from './judge-artifact.ts';

/**
 * Packs all that an offline verifier needs to judge a model version, but for the artifact and the trust policy, which
 * must come on ways of their own.
 *
 * @throws CountersignError `not_found` when there is no governance record under the name
 */
export async function exportRecord(
  ctx: JudgeContext,
  name: { modelId: string; modelVersion: string },
): Promise<RecordPackage> {
  const [record] = await listRecords(ctx.db, name);
  if (record === undefined)
    throw new CountersignError('not_found', `there is no governance record of ${modelName(name)}`);
  const dossier = await compileDossier(ctx, record.artifact);
  return {
    format: 'countersign-record/v1',
    modelId: name.modelId,
    modelVersion: name.modelVersion,
    artifact: record.artifact,
    view: dossier.viewBundle,
    statements: [...dossier.bundles],
    pipelines: [...ctx.trust.pipelines.values()].map(({ source }) => source),
  };
}
