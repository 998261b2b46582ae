import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckReport, type CheckResult, CountersignError } from '../../domain/index.ts';
import { remember, storable } from '../../lib/index.ts';
import { BUILT_IN_CHECKS, type CheckCatalogue } from '../catalogue.ts';
import type { Check } from '../contract.ts';
import { chooseImplementation } from '../external/choose.ts';
import { scriptIsolation } from '../external/isolation.ts';
import { runScript } from '../external/run-script.ts';
import type { ScriptCheck } from '../external/script-check.ts';
import { report } from '../report.ts';
import { codePaths, programsIn } from './code.ts';
import type { Command, CommandOptions } from './command.ts';
import { fillCache, usableCache } from './compile-cache.ts';
import { identityOf } from './identity.ts';
import { type Isolation, isolationOf, probeIsolation, withNetwork } from './isolation.ts';
import type { IsolationKind } from './isolation-kind.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Channels, type Ending, type RunningProcess, start } from './process.ts';
import { readableEvidence } from './readable-evidence.ts';
import type { CheckRequest } from './request.ts';
import { runBuiltIn } from './run-built-in.ts';
import { createSlots, type Slots } from './slots.ts';

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
  /** An isolation that is known to work here already: nothing is tried then, nor compiled ahead. */
  readonly known?: IsolationKind;
  /** The strongest isolation to try; `bubblewrap` unless there is a reason. */
  readonly strongest?: IsolationKind;
  /** A folder of ours for compiled code; with it checks start about three times as fast. Where it cannot be used they run without. */
  readonly cacheFolder?: string;
  /** Checks that run at once, whoever asks for them; the others wait. As many as there are processors unless given. */
  readonly processes?: number;
  /** The checks that there are; the built-in ones unless given. */
  readonly catalogue?: CheckCatalogue;
  /**
   * A folder with a bundle of our code, laid out as its sources are, that checks' processes run instead of it: many small
   * modules take most of their time to start.
   */
  readonly bundle?: string;
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
  readonly module: URL | undefined;
  readonly catalogue: CheckCatalogue;
  readonly slots: Slots;
  readonly running: Set<RunningProcess>;
  closed: boolean;
}

/** Makes a runner. Nothing is started before the first run or question. */
export function createCheckRunner(options: CheckRunnerOptions = {}): CheckRunner {
  const { module, catalogue = BUILT_IN_CHECKS } = options;
  const slots = createSlots(options.processes ?? availableParallelism());
  const setup: Setup = { module, catalogue, slots, running: new Set(), closed: false };
  const surroundings = remember(() => prepare(options));
  return {
    catalogue,
    isolationInForce: async () => (await surroundings()).isolation,
    async run(request) {
      const found = await surroundings();
      const { result, isolation } = await slots.within(() => runOne(setup, found, request));
      // Last of all: whatever shortened a text may have cut a character in two.
      return { result: storable({ ...result, check: request.check }), isolation };
    },
    close() {
      setup.closed = true;
      for (const child of setup.running) child.kill('closed');
    },
  };
}

async function runOne(setup: Setup, found: Surroundings, request: CheckRequest): Promise<CheckRun> {
  const { check } = request;
  const { isolation } = found;
  const entry = setup.catalogue.find(check);
  const without = (given: CheckReport, version: string) => ({
    result: { ...given, check, version },
    isolation,
  });
  if (entry === undefined) return without(report('errored', `there is no check "${check}"`), 'unknown');
  const look = (other: Check, module: URL) => runOneBuiltIn(setup, found, other, { module, request });
  const choice = await chooseImplementation(
    entry,
    async (other) => (await look(other, found.command.programs.formatCheck)).result,
  );
  if ('outcome' in choice) return without(choice, entry.version);
  return 'script' in choice
    ? runOneScript(setup, found, choice, request)
    : look(choice, setup.module ?? found.command.programs.moduleOf(choice));
}

async function runOneBuiltIn(
  setup: Setup,
  { command: options, isolation }: Surroundings,
  check: Check,
  { module, request }: { readonly module: URL; readonly request: CheckRequest },
): Promise<CheckRun> {
  const network = needsNetwork(check, request);
  const execute = (command: Command, channels: Channels) =>
    startOne(setup, command, channels, options.limits);
  const found = await runBuiltIn(check, { module, network }, request, {
    options,
    kind: isolation.kind,
    execute,
  });
  const result = { ...found, ...identityOf(check, request), check: check.name };
  return { result, isolation: network ? withNetwork(isolation) : isolation };
}

async function runOneScript(
  setup: Setup,
  { command: { limits }, isolation: walls }: Surroundings,
  check: ScriptCheck,
  request: CheckRequest,
): Promise<CheckRun> {
  const isolation = scriptIsolation(walls);
  const execute = (command: Command, channels: Channels) => startOne(setup, command, channels, limits);
  const run = { ...request, evidence: readableEvidence(check, request) };
  const found = await runScript(check, run, { isolation, limits, execute });
  return { result: { ...found, ...identityOf(check, request), check: check.name }, isolation };
}

/** Parameters that do not fit open nothing: the check is errored for them. */
function needsNetwork(check: Check, { parameters }: CheckRequest): boolean {
  return check.parameters.safeParse(parameters).success && (check.needsNetwork?.(parameters) ?? false);
}

/** Whoever closes the runner meanwhile learns nothing about the evidence. */
async function startOne(setup: Setup, command: Command, channels: Channels, limits: Limits): Promise<Ending> {
  if (setup.closed) throw closedError();
  const child = start(command, channels, limits);
  setup.running.add(child);
  const ending = await child.ended;
  setup.running.delete(child);
  if (ending.killed === 'closed') throw closedError();
  return ending;
}

async function prepare(options: CheckRunnerOptions): Promise<Surroundings> {
  const strongest = options.strongest ?? 'bubblewrap';
  // The cache folder is bound into the sandbox, so it must be there before the sandbox is tried.
  const cacheFolder = await usableCache(options.cacheFolder);
  const command = commandOptions(options, cacheFolder);
  const { known } = options;
  if (known !== undefined) return { command, isolation: isolationOf(known, command) };
  if (cacheFolder !== undefined && strongest === 'bubblewrap')
    await fillCache(command.node, command.programs.warm, cacheFolder);
  return { command, isolation: await probeIsolation(command, strongest) };
}

function commandOptions(
  { limits, module, bundle }: CheckRunnerOptions,
  cacheFolder: string | undefined,
): CommandOptions {
  const extra = [
    ...(module === undefined ? [] : [dirname(fileURLToPath(module))]),
    ...(cacheFolder === undefined ? [] : [cacheFolder]),
  ];
  return {
    limits: { ...DEFAULT_LIMITS, ...limits },
    node: process.execPath,
    programs: programsIn(bundle),
    code: codePaths(bundle, extra),
    cacheFolder,
  };
}

/** Says nothing about the evidence: whoever asked must ask again, and must not take this for a finding. */
function closedError(): CountersignError {
  return new CountersignError(
    'unavailable',
    'the check was stopped because its runner was closed; it is to be run again',
  );
}
