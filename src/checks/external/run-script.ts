import { type CheckReport, CountersignError } from '../../domain/index.ts';
import { canonicalJson, describeProblems, type Json, type Parsed } from '../../lib/index.ts';
import { type CheckFile, readsEvidence } from '../contract.ts';
import { insufficient, problem, report } from '../report.ts';
import type { Command } from '../runner/command.ts';
import type { Isolation } from '../runner/isolation.ts';
import type { Limits } from '../runner/limits.ts';
import type { Channels, Ending } from '../runner/process.ts';
import { scriptCommand } from './command.ts';
import { interpretScript, sandboxStarted } from './interpret.ts';
import { interpreterOf } from './interpreter.ts';
import { readPinned } from './pinned-file.ts';
import type { ScriptCheck } from './script-check.ts';
import { openWorkspace } from './workspace.ts';

/** What a script is run on. */
export interface ScriptRun {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: CheckFile;
  /** What the script reads, by name. */
  readonly evidence: readonly (readonly [string, CheckFile])[];
  /** Effective parameters, defaults not filled in. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly now: string;
}

/** What runs scripts and under which walls. */
export interface ScriptSetting {
  readonly isolation: Isolation;
  readonly limits: Limits;
  /** Starts a process and waits for its end. */
  readonly execute: (command: Command, channels: Channels) => Promise<Ending>;
}

/** Evidence names become file names. */
const FILE_NAME = /^[a-z][a-z0-9_.]{0,127}$/;

/**
 * Runs an operator's script on a submission. What stands in its way is `errored`, and evidence that it requires and that
 * was not submitted is insufficient: the script is not asked then.
 */
export async function runScript(
  check: ScriptCheck,
  run: ScriptRun,
  setting: ScriptSetting,
): Promise<CheckReport> {
  const given = run.evidence.map(([name]) => name);
  const missing = check.evidence.filter(
    (use) => use.required && !given.some((name) => readsEvidence({ evidence: [use] }, name)),
  );
  if (missing.length > 0)
    return insufficient(
      `${missing.map(({ name }) => name).join(', ')}: not submitted, and the script needs it`,
      missing.map(({ name }) => problem(name, 'was not submitted', `submit it as the evidence ${name}`)),
    );
  const found = await execute(check, run, setting).catch(unrun);
  return {
    ...found,
    details: { ...found.details, script: facts(check), isolation: walls(setting.isolation) },
  };
}

async function execute(check: ScriptCheck, run: ScriptRun, setting: ScriptSetting): Promise<CheckReport> {
  const { script } = check;
  const { kind } = setting.isolation;
  if (script.needsBubblewrap && kind !== 'bubblewrap')
    return report(
      'errored',
      `the script was not run: checks.require_bubblewrap is set, and the isolation here is ${kind}; install bubblewrap`,
    );
  const odd = run.evidence.find(([name]) => !FILE_NAME.test(name));
  if (odd !== undefined) return report('errored', 'an evidence name cannot be the name of a file');
  const parameters = check.parameters.safeParse(run.parameters);
  if (!parameters.success)
    return report('errored', `the parameters do not fit: ${parameters.error.issues[0]?.message}`);
  const file = await readPinned(script);
  if (!file.ok) return refused(file);
  const interpreter = await interpreterOf(script, file.value);
  if (!interpreter.ok) return refused(interpreter);
  const { bytes } = file.value;
  const given = { ...run, file: script.file, bytes, parameters: canonicalJson(parameters.data) };
  await using workspace = await openWorkspace(given, kind === 'bubblewrap');
  const { modelId, modelVersion, now } = run;
  const wish = {
    interpreter: interpreter.value,
    libraries: script.libraries,
    workspace,
    modelId,
    modelVersion,
    now,
  };
  const command = scriptCommand(kind, setting.limits, { ...wish, artifactDigest: run.artifact.digest });
  const ending = await setting.execute(command, { line: null, keepsOutput: true });
  return outcomeOf(ending, setting);
}

/** What hinders us is no finding; that the runner was closed is nobody's result at all. */
function unrun(error: unknown): CheckReport {
  if (error instanceof CountersignError && error.code === 'unavailable') throw error;
  return report('errored', `the script could not be run: ${error instanceof Error ? error.message : ''}`);
}

function outcomeOf(ending: Ending, { isolation, limits }: ScriptSetting): CheckReport {
  const { killed, startError, signal } = ending;
  const unstarted = killed === null && startError === null && signal === null && !sandboxStarted(ending);
  if (isolation.kind === 'bubblewrap' && unstarted)
    return report('errored', `the sandbox could not be set up: ${ending.errors.trim().slice(0, 300)}`);
  const found = interpretScript(ending, limits);
  return { ...found, details: { ...found.details, exitStatus: ending.code } };
}

function refused(why: Extract<Parsed<unknown>, { ok: false }>): CheckReport {
  return report('errored', `the script was not run: ${describeProblems(why.problems)}`);
}

function facts({ script, formats }: ScriptCheck) {
  return { file: script.file, digest: script.digest, ...(formats === null ? {} : { formats: [...formats] }) };
}

function walls({ kind, network, description, memoryBytes, cpuSeconds, wallSeconds }: Isolation) {
  return { kind, network, description, memoryBytes, cpuSeconds, wallSeconds };
}
