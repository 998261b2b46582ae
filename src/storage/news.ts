import { sql } from 'kysely';
import type { Digest, ModelName } from '../domain/index.ts';
import type { Db } from './database.ts';

/** How far the database had come when something was read: by it is found what was written since. */
export interface Mark {
  readonly ledgerSize: number;
  /** Further signatures of statements, how many. */
  readonly resignatures: number;
  /** The oldest transaction that was still under way: what commits late is not missed. */
  readonly openTransaction: string;
}

/** How far the database has come now. Of two sizes of a ledger that is damaged the smaller counts: nothing is passed over. */
export async function readMark(db: Db): Promise<Mark> {
  const { rows } = await sql<Mark>`select
      coalesce(least((select size from ledger_state), (select max(index) from ledger) + 1), 0) as "ledgerSize",
      (select count(*) from resignatures) as resignatures,
      pg_snapshot_xmin(pg_current_snapshot())::text as "openTransaction"`.execute(db);
  const [mark] = rows;
  if (mark === undefined) throw new RangeError('the database answers nothing');
  return mark;
}

/** What was written about artifacts since a mark; some of it may have been known by then. */
export interface News {
  /** Artifacts about which the ledger holds something new, and the OCI manifests that stand for them. */
  readonly digests: ReadonlySet<Digest>;
  /** Model versions of which such an artifact was submitted, or whose inputs were reported. */
  readonly names: readonly ModelName[];
}

/** Reads what was written about artifacts since a mark. Reports of inventory sources are left out: the monitor makes them. */
export async function newsSince(db: Db, { ledgerSize, openTransaction }: Mark): Promise<News> {
  const { rows } = await sql<{ digest: Digest | null; modelId: string; modelVersion: string }>`
    with fresh as (select distinct subject from ledger where index >= ${ledgerSize}),
      submitted as (select * from runs join fresh on subject = artifact_digest)
    select subject as digest, null as "modelId", null as "modelVersion" from fresh
    union select manifest ->> 'digest', null, null
      from submitted, jsonb_path_query(artifact, '$.equivalents[*] ? (@.scheme == "oci_manifest")') as manifest
    union select null, model_id, model_version from submitted
    union select null, model_id, model_version from input_reports
      where written_in >= ${openTransaction}::xid8 and subject not like 'source:%'`.execute(db);
  return {
    digests: new Set(rows.flatMap(({ digest }) => digest ?? [])),
    names: rows.filter(({ digest }) => digest === null),
  };
}
