import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** An alert as Prometheus has it. */
export interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** One series of an instant query, with its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** How a rule fared; any health but `ok` is that of a rule which cannot be evaluated. */
export interface RuleHealth {
  readonly name: string;
  readonly health: string;
  /** RFC 3339; with year 1 before the first time. */
  readonly lastEvaluation: string;
}

/** A real Prometheus of a test's own, on loopback. */
export interface TestPrometheus extends AsyncDisposable {
  readonly url: string;
  /** What its rules make of what it last scraped. */
  alerts(): Promise<readonly PrometheusAlert[]>;
  query(expression: string): Promise<readonly Sample[]>;
  /** How each rule fared when it was last evaluated. */
  rules(): Promise<readonly RuleHealth[]>;
}

/** What a Prometheus scrapes and evaluates. */
export interface Watching {
  /** A port on loopback. */
  readonly port: number;
  /** Another one. */
  readonly otherPort?: number;
  /** The text of a rule file. */
  readonly rules: string;
  /** The address of an Alertmanager that is told of alerts. */
  readonly alertmanager?: string;
}

/** Starts a Prometheus that scrapes loopback ports and itself, and evaluates rules several times a second. */
export async function startPrometheus(program: string, watching: Watching): Promise<TestPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-prometheus-'));
  await writeFile(join(folder, 'rules.yaml'), watching.rules);
  await writeFile(join(folder, 'prometheus.yml'), configuration(watching));
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { env: {}, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = await addressOf(child);
  // It knows its own port by now alone, and looks at this file whenever it changes.
  await writeFile(join(folder, 'self.json'), JSON.stringify([{ targets: [new URL(url).host] }]));
  return {
    url,
    alerts: async () => (await get<{ alerts: PrometheusAlert[] }>(`${url}/api/v1/alerts`)).alerts,
    query: async (expression) =>
      samples(await get(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)),
    rules: async () => {
      const { groups } = await get<{ groups: { rules: RuleHealth[] }[] }>(`${url}/api/v1/rules`);
      return groups.flatMap(({ rules }) => rules);
    },
    [Symbol.asyncDispose]: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration({ port, otherPort, alertmanager }: Watching): string {
  const targets = (...addresses: readonly (string | undefined)[]) =>
    JSON.stringify([{ targets: addresses.filter((address) => address !== undefined) }]);
  const other = otherPort === undefined ? undefined : `127.0.0.1:${otherPort}`;
  return `global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }
rule_files: [rules.yaml]
scrape_configs:
  - job_name: countersign
    static_configs: ${targets(`127.0.0.1:${port}`, other)}
  - job_name: prometheus
    file_sd_configs: [{ files: [self.json] }]
alerting:
  alertmanagers:
    - static_configs: ${targets(alertmanager === undefined ? undefined : new URL(alertmanager).host)}
`;
}

/** It chooses a free port itself, and says which in its log. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the log is not read');
  let address: string | undefined;
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    log.push(line);
    address ??= /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address !== undefined && line.includes('Server is ready')) break;
  }
  child.stderr.resume();
  if (address === undefined) throw new Error(`prometheus ended:\n${log.join('\n')}`);
  return `http://${address}`;
}

async function get<T>(url: string): Promise<T> {
  const answer = (await (await fetch(url)).json()) as { status: string; data: T; error?: string };
  if (answer.status !== 'success') throw new Error(`prometheus refuses ${url}: ${answer.error}`);
  return answer.data;
}

function samples({
  result,
}: {
  result: { metric: Record<string, string>; value: [number, string] }[];
}): Sample[] {
  return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
