import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.ts';
import { type Binaries, type BinaryPackage, chooseBinaries, prepareBinaries } from './binaries.ts';
import { openCluster } from './cluster.ts';
import { connectionStringOf, proveConnection } from './connection.ts';
import { openPassword } from './password.ts';
import type { Place } from './place.ts';
import { findOrphan, type Orphan, type Postmaster, readPidFile, stopPostmaster } from './postmaster.ts';
import { until } from './process.ts';
import { launch, READY_WITHIN_MS, startFailed } from './server.ts';
import { type Durability, serverArguments } from './settings.ts';

/** What a start takes from its surroundings. */
export interface Surroundings {
  readonly findBinaryPackage: () => Promise<BinaryPackage>;
  readonly freePort: () => Promise<number>;
}

/** What is asked of a server. */
export interface ServerRequest {
  readonly place: Place;
  readonly account: Account | null;
  readonly durability: Durability;
  readonly onProgress: (message: string) => void;
}

/** Everything that is settled before a server starts. */
export interface ServerPlan extends ServerRequest {
  readonly source: BinaryPackage;
  readonly binaries: Binaries;
  readonly password: string;
  readonly args: readonly string[];
  readonly freePort: () => Promise<number>;
}

/** A server that accepts connections. */
export interface Server {
  readonly postmaster: Postmaster;
  readonly connectionString: string;
}

/** Settles which binaries, password and command line a server will have. The lock must be held. */
export async function planServer(surroundings: Surroundings, request: ServerRequest): Promise<ServerPlan> {
  const source = await surroundings.findBinaryPackage();
  const binaries = await chooseBinaries(source, request.place);
  const { place, durability } = request;
  const args = serverArguments({ data: place.data, version: binaries.version, durability });
  const password = await openPassword(place);
  return { ...request, source, binaries, password, args, freePort: surroundings.freePort };
}

/** Takes over the server that still runs on the database, or starts one. The lock must be held. */
export async function serve(plan: ServerPlan): Promise<Server> {
  const orphan = await takeOver(plan);
  if (orphan !== null) return orphan;
  await prepareBinaries(plan.source, plan.binaries, plan.place, plan.onProgress);
  await openCluster(plan, plan.onProgress);
  return await start(plan);
}

/** Takes over a server that a killed process of ours left running; one that does not fit is stopped (null). */
async function takeOver(plan: ServerPlan): Promise<Server | null> {
  const orphan = await findOrphan(plan.place, plan.account);
  if (orphan === null) return null;
  const port = await fittingPort(plan, orphan);
  if (port !== null) {
    plan.onProgress(`Taking over Postgres (process ${orphan.pid}), which an earlier start left running`);
    return { postmaster: orphan, connectionString: connectionStringOf(port, plan.password) };
  }
  plan.onProgress(`Stopping Postgres (process ${orphan.pid}), which an earlier start left running`);
  await stopPostmaster(orphan);
  return null;
}

/** The port of a server that is what we would start ourselves and opens to our password; else null. */
async function fittingPort(plan: ServerPlan, orphan: Orphan): Promise<number | null> {
  const wanted = [join(plan.binaries.root, 'bin', 'postgres'), ...plan.args, '-p '].join(' ');
  if (!orphan.command.startsWith(wanted)) return null;
  const settled = async () => {
    const status = (await readPidFile(plan.place))?.status;
    return status === 'ready' || status === 'stopping' || (await orphan.gone(0));
  };
  await until(settled, READY_WITHIN_MS);
  const file = await readPidFile(plan.place);
  if (file?.pid !== orphan.pid || file.status !== 'ready') return null;
  return await proveConnection(plan.place, file.port, plan.password).then(
    () => file.port,
    () => null,
  );
}

/** Long enough for what is left of a killed server to notice that and end. */
const TRY_FOR_MS = 30_000;

async function start(plan: ServerPlan): Promise<Server> {
  const end = performance.now() + TRY_FOR_MS;
  for (;;) {
    const port = await plan.freePort();
    plan.onProgress(`Starting Postgres ${plan.binaries.version} on 127.0.0.1:${port}`);
    const launched = await launch(plan, port);
    if (launched.kind === 'ready') return await proved(plan, launched.postmaster, port);
    if (performance.now() > end) throw startFailed(plan, launched.log);
    if (launched.kind === 'port_taken') continue;
    // A server or a part of one that was killed a moment ago: it shows itself, or it ends.
    const orphan = await takeOver(plan);
    if (orphan !== null) return orphan;
    await delay(250);
  }
}

async function proved(plan: ServerPlan, postmaster: Postmaster, port: number): Promise<Server> {
  try {
    await proveConnection(plan.place, port, plan.password);
    return { postmaster, connectionString: connectionStringOf(port, plan.password) };
  } catch (error) {
    await stopPostmaster(postmaster);
    throw error;
  }
}
