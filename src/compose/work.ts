import type { Bot } from '../bot/index.ts';
import type { Composition } from '../compose.ts';
import type { Logger, Processors, QueueName } from '../domain/index.ts';
import { createMonitor, type Monitor } from '../monitor/index.ts';
import {
  auditProcessors,
  evidenceProcessors,
  fetchProcessors,
  type QueueBackend,
  type QueueWorker,
  runProcessors,
  startRelay,
  startWorker,
} from '../queue/index.ts';
import { listen, OUTBOX_CHANNEL } from '../storage/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { Surface } from './surface.ts';

/** What the work of a process is made of. */
export interface WorkOptions {
  readonly composition: Composition;
  /** Closed by whoever opened it, after this work. */
  readonly queue: QueueBackend;
  readonly bot: Bot | null;
  readonly metrics: Metrics;
  readonly surfaces: readonly Surface[];
  readonly logger: Logger;
}

/** Starts the surfaces' workers, the monitor's schedule, and the relay that feeds the queue. Ends in reverse order. */
export async function startWork(options: WorkOptions): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const { composition, queue: backend, logger } = options;
  const { base, databaseUrl } = composition;
  const onCommit = (wake: () => void) => listen(databaseUrl, OUTBOX_CHANNEL, wake);
  const relay = await startRelay({ ...base, logger, onCommit }, backend);
  started.defer(() => relay.stop());
  const workers: QueueWorker[] = [];
  const begin = ({ queue, processors, concurrency }: Work) =>
    workers.push(startWorker({ ...base, logger }, backend, queue, processors, concurrency));
  const ofLeader: Work[] = [];
  const monitor = openMonitor(options, () => ofLeader.splice(0).forEach(begin));
  if (monitor !== null) ofLeader.push(...workOfLeader(monitor));
  started.defer(async () => {
    const stopped = workers.map((worker) => worker.stop());
    // While the workers wait for their jobs: a check that runs is stopped, says nothing, and is run again by the next worker.
    composition.run?.checks.close();
    // What is fetched is given up, and gone on with by the next.
    composition.fetch?.stop();
    await Promise.all(stopped);
  });
  workOf(options, monitor).forEach(begin);
  if (monitor !== null) {
    await monitor.start();
    started.defer(() => monitor.stop());
  }
  return started.move();
}

interface Work {
  readonly queue: QueueName;
  readonly processors: Processors;
  readonly concurrency: number;
}

/** Each surface works on its own queue: the process that runs hostile models delivers nothing, and the other way round. */
function workOf({ composition, bot, surfaces, logger }: WorkOptions, monitor: Monitor | null): Work[] {
  const work: Work[] = [];
  const { run, fetch, evidence, config } = composition;
  if (surfaces.includes('queue') && run !== null) {
    work.push({ queue: 'runs', processors: runProcessors(run), concurrency: config.worker.concurrency });
    // A queue of its own and one at a time, so that audits keep no run waiting.
    work.push({ queue: 'audits', processors: auditProcessors(run, logger), concurrency: 1 });
  }
  if (fetch !== null)
    work.push({ queue: 'fetches', processors: fetchProcessors(fetch.context), concurrency: 2 });
  if (surfaces.includes('api') && evidence !== null)
    // The publisher waits for each, and each for the witness.
    work.push({ queue: 'evidence', processors: evidenceProcessors(evidence), concurrency: 2 });
  if (bot !== null) {
    // What people did has a queue of its own: no message that waits for Slack keeps an answer waiting.
    work.push({ queue: 'answers', processors: bot.processors, concurrency: 8 });
    work.push({ queue: 'slack', processors: bot.processors, concurrency: 4 });
  }
  if (monitor !== null) work.push({ queue: 'alerts', processors: monitor.processors, concurrency: 2 });
  return work;
}

/** What only a monitor does that has led, and so has a copy of the ledger by which it would notice a change. */
function workOfLeader({ publishing, witness }: Monitor): Work[] {
  return [
    // A queue of its own: no place that is slow keeps an alert waiting.
    { queue: 'publishing', processors: publishing, concurrency: 2 },
    // Somebody waits for each, and those that wait are looked at together.
    { queue: 'witness', processors: witness, concurrency: 16 },
  ];
}

function openMonitor(
  { composition: { monitor, config }, metrics, logger }: WorkOptions,
  whenLed: () => void,
): Monitor | null {
  if (monitor === null) return null;
  return createMonitor({
    context: monitor,
    intervalSeconds: config.monitor.intervalSeconds,
    auditHours: config.monitor.auditHours,
    metrics,
    logger,
    whenLed,
  });
}
