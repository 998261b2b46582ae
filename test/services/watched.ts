import { type RawBuilder, sql } from 'kysely';
import {
  emptyRange,
  growRange,
  type HashedNode,
  type LeafEntry,
  leafHash,
} from '../../src/attestation/index.ts';
import type { Digest, Finding, Instant, Observation } from '../../src/domain/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { complete, type InventorySource } from '../../src/inventory/index.ts';
import {
  createLead,
  type ExportContext,
  type Lead,
  type MonitorContext,
  reconcile,
  sayHead,
  type TickReport,
} from '../../src/services/index.ts';
import { type Db, type FindingRow, listFindings } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

/** A place with deployments that a test puts there and takes away. */
export interface Place extends InventorySource {
  /** Shows a deployment, in production and with one replica unless told otherwise. */
  deploy(deployment: string, model: `${string}@${string}`, seen?: Partial<Observation>): void;
  undeploy(deployment: string): void;
  /** Cannot be read from now on, for this reason; null makes it readable again. */
  lose(reason: string | null): void;
}

/** A monitor's services on a real database, with one place to look at. */
export interface Watched extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly governance: Governance;
  readonly context: MonitorContext & ExportContext;
  readonly place: Place;
  readonly lead: Lead;
  tick(): Promise<TickReport>;
  /** What fires, oldest first. */
  firing(): Promise<FindingRow[]>;
  kinds(): Promise<Finding['kind'][]>;
  /** Ids of the findings for which a delivery was queued since the last time this was asked. */
  deliveries(): Promise<number[]>;
}

export async function openWatched(
  names: readonly string[] = ['list'],
  start?: Instant,
): Promise<Watched & { places: Place[] }> {
  const database = await createTestDatabase();
  const governance = openGovernance(database.db, start);
  const places = names.map(createPlace);
  const [place] = places;
  if (place === undefined) throw new Error('a watch needs a place');
  const context = { ...governance.context, sources: places };
  const lead = createLead({ db: database.as('monitor') });
  const firing = async () => (await listFindings(database.db, { state: 'firing' })).reverse();
  return {
    database,
    governance,
    context,
    place,
    places,
    lead,
    tick: async () => {
      await sayHead({ ...context, db: database.as('api') });
      return reconcile({ ...context, db: database.as('monitor') }, lead);
    },
    firing,
    kinds: async () => (await firing()).map(({ finding }) => finding.kind),
    deliveries: deliveriesOf(database),
    [Symbol.asyncDispose]: async () => {
      await lead.release();
      await database.close();
    },
  };
}

/** Does what only the owner of the tables can do, or a superuser: no trigger stands in the way. */
export async function administer(
  db: Db,
  ...statements: readonly (RawBuilder<unknown> | string)[]
): Promise<void> {
  await db.connection().execute(async (one) => {
    await sql`set session_replication_role = replica`.execute(one);
    for (const statement of statements)
      await (typeof statement === 'string' ? sql.raw(statement) : statement).execute(one);
    await sql`set session_replication_role = origin`.execute(one);
  });
}

/** Computes the whole tree anew, as somebody would who knows how, so that the database is in itself in order. */
export async function hashTreeAnew(db: Db): Promise<void> {
  const entries = await db
    .selectFrom('ledger')
    .select(['id', 'key_id as keyId', 'recorded_at as recordedAt'])
    .orderBy('index')
    .execute();
  let range = emptyRange();
  const nodes: HashedNode[] = [];
  for (const entry of entries as LeafEntry[]) {
    const grown = growRange(range, leafHash(entry));
    range = grown.range;
    nodes.push(...grown.nodes);
  }
  await administer(
    db,
    'delete from ledger_nodes',
    sql`insert into ledger_nodes select * from
      jsonb_to_recordset(${JSON.stringify(nodes)}::jsonb) as nodes (level smallint, index bigint, hash text)`,
    sql`update ledger_state set size = ${range.size}, range = ${JSON.stringify(range.hashes)}`,
  );
}

/** The bytes that deployments serve unless told otherwise. */
export const BYTES: Digest = digestOf('the governed bytes');

/** The schedule of a source that is looked at whenever there is a tick. */
export const AT_EVERY_TICK = { every: null, timeout: null } as const;

export function createPlace(name: string): Place {
  const shown = new Map<string, Observation>();
  let lost: string | null = null;
  return {
    ...AT_EVERY_TICK,
    name,
    observe: async () => {
      if (lost !== null) throw new Error(lost);
      return complete([...shown.values()]);
    },
    deploy: (deployment, model, seen = {}) => {
      const [modelId = '', modelVersion = ''] = model.split('@');
      const certain = {
        digest: BYTES,
        confidence: 'verified',
        how: 'hashed model.onnx',
        replicas: 1,
      } as const;
      shown.set(deployment, {
        deployment,
        environment: 'production',
        modelId,
        modelVersion,
        ...certain,
        ...seen,
      });
    },
    undeploy: (deployment) => void shown.delete(deployment),
    lose: (reason) => {
      lost = reason;
    },
  };
}

function deliveriesOf({ db }: TestDatabase): () => Promise<number[]> {
  let after = 0;
  return async () => {
    const rows = await db
      .selectFrom('outbox')
      .select(['id', 'payload'])
      .where('queue', '=', 'alerts')
      .where('name', '=', 'deliver-finding')
      .where('id', '>', after)
      .orderBy('id')
      .execute();
    after = rows.at(-1)?.id ?? after;
    return rows.map(({ payload }) => Number(payload['findingId']));
  };
}
