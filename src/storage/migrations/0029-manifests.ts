import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Artifacts are found by the OCI manifests that they came under. */
export const manifests: Migration = {
  up: async (db) => {
    await sql`create index runs_equivalents on runs using gin ((artifact -> 'equivalents') jsonb_path_ops)`.execute(
      db,
    );
  },
};
