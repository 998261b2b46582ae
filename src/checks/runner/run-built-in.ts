import { lstat } from 'node:fs/promises';
import type { CheckReport } from '../../domain/index.ts';
import type { Check, CheckArtifact, CheckFile } from '../contract.ts';
import { report } from '../report.ts';
import { type Command, type CommandOptions, commandFor } from './command.ts';
import { interpret } from './interpret.ts';
import type { IsolationKind } from './isolation-kind.ts';
import type { Channels, Ending } from './process.ts';
import type { ChildRequest } from './protocol.ts';
import { readableEvidence } from './readable-evidence.ts';
import type { CheckRequest } from './request.ts';

/** What runs built-in checks, and under which walls. */
export interface BuiltInSetting {
  readonly options: CommandOptions;
  readonly kind: IsolationKind;
  /** Starts a process and waits for its end. */
  readonly execute: (command: Command, channels: Channels) => Promise<Ending>;
}

/**
 * Runs a check of a module of ours in a process of its own.
 * @param network whether the process may open connections
 */
export async function runBuiltIn(
  check: Check,
  { module, network }: { readonly module: URL; readonly network: boolean },
  request: CheckRequest,
  { options, kind, execute }: BuiltInSetting,
): Promise<CheckReport> {
  const evidence = readableEvidence(check, request);
  const files = [
    ...(check.readsArtifact ? filesOf(request.artifact) : []),
    ...evidence.map(([, file]) => file),
  ];
  const irregular = await irregularFile(files);
  if (irregular !== undefined) return report('errored', `${irregular} is not a regular file`);
  const command = commandFor(kind, options, {
    args: [options.programs.child, module.href],
    files: files.map(({ path }) => path),
    network,
  });
  const line = JSON.stringify(toChild(check, request, evidence));
  const ending = await execute(command, { line, keepsOutput: false });
  return interpret(ending, options.limits, check.onCrash ?? 'errored');
}

function filesOf(artifact: CheckArtifact): readonly CheckFile[] {
  return artifact.files ?? [artifact];
}

/** Links are not followed: bubblewrap would bind what they point at under the innocent name. */
async function irregularFile(files: readonly CheckFile[]): Promise<string | undefined> {
  for (const { path } of files) {
    const status = await lstat(path).catch(() => undefined);
    if (status?.isFile() !== true) return path;
  }
  return undefined;
}

function toChild(
  { name }: Check,
  request: CheckRequest,
  evidence: readonly (readonly [string, CheckFile])[],
): ChildRequest {
  const { modelId, modelVersion, artifact, parameters, passedChecks, now } = request;
  return {
    check: name,
    modelId,
    modelVersion,
    artifact: { ...artifact },
    evidence: evidence.map(([name, file]) => [name, { path: file.path, digest: file.digest }]),
    parameters: { ...parameters } as ChildRequest['parameters'],
    passedChecks: [...passedChecks],
    now,
  };
}
