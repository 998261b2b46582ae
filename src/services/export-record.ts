import type { RecordPackage } from '../attestation/index.ts';
import {
  CountersignError,
  type Digest,
  isTrustedPipeline,
  type LedgerView,
  type ModelName,
  modelName,
  ofKind,
} from '../domain/index.ts';
import { artifactsUnder, listRecords } from '../storage/index.ts';
import type { ExportContext, JudgeContext } from './context.ts';
import { newestGoverned } from './governed-under.ts';
import { compileDossier, type Dossier } from './judge-artifact.ts';
import { inclusionProofs } from './prove-inclusion.ts';
import { checkpointAt } from './sign-checkpoint.ts';
import { witnessOf } from './witness-of.ts';

/** Which record is wanted. */
export interface RecordQuery {
  readonly modelId: string;
  readonly modelVersion: string;
  /** Where several artifacts went by the name: which one, by the digest of its bytes or of its OCI manifest. */
  readonly artifact?: Digest;
  /** Where none is given, the newest artifact that was governed in this environment is meant, else the newest. */
  readonly environment: string;
}

/**
 * Packs all that an offline verifier needs to judge a model version, but for the artifact and the trust policy, which
 * must come on ways of their own.
 *
 * @throws CountersignError `not_found` when there is no governance record under the name; `integrity` where the ledger no
 *   longer extends what was signed of it before, or the monitor knows it otherwise; `unavailable` where the monitor
 *   witnesses no view now
 */
export async function exportRecord(ctx: ExportContext, query: RecordQuery): Promise<RecordPackage> {
  const artifact = await governedArtifact(ctx, query);
  return packRecord(ctx, query, await compileDossier(ctx, artifact));
}

/** Packs a dossier under the name of a model version. @throws CountersignError `integrity`, `unavailable`, as above */
export async function packRecord(
  ctx: ExportContext,
  name: ModelName,
  dossier: Dossier,
): Promise<RecordPackage> {
  const { view } = dossier;
  // First, for it is the plainer word where the ledger was rewritten.
  const checkpoint = await checkpointAt(ctx, view.body);
  const witness = await witnessOf(ctx, dossier);
  return recordOf(ctx, name, dossier, { checkpoint, witness, view: dossier.viewBundle, seen: view.body });
}

/** What others signed of a record. */
interface SignedParts extends Pick<RecordPackage, 'checkpoint' | 'witness' | 'view'> {
  /** What the view says. */
  readonly seen: LedgerView;
}

/** The record of a dossier, with what is signed of it. */
export async function recordOf(
  ctx: Pick<JudgeContext, 'db' | 'trust'>,
  { modelId, modelVersion }: ModelName,
  dossier: Pick<Dossier, 'bundles' | 'statements'>,
  { checkpoint, witness, view, seen }: SignedParts,
): Promise<RecordPackage> {
  const indexes = seen.statements.map(({ index }) => index);
  return {
    format: 'countersign-record/v3',
    modelId,
    modelVersion,
    artifact: seen.artifact,
    view,
    witness,
    statements: dossier.bundles.flat(),
    checkpoint,
    inclusion: await inclusionProofs(ctx.db, indexes, seen),
    pipelines: pipelineTexts(ctx, dossier),
  };
}

/** The artifact whose record is wanted. @throws CountersignError `not_found` */
export async function governedArtifact(
  ctx: JudgeContext,
  { environment, artifact, ...name }: RecordQuery,
): Promise<Digest> {
  const records = await listRecords(ctx.db, name);
  const meant = artifact === undefined ? null : [artifact, ...(await underManifest(ctx, artifact))];
  const [newest] = records.filter((record) => meant?.includes(record.artifact) ?? true);
  if (newest === undefined)
    throw new CountersignError('not_found', `there is no governance record of ${modelName(name)}`);
  if (artifact !== undefined) return newest.artifact;
  return (await newestGoverned(ctx, { environment, name })) ?? newest.artifact;
}

async function underManifest({ db }: JudgeContext, manifest: Digest): Promise<readonly Digest[]> {
  return (await artifactsUnder(db, [manifest])).get(manifest) ?? [];
}

/**
 * Texts of the pipelines that the statements name; with an override, of all that count for its model too: the strictest of
 * them says whether it is good.
 */
function pipelineTexts(
  { trust }: Pick<JudgeContext, 'trust'>,
  { statements }: Pick<Dossier, 'statements'>,
): string[] {
  const named = new Set(statements.flatMap(({ body }) => ('pipeline' in body ? [body.pipeline] : [])));
  for (const { body } of ofKind(statements, 'override/v1'))
    for (const { digest } of trust.policy.pipelines)
      if (isTrustedPipeline(trust.policy, digest, body.modelId, body.environment)) named.add(digest);
  return [...trust.pipelines.values()].filter(({ digest }) => named.has(digest)).map(({ source }) => source);
}
