import { sql } from 'kysely';
import type { StatementSigner } from '../../src/attestation/index.ts';
import { type Digest, digestOf, type Observation } from '../../src/domain/index.ts';
import { complete, type InventorySource } from '../../src/inventory/index.ts';
import { SECOND } from '../../src/lib/index.ts';
import { createLead, type Lead, reconcile, type TickReport, takeSnapshot } from '../../src/services/index.ts';
import { migrateDatabase, openDatabase } from '../../src/storage/index.ts';
import { openGovernance } from '../../test/support/governed-artifact.ts';
import { newSigner } from '../../test/support/ground.ts';

/** Deployments that serve one model version. */
export const OF_A_VERSION = 100;
/** One of so many serves other bytes than were governed. */
const WRONG = 100;

/** A monitor on a database of its own, with many deployments to look at. */
export interface Ground extends AsyncDisposable {
  /** A tick half a minute after the last, down to what the metrics show. */
  tick(): Promise<TickReport>;
  /** The first tick of a leader that takes over, and so looks at everything. */
  takeOver(): Promise<TickReport>;
  /** Has some deployments serve other bytes from now on. */
  change(count: number): void;
  /** Whether the source is looked at at each tick, or but once a day. */
  look(atEachTick: boolean): void;
}

/** A database in which model versions are governed, to begin from. */
export interface Governed {
  /** How many. */
  readonly versions: number;
  readonly server: string;
  readonly signers: Readonly<Record<'worker' | 'approvals' | 'ledger' | 'monitor', StatementSigner>>;
}

const TEMPLATE = 'governed';

/**
 * Governs model versions for real.
 * @param server address of a Postgres on which databases are made
 */
export async function govern(server: string, versions: number): Promise<Governed> {
  const db = openDatabase(await makeDatabase(server, TEMPLATE));
  await migrateDatabase(db);
  const signers = {
    worker: newSigner('worker'),
    approvals: newSigner('approvals'),
    ledger: newSigner('ledger'),
    monitor: newSigner('monitor'),
  };
  const governance = openGovernance(db, START, signers);
  for (let n = 0; n < versions; n++)
    await governance.govern({
      modelId: `model-${n}`,
      modelVersion: '1',
      artifact: bytesOf(n),
      tier: 'minimal_risk',
    });
  await db.destroy();
  return { versions, server, signers };
}

const START = '2026-11-23T09:00:00.000Z';

/**
 * Shows so many deployments of as many governed model versions as it takes. The ledger is the same for all.
 * @param name of a new database
 */
export async function openGround(
  { server, signers }: Governed,
  name: string,
  count: number,
): Promise<Ground> {
  const db = openDatabase(await makeDatabase(server, name, TEMPLATE));
  const governance = openGovernance(db, START, signers);
  const shown = Array.from({ length: count }, (_, n) => observation(n));
  const source: { -readonly [Key in keyof InventorySource]: InventorySource[Key] } = {
    name: 'list',
    every: null,
    timeout: null,
    observe: async () => complete(shown.map((seen) => ({ ...seen }))),
  };
  const context = { ...governance.context, sources: [source] };
  let lead: Lead = createLead(context);
  const tick = async () => {
    governance.clock.advance(30 * SECOND);
    const report = await reconcile(context, lead);
    await takeSnapshot(context, lead);
    return report;
  };
  let changed = 0;
  return {
    tick,
    takeOver: async () => {
      await lead.release();
      lead = createLead(context);
      return tick();
    },
    change: (some) => {
      for (let n = 0; n < some; n++, changed++) {
        const at = (changed * 7) % count;
        shown[at] = { ...observation(at), digest: digestOf(`change ${changed}`) };
      }
    },
    look: (atEachTick) => {
      source.every = atEachTick ? null : 24 * 3600 * SECOND;
    },
    [Symbol.asyncDispose]: async () => {
      await lead.release();
      await db.destroy();
    },
  };
}

function bytesOf(version: number): Digest {
  return digestOf(`bytes of model ${version}`);
}

function observation(n: number): Observation {
  const version = Math.floor(n / OF_A_VERSION);
  return {
    deployment: `deployment-${n}`,
    environment: 'production',
    modelId: `model-${version}`,
    modelVersion: '1',
    digest: n % WRONG === 0 ? digestOf(`wrong ${n}`) : bytesOf(version),
    confidence: 'verified',
    how: 'the image digest that the runtime reports',
    replicas: 2,
  };
}

async function makeDatabase(server: string, name: string, template = 'template1'): Promise<string> {
  const db = openDatabase(server, { maxConnections: 1 });
  await sql`create database ${sql.ref(name)} template ${sql.ref(template)}`.execute(db);
  await db.destroy();
  return Object.assign(new URL(server), { pathname: `/${name}` }).toString();
}
