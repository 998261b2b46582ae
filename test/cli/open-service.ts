import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { vi } from 'vitest';
import type { Outcome, RiskTier } from '../../src/domain/index.ts';
import { executeRun, type RunContext } from '../../src/services/index.ts';
import { listRuns, type Run } from '../../src/storage/index.ts';
import { type Listening, listenWith } from '../api/listening.ts';
import { type OpenApi, openApi } from '../api/open-api.ts';
import { BUNDLE } from '../support/bundled.ts';
import { compiled } from '../support/compiled.ts';
import { PIPELINE } from '../support/governed-artifact.ts';

export const CLI = join(BUNDLE, 'cli/main.js');
export { PIPELINE };

/** What a command came to. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, and what it has said so far. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

/** A live server, its database, a folder for files, and a token. */
export interface Service extends AsyncDisposable {
  readonly open: OpenApi;
  readonly url: string;
  readonly token: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes a queued run through its checks with given outcomes. */
  work(run: Run, outcomes?: Readonly<Record<string, Outcome>>, tier?: RiskTier): Promise<void>;
  /** The run of a model version, once it was submitted. */
  submitted(modelVersion: string): Promise<Run>;
  /** Stops listening, until `resume` listens on the same port. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function openService(parts: Parameters<typeof openApi>[0] = {}): Promise<Service> {
  const open = await openApi(parts);
  let server: Listening = await listenWith(open.api);
  const { port } = server;
  const token = await open.token(['read', 'submit']);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  const { db } = open.database;
  const close = async () => {
    for (const child of children) child.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    ...{ open, url: server.url, token, folder },
    env: { COUNTERSIGN_URL: server.url, COUNTERSIGN_TOKEN: token },
    work: (run, outcomes, tier) => executeRun(contextFor(open, outcomes, tier), run.id),
    submitted: (modelVersion) =>
      vi.waitFor(async () => one(await listRuns(db, { modelVersion })), { timeout: 60_000 }),
    pause: async () => server[Symbol.asyncDispose](),
    resume: async () => {
      server = await listenWith(open.api, port);
    },
    [Symbol.asyncDispose]: close,
  };
}

function one(runs: readonly Run[]): Run {
  const [run] = runs;
  if (run === undefined) throw new Error('there is no such run');
  return run;
}

/** The services' context with checks whose outcomes are given. */
function contextFor(
  { governance: { context } }: OpenApi,
  outcomes: Readonly<Record<string, Outcome>> = {},
  tier: RiskTier = 'high_risk',
): RunContext {
  const run: RunContext['checks']['run'] = async (request) => {
    const { result, ...rest } = await context.checks.run(request);
    const outcome = outcomes[request.check] ?? 'passed';
    const problems = outcome === 'passed' ? [] : [PROBLEM];
    const details = { risk_tier: tier };
    return { ...rest, result: { ...result, outcome, message: `it ${outcome}`, problems, details } };
  };
  return { ...context, checks: { ...context.checks, run } };
}

const PROBLEM = { where: 'predictions', message: 'age_band 18-25: 0.61', remedy: 'retrain' };

/** Commands that still run: a test that fails must not leave them waiting. */
const children = new Set<Running['child']>();

/** How a command's process is started. */
interface ProcessOptions {
  readonly cwd?: string;
  readonly nodeArgs?: readonly string[];
  /** The bundled program unless given. */
  readonly program?: string;
  readonly stdin?: string;
}

/** Starts `countersign …` in a process of its own, with only these variables. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: ProcessOptions = {},
): Running {
  const { nodeArgs = [], stdin = '', program = CLI, ...rest } = options;
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], {
    ...rest,
    env: { ...compiled(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}).end(stdin);
  children.add(child);
  child.once('close', () => children.delete(child));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([status]) => ({
    status: status as number | null,
    stdout,
    stderr,
  }));
  return { child, said: () => stdout + stderr, ended };
}

/** Runs `countersign …` to its end. */
export function countersign(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: Omit<ProcessOptions, 'stdin'> = {},
): Promise<Ended> {
  return start(args, env, options).ended;
}
