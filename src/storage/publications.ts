import { type Selectable, type SqlBool, sql } from 'kysely';
import type { Artifact, Digest, Instant, ModelName, Publication, PublishedFile } from '../domain/index.ts';
import type { Db } from './database.ts';
import type { PublicationsTable } from './publication-tables.ts';

/** Before everything: what is due since then was asked for by somebody. */
export const ASKED_FOR: Instant = '1970-01-01T00:00:00.000Z';

/** A model version in a place. */
export interface PublicationKey extends ModelName {
  readonly place: string;
}

/** A publication with what decides when it is made anew. */
export interface PublicationRow extends Publication {
  readonly treeSize: number;
  readonly policy: Digest;
  readonly dueAt: Instant | null;
}

/** One publication; null where none was tried. */
export async function findPublication(db: Db, key: PublicationKey): Promise<PublicationRow | null> {
  const row = await db
    .selectFrom('publications')
    .selectAll()
    .where('place', '=', key.place)
    .where('model_id', '=', key.modelId)
    .where('model_version', '=', key.modelVersion)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** What was just published. */
export interface Published extends PublicationKey {
  readonly artifact: Artifact;
  readonly files: readonly PublishedFile[];
  readonly treeSize: number;
  readonly policy: Digest;
  readonly dueAt: Instant | null;
  readonly publishedAt: Instant;
  readonly inspectAt: Instant;
  readonly faults: Publication['faults'];
}

/** Notes what was published, and that the place could be used. */
export async function savePublication(db: Db, published: Published): Promise<void> {
  const row = {
    artifact: JSON.stringify(published.artifact),
    files: JSON.stringify(published.files),
    tree_size: published.treeSize,
    policy: published.policy,
    due_at: published.dueAt,
    published_at: published.publishedAt,
    inspect_at: published.inspectAt,
    faults: JSON.stringify(published.faults),
    failure: null,
  };
  await db
    .insertInto('publications')
    .values({ ...keyOf(published), ...row })
    .onConflict((conflict) => conflict.columns(['place', 'model_id', 'model_version']).doUpdateSet(row))
    .execute();
}

/** Notes which files are left of what was published. */
export async function saveFiles(db: Db, key: PublicationKey, files: readonly PublishedFile[]): Promise<void> {
  await db
    .updateTable('publications')
    .set({ files: JSON.stringify(files) })
    .where('place', '=', key.place)
    .where('model_id', '=', key.modelId)
    .where('model_version', '=', key.modelVersion)
    .execute();
}

/** Notes why a place could not be used. */
export async function saveFailure(
  db: Db,
  key: PublicationKey,
  {
    artifact,
    failure,
    inspectAt,
  }: { artifact: Artifact; failure: Publication['failure']; inspectAt: Instant },
): Promise<void> {
  const failed = { failure: JSON.stringify(failure), inspect_at: inspectAt };
  await db
    .insertInto('publications')
    .values({
      ...keyOf(key),
      ...{ files: '[]', tree_size: 0, policy: '', published_at: null, faults: '[]' },
      ...{ ...failed, due_at: null, artifact: JSON.stringify(artifact) },
    })
    .onConflict((conflict) => conflict.columns(['place', 'model_id', 'model_version']).doUpdateSet(failed))
    .execute();
}

/** Notes what a look found, unless it was published anew meanwhile. That publishing fails is not for a look to end. */
export async function saveInspection(
  db: Db,
  { publishedAt, ...key }: PublicationKey & { readonly publishedAt: Instant | null },
  found: { readonly faults: Publication['faults']; readonly inspectAt: Instant },
): Promise<void> {
  await db
    .updateTable('publications')
    .set({
      faults: JSON.stringify(found.faults),
      inspect_at: found.inspectAt,
      failure: sql`case when failure ->> 'doing' = 'looking' then null else failure end`,
    })
    .where('place', '=', key.place)
    .where('model_id', '=', key.modelId)
    .where('model_version', '=', key.modelVersion)
    .where('published_at', 'is not distinct from', publishedAt)
    .execute();
}

/** Has a model version published anew everywhere, whether anything changed or not; how many places that are. */
export async function wantPublished(db: Db, { modelId, modelVersion }: ModelName): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('publications')
    .set({ due_at: ASKED_FOR })
    .where('model_id', '=', modelId)
    .where('model_version', '=', modelVersion)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Publications in these places of which a look found something wrong, or whose place could not be used. */
export async function troubledPublications(db: Db, places: readonly string[]): Promise<Publication[]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom('publications')
    .selectAll()
    .where('place', 'in', places)
    .where(sql<SqlBool>`(failure is not null or faults <> '[]')`)
    .orderBy('place')
    .orderBy('model_id')
    .orderBy('model_version')
    .execute();
  return rows.map(fromRow);
}

function keyOf({ place, modelId, modelVersion }: PublicationKey) {
  return { place, model_id: modelId, model_version: modelVersion };
}

function fromRow(row: Selectable<PublicationsTable>): PublicationRow {
  return {
    place: row.place,
    modelId: row.model_id,
    modelVersion: row.model_version,
    artifact: row.artifact,
    files: row.files,
    treeSize: row.tree_size,
    policy: row.policy as Digest,
    dueAt: row.due_at,
    publishedAt: row.published_at,
    faults: row.faults,
    failure: row.failure,
  };
}
