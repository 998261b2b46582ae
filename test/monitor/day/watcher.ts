import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { createMonitor, type Monitor, type MonitorDeps } from '../../../src/monitor/index.ts';
import type { TickReport } from '../../../src/services/index.ts';
import { type Db, openDatabase } from '../../../src/storage/index.ts';
import { createLogger, createMetrics, type Metrics } from '../../../src/telemetry/index.ts';
import { type TestDatabase, urlAs } from '../../support/database.ts';
import { watchInMemory } from '../../support/governed-artifact.ts';

/** One of several monitors: all that a process of its own has of its own, behind an address that stays. */
export interface Watcher extends AsyncDisposable {
  /** Where its metrics are read. */
  readonly port: number;
  readonly monitor: Monitor;
  /** Whether it led at its last tick. */
  readonly leads: boolean;
  readonly isAlive: boolean;
  tick(): Promise<TickReport>;
  /** The text of its metrics. */
  shown(): Promise<string>;
  /** Ends it in order if it lives, and starts it again. */
  restart(): Promise<void>;
  /** Ends it as a process ends that is killed: its connections break, and it is heard of no more. */
  kill(): Promise<void>;
}

interface Process {
  readonly db: Db;
  readonly metrics: Metrics;
  readonly monitor: Monitor;
}

/** Starts a monitor with connections of its own. Its ticks are made by the test. */
export async function startWatcher(
  database: TestDatabase,
  context: Omit<MonitorDeps['context'], 'db' | 'ledgerWatch'>,
): Promise<Watcher> {
  const state = { process: openProcess(database.connectionString, context), leads: false, isAlive: true };
  const server = createServer(async (_request, response) => {
    if (!state.isAlive) return void response.destroy();
    const { contentType, body } = await state.process.metrics.render();
    return void response.writeHead(200, { 'content-type': contentType }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    if (!state.isAlive) return;
    Object.assign(state, { leads: false, isAlive: false });
    await state.process.monitor.stop();
    await state.process.db.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get monitor() {
      return state.process.monitor;
    },
    get leads() {
      return state.leads;
    },
    get isAlive() {
      return state.isAlive;
    },
    tick: async () => {
      state.leads = false;
      const report = await state.process.monitor.tick();
      state.leads = report.led;
      return report;
    },
    shown: async () => (await state.process.metrics.render()).body.toString(),
    restart: async () => {
      await stop();
      Object.assign(state, { process: openProcess(database.connectionString, context), isAlive: true });
    },
    kill: async () => {
      await cutLeader(database);
      await stop();
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Breaks the connection by which a monitor leads. */
export async function cutLeader({ db }: TestDatabase): Promise<void> {
  await sql`select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`.execute(db);
}

function openProcess(database: string, rest: Omit<MonitorDeps['context'], 'db' | 'ledgerWatch'>): Process {
  const db = openDatabase(urlAs(database, 'monitor'));
  const metrics = createMetrics();
  const monitor = createMonitor({
    context: { ...rest, db, ledgerWatch: watchInMemory() },
    intervalSeconds: 30,
    auditHours: 24,
    metrics,
    logger: createLogger({ level: 'silent', secrets: [] }),
    whenLed: () => {},
  });
  return { db, metrics, monitor };
}
