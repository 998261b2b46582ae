import { lstat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckReport, type CheckResult, CountersignError } from '../../domain/index.ts';
import { type Json, storable } from '../../lib/index.ts';
import { BUILT_IN_CHECKS, type CheckCatalogue } from '../catalogue.ts';
import { type Check, type CheckFile, type CheckInput, readsEvidence } from '../contract.ts';
import { report } from '../report.ts';
import { CHILD_ENTRY, codePaths, REGISTRY_MODULE } from './code.ts';
import { type CommandOptions, commandFor } from './command.ts';
import { fillCache, usableCache } from './compile-cache.ts';
import { interpret } from './interpret.ts';
import { type Isolation, probeIsolation } from './isolation.ts';
import type { IsolationKind } from './isolation-kind.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type RunningProcess, start } from './process.ts';
import type { ChildRequest } from './protocol.ts';
import { remember } from './remember.ts';
import { createSlots, type Slots } from './slots.ts';

/** A check to run, and on what. Evidence that the check does not read may be among it; it is not handed over. */
export interface CheckRequest extends Omit<CheckInput<Readonly<Record<string, Json>>>, 'parameters'> {
  readonly check: string;
  /** The effective parameters, defaults not yet filled in. */
  readonly parameters: Readonly<Record<string, Json>>;
}

/** What a run of a check gave, and the isolation under which it was made. */
export interface CheckRun {
  readonly result: CheckResult;
  readonly isolation: Isolation;
}

/** Runs checks, each in a process of its own. */
export interface CheckRunner {
  /** The checks that it can run. */
  readonly catalogue: CheckCatalogue;
  /**
   * Never throws for what a check does: a crash, a kill or a time-out is an `errored` result.
   * @throws CountersignError `unavailable` where the runner was closed meanwhile: nothing was found out then
   */
  run(request: CheckRequest): Promise<CheckRun>;
  /** The isolation that works on this machine; found out once, and again only after a failure to. */
  isolationInForce(): Promise<Isolation>;
  /** Kills what still runs. */
  close(): void;
}

/** Settings of a runner; the defaults are those of the service. */
export interface CheckRunnerOptions {
  readonly limits?: Partial<Limits>;
  /** The strongest isolation to try; `bubblewrap` unless there is a reason. */
  readonly strongest?: IsolationKind;
  /** A folder of ours for compiled code; with it checks start about three times as fast. Where it cannot be used they run without. */
  readonly cacheFolder?: string;
  /** Checks that run at once, whoever asks for them; the others wait. As many as there are processors unless given. */
  readonly processes?: number;
  /** The checks that there are; the built-in ones unless given. */
  readonly catalogue?: CheckCatalogue;
  /** The module that holds the catalogue's built-in checks, for tests of the runner itself. Never from a request. */
  readonly module?: URL;
}

/** What was found out about this machine. */
interface Surroundings {
  readonly command: CommandOptions;
  readonly isolation: Isolation;
}

/** What the runs of one runner have in common. */
interface Setup {
  readonly module: URL;
  readonly slots: Slots;
  readonly running: Set<RunningProcess>;
  closed: boolean;
}

/** Makes a runner. Nothing is started before the first run or question. */
export function createCheckRunner(options: CheckRunnerOptions = {}): CheckRunner {
  const { module = REGISTRY_MODULE, catalogue = BUILT_IN_CHECKS } = options;
  const slots = createSlots(options.processes ?? availableParallelism());
  const setup = { module, slots, running: new Set<RunningProcess>(), closed: false };
  const surroundings = remember(() => prepare(options));
  return {
    catalogue,
    isolationInForce: async () => (await surroundings()).isolation,
    async run(request) {
      const found = await surroundings();
      const check = catalogue.find(request.check)?.builtIn ?? undefined;
      const given =
        check === undefined
          ? { ...report('errored', `there is no check "${request.check}"`), version: 'unknown' }
          : {
              ...(await slots.within(() => runCheck(setup, found, check, request))),
              ...identityOf(check, request),
            };
      // Last of all: whatever shortened a text may have cut a character in two.
      return { result: storable({ ...given, check: request.check }), isolation: found.isolation };
    },
    close() {
      setup.closed = true;
      for (const child of setup.running) child.kill('closed');
    },
  };
}

async function prepare(options: CheckRunnerOptions): Promise<Surroundings> {
  const strongest = options.strongest ?? 'bubblewrap';
  // The cache folder is bound into the sandbox, so it must be there before the sandbox is tried.
  const cacheFolder = await usableCache(options.cacheFolder);
  const command = commandOptions(options, cacheFolder);
  if (cacheFolder !== undefined && strongest === 'bubblewrap') await fillCache(command.node, cacheFolder);
  return { command, isolation: await probeIsolation(command, strongest) };
}

function commandOptions(
  { limits, module }: CheckRunnerOptions,
  cacheFolder: string | undefined,
): CommandOptions {
  const extra = [
    ...(module === undefined ? [] : [dirname(fileURLToPath(module))]),
    ...(cacheFolder === undefined ? [] : [cacheFolder]),
  ];
  return {
    limits: { ...DEFAULT_LIMITS, ...limits },
    node: process.execPath,
    code: codePaths(extra),
    cacheFolder,
  };
}

async function runCheck(
  setup: Setup,
  { command, isolation }: Surroundings,
  check: Check,
  request: CheckRequest,
): Promise<CheckReport> {
  const evidence = readable(check, request);
  const files = [...(check.readsArtifact ? [request.artifact] : []), ...evidence.map(([, file]) => file)];
  const irregular = await irregularFile(files);
  if (irregular !== undefined) return report('errored', `${irregular} is not a regular file`);
  const paths = files.map(({ path }) => path);
  const program = commandFor(isolation.kind, command, {
    args: [CHILD_ENTRY, setup.module.href],
    files: paths,
    network: check.needsNetwork?.(request.parameters) ?? false,
  });
  const line = JSON.stringify(toChild(request, evidence));
  if (setup.closed) throw closedError();
  const child = start(program, line, command.limits);
  setup.running.add(child);
  const ending = await child.ended;
  setup.running.delete(child);
  if (ending.killed === 'closed') throw closedError();
  return interpret(ending, command.limits, check.onCrash ?? 'errored');
}

/** The evidence that the check is handed, in the order of its names. */
function readable(check: Check, { evidence }: CheckRequest): (readonly [string, CheckFile])[] {
  return [...evidence].filter(([name]) => readsEvidence(check, name)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What ran, on what: with it, the same result can be had again. */
function identityOf(check: Check, request: CheckRequest) {
  const evidence = readable(check, request).map(([name, { digest }]) => ({ name, digest }));
  const artifact = check.readsArtifact ? [{ name: 'artifact', digest: request.artifact.digest }] : [];
  const parameters = check.parameters.safeParse(request.parameters);
  return {
    version: check.version,
    parameters: (parameters.success ? parameters.data : request.parameters) as NonNullable<
      CheckResult['parameters']
    >,
    inputs: [...artifact, ...evidence],
  };
}

/** Says nothing about the evidence: whoever asked must ask again, and must not take this for a finding. */
function closedError(): CountersignError {
  return new CountersignError(
    'unavailable',
    'the check was stopped because its runner was closed; it is to be run again',
  );
}

/** Links are not followed: bubblewrap would bind what they point at under the innocent name. */
async function irregularFile(files: readonly CheckFile[]): Promise<string | undefined> {
  for (const { path } of files) {
    const status = await lstat(path).catch(() => undefined);
    if (status?.isFile() !== true) return path;
  }
  return undefined;
}

function toChild(request: CheckRequest, evidence: readonly (readonly [string, CheckFile])[]): ChildRequest {
  const { check, modelId, modelVersion, artifact, parameters, passedChecks, now } = request;
  return {
    check,
    modelId,
    modelVersion,
    artifact: { ...artifact },
    evidence: evidence.map(([name, file]) => [name, { path: file.path, digest: file.digest }]),
    parameters: { ...parameters } as ChildRequest['parameters'],
    passedChecks: [...passedChecks],
    now,
  };
}
