import type { Digest, PersonId, Verdict } from '../domain/index.ts';
import { nearMisses } from '../lib/index.ts';
import {
  type ArtifactName,
  artifactsLike,
  type DecisionRow,
  decisionsBy,
  decisionsOn,
  type FoundRow,
  findApprovalRequestOfRun,
  listRuns,
  modelIds,
  newestVersions,
  type Run,
  searchWords,
} from '../storage/index.ts';
import type { BaseContext, JudgeContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** Models that somebody may have meant who named one that is not known. */
export async function modelsLike({ db }: Pick<BaseContext, 'db'>, written: string): Promise<string[]> {
  return nearMisses(written, await modelIds(db));
}

/** Some of a list, and whether there is more behind it. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** From 1. */
  readonly page: number;
  readonly more: boolean;
}

/** A run with the answers that people gave, as its model's history shows it. */
export interface HistoryRow {
  readonly run: Run;
  readonly decisions: readonly DecisionRow[];
}

/** What became of a model's submissions, newest first. */
export async function modelHistory(
  { db }: Pick<BaseContext, 'db'>,
  modelId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<Page<HistoryRow>> {
  const runs = await listRuns(db, { modelId, limit: size + 1, offset: (page - 1) * size });
  const rows = await Promise.all(
    runs.slice(0, size).map(async (run) => {
      const request = await findApprovalRequestOfRun(db, run.id);
      return { run, decisions: request === null ? [] : await decisionsOn(db, request.id) };
    }),
  );
  return { rows, page, more: runs.length > size };
}

/** Runs and findings that hold all words. */
export async function search(
  { db }: Pick<BaseContext, 'db'>,
  words: readonly string[],
  { page, size }: { readonly page: number; readonly size: number },
): Promise<Page<FoundRow>> {
  const rows = await searchWords(db, words, { limit: size + 1, offset: (page - 1) * size });
  return { rows: rows.slice(0, size), page, more: rows.length > size };
}

/** What is known of bytes by their digest. */
export interface ArtifactAnswer {
  readonly digest: Digest;
  readonly verdict: Verdict;
  readonly names: readonly ArtifactName[];
}

/** What a digest, or its beginning, is known to be of: one artifact, or several that begin so. */
export type ArtifactLookup =
  | { readonly kind: 'one'; readonly answer: ArtifactAnswer }
  | { readonly kind: 'several'; readonly digests: readonly Digest[] }
  | { readonly kind: 'none' };

const MOST_NAMES = 50;

/** Judges the bytes of a digest; its first digits suffice where only one artifact that is known begins so. */
export async function lookUpArtifact(
  ctx: JudgeContext,
  { hex, environment }: { readonly hex: string; readonly environment: string },
): Promise<ArtifactLookup> {
  const names = await artifactsLike(ctx.db, `sha256:${hex}`, MOST_NAMES);
  const digests = [...new Set(names.map(({ digest }) => digest))];
  if (digests.length > 1) return { kind: 'several', digests };
  const digest = hex.length === 64 ? (`sha256:${hex}` as Digest) : digests[0];
  if (digest === undefined) return { kind: 'none' };
  const verdict = await judgeArtifact(ctx, { artifact: digest, environment });
  return { kind: 'one', answer: { digest, verdict, names } };
}

/** What a person decided, or another in their place, and still stands; newest first. */
export function ownDecisions(
  { db }: Pick<BaseContext, 'db'>,
  person: PersonId,
  limit: number,
): ReturnType<typeof decisionsBy> {
  return decisionsBy(db, person, limit);
}

/** How the newest version of each model stands, the models that were submitted last first. */
export async function newestOfModels(
  ctx: JudgeContext,
  { environment, limit }: { readonly environment: string; readonly limit: number },
): Promise<{ modelId: string; modelVersion: string; status: Verdict['status'] }[]> {
  const newest = await newestVersions(ctx.db, limit);
  return Promise.all(
    newest.map(async ({ digest, ...name }) => {
      const verdict = await judgeArtifact(ctx, { artifact: digest, environment, name });
      return { ...name, status: verdict.status };
    }),
  );
}
