import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** An alert as Alertmanager has it. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A real Alertmanager of a test's own, on loopback, which notifies a webhook of each group. */
export interface TestAlertmanager extends AsyncDisposable {
  readonly url: string;
  /** What it takes to be firing. */
  alerts(): Promise<readonly KnownAlert[]>;
  /** Ends it in order; what it keeps on disk stays. */
  stop(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
}

/** Starts an Alertmanager that groups by alert name and environment, and waits for no more than a moment. */
export async function startAlertmanager(program: string, notify: string): Promise<TestAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-alertmanager-'));
  await writeFile(join(folder, 'alertmanager.yml'), configuration(notify));
  const run = async (address: string) => {
    const child = spawn(
      program,
      [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      { env: {}, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return { child, address: await addressOf(child) };
  };
  let running = await run('127.0.0.1:0');
  const { address } = running;
  const url = `http://${address}`;
  const stop = () => end(running.child);
  return {
    url,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as KnownAlert[],
    stop,
    start: async () => {
      running = await run(address);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(notify: string): string {
  return `route:
  receiver: test
  group_by: [alertname, environment]
  group_wait: 200ms
  group_interval: 300ms
  repeat_interval: 1h
receivers:
  - name: test
    webhook_configs: [{ url: '${notify}', send_resolved: true }]
`;
}

/** It chooses a free port itself, and says which in its log. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the log is not read');
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    log.push(line);
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return address;
  }
  throw new Error(`alertmanager ended:\n${log.join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
