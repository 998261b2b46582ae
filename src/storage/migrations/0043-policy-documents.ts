import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Trust policies that were seen, each with all that is needed to verify it: any surface's role may add rows, so a row by
 * itself says nothing. What earlier releases noted is dropped: it holds no signature. A row that lies bars no true one,
 * for the key is all of a row but when it was seen, and the database itself holds the digest to the document.
 */
export const policyDocuments: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'drop table trust_policies',
  `create table trust_policies (
    version bigint not null check (version between 1 and 9007199254740991),
    digest text not null check (digest = 'sha256:' || encode(sha256(document), 'hex')),
    signature text not null check (octet_length(signature) <= 2000),
    document bytea not null check (length(document) <= 4194304),
    first_seen_at timestamptz not null check (isfinite(first_seen_at)),
    primary key (version, digest, signature))`,
  `create trigger trust_policies_append_only before update or delete or truncate on trust_policies
    for each statement execute function refuse_change()`,
];
