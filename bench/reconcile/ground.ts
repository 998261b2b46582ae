import { sql } from 'kysely';
import { createVerifier, rememberingVerifier, type StatementSigner } from '../../src/attestation/index.ts';
import { type Digest, digestOf, type Observation } from '../../src/domain/index.ts';
import { complete, type InventorySource } from '../../src/inventory/index.ts';
import { SECOND } from '../../src/lib/index.ts';
import { createLead, type Lead, reconcile, type TickReport, takeSnapshot } from '../../src/services/index.ts';
import { migrateDatabase, openDatabase } from '../../src/storage/index.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { openGovernance } from '../../test/support/governed-artifact.ts';
import { newSigner } from '../../test/support/ground.ts';

/** One of so many serves other bytes than were governed. */
const WRONG = 100;

/** A monitor on a database of its own, with many deployments to look at. */
export interface Ground extends AsyncDisposable {
  /** A tick half a minute after the last, down to the text of the metrics. */
  tick(): Promise<TickReport>;
  /** The first tick of a leader that takes over, and so looks at everything: nothing is known to it, no statement verified. */
  takeOver(): Promise<TickReport>;
  /** Has some deployments serve other bytes from now on. */
  change(count: number): void;
  /** Whether the source is looked at at each tick, or but once a day. */
  look(atEachTick: boolean): void;
}

/** A database in which model versions are governed, to begin from. */
export interface Governed {
  readonly server: string;
  readonly template: string;
  readonly signers: Readonly<Record<'worker' | 'approvals' | 'ledger' | 'monitor', StatementSigner>>;
}

/** So many are governed at once: most of the time goes by waiting for the database. */
const AT_ONCE = 4;

/**
 * Governs model versions for real.
 * @param server address of a Postgres on which databases are made
 * @param template name of a new database
 */
export async function govern(server: string, template: string, versions: number): Promise<Governed> {
  const db = openDatabase(await makeDatabase(server, template));
  await migrateDatabase(db);
  const signers = {
    worker: newSigner('worker'),
    approvals: newSigner('approvals'),
    ledger: newSigner('ledger'),
    monitor: newSigner('monitor'),
  };
  const governance = openGovernance(db, START, signers);
  const governSome = async (from: number) => {
    for (let n = from; n < versions; n += AT_ONCE)
      await governance.govern({
        modelId: `model-${n}`,
        modelVersion: '1',
        artifact: bytesOf(n),
        tier: 'minimal_risk',
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, from) => governSome(from)));
  await db.destroy();
  return { server, template, signers };
}

const START = '2026-11-23T09:00:00.000Z';

/** What is shown of a database in which model versions are governed. */
export interface Shown {
  /** Deployments, how many. */
  readonly count: number;
  /** How many of them serve one model version. */
  readonly ofAVersion: number;
}

/**
 * Shows deployments of as many governed model versions as it takes.
 * @param name of a new database
 */
export async function openGround(
  { server, template, signers }: Governed,
  name: string,
  { count, ofAVersion }: Shown,
): Promise<Ground> {
  const db = openDatabase(await makeDatabase(server, name, template));
  const governance = openGovernance(db, START, signers);
  const shown = Array.from({ length: count }, (_, n) => observation(n, ofAVersion));
  const source: { -readonly [Key in keyof InventorySource]: InventorySource[Key] } = {
    name: 'list',
    every: null,
    timeout: null,
    observe: async () => complete(shown.map((seen) => ({ ...seen }))),
  };
  const verifier = () => rememberingVerifier(createVerifier(governance.trust.policy));
  const context = { ...governance.context, verifier: verifier(), sources: [source] };
  let lead: Lead = createLead(context);
  const metrics = createMetrics();
  const tick = async () => {
    governance.clock.advance(30 * SECOND);
    const report = await reconcile(context, lead);
    metrics.show(await takeSnapshot(context, lead));
    return report;
  };
  let changed = 0;
  return {
    tick,
    takeOver: async () => {
      await lead.release();
      lead = createLead(context);
      context.verifier = verifier();
      return tick();
    },
    change: (some) => {
      for (let n = 0; n < some; n++, changed++) {
        const at = (changed * 7) % count;
        shown[at] = { ...observation(at, ofAVersion), digest: digestOf(`change ${changed}`) };
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

function observation(n: number, ofAVersion: number): Observation {
  const version = Math.floor(n / ofAVersion);
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
