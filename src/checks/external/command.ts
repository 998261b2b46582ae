import { randomUUID } from 'node:crypto';
import { type Command, prlimit } from '../runner/command.ts';
import type { IsolationKind } from '../runner/isolation-kind.ts';
import type { Limits } from '../runner/limits.ts';
import { PROGRAM_FOLDERS } from './interpreter.ts';
import type { ScriptView, Workspace } from './workspace.ts';

/** The largest file that a script may write; in a sandbox also all that its scratch folder and shared memory hold, in memory. */
const SCRATCH_BYTES = 64 * 1024 * 1024;

/** The system's programs and libraries; whatever is absent is left out. No configuration, where secrets may be. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/nix/store',
  '/etc/ld.so.cache',
  '/etc/alternatives',
];

/** What is asked of one run of a script. */
export interface ScriptWish {
  /** Words that come before the script's path. */
  readonly interpreter: readonly string[];
  readonly libraries: readonly string[];
  readonly workspace: Workspace;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly now: string;
  readonly artifactDigest: string;
}

/** The command that runs a script under an isolation. Nothing of our environment is inherited. */
export function scriptCommand(kind: IsolationKind, limits: Limits, wish: ScriptWish): Command {
  const { view } = wish.workspace;
  const script = [...wish.interpreter, view.script, wish.modelId, wish.modelVersion];
  const [file = '', ...args] = wrapped(kind, limits, wish, script);
  if (kind === 'bubblewrap') return { file, args, env: environment(view, wish) };
  // Whatever leaves its group without a sandbox around it is known by this mark.
  const mark = randomUUID();
  const env = { ...environment(view, wish), COUNTERSIGN_CHECK_PROCESS: mark };
  return { file, args, env, cwd: view.scratch, mark };
}

function wrapped(
  kind: IsolationKind,
  limits: Limits,
  wish: ScriptWish,
  script: readonly string[],
): readonly string[] {
  switch (kind) {
    case 'none':
      return script;
    case 'prlimit':
      return [...prlimit({ ...limits, fileBytes: SCRATCH_BYTES }), ...script];
    case 'bubblewrap':
      return [...prlimit({ ...limits, fileBytes: SCRATCH_BYTES }), ...bubblewrap(wish), ...script];
  }
}

function environment(view: ScriptView, { now, artifactDigest }: ScriptWish): Record<string, string> {
  return {
    PATH: PROGRAM_FOLDERS.join(':'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    HOME: view.scratch,
    TMPDIR: view.scratch,
    // Sets are gone through in the same order every time.
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    COUNTERSIGN_ARTIFACT: view.artifact,
    COUNTERSIGN_ARTIFACT_DIGEST: artifactDigest,
    COUNTERSIGN_EVIDENCE: view.evidence,
    COUNTERSIGN_PARAMETERS: view.parameters,
    COUNTERSIGN_NOW: now,
  };
}

/** Namespaces of its own for everything, the system's programs, what it is given, and nothing else of this machine. */
function bubblewrap({ interpreter, libraries, workspace }: ScriptWish): string[] {
  const same = (bind: string, path: string) => [bind, path, path];
  const memory = (path: string) => ['--size', String(SCRATCH_BYTES), '--tmpfs', path];
  return [
    'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    ...['--cap-drop', 'ALL'],
    ...['--json-status-fd', '3'],
    ...['--proc', '/proc', '--dev', '/dev'],
    ...memory('/dev/shm'),
    ...SYSTEM.flatMap((path) => same('--ro-bind-try', path)),
    ...[...interpreter.slice(0, 1), ...libraries].flatMap((path) => same('--ro-bind', path)),
    ...workspace.folders.flatMap((path) => ['--dir', path]),
    ...memory('/tmp'),
    ...workspace.mounts.flatMap(({ source, seenAt }) => ['--ro-bind', source, seenAt]),
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--chdir', '/tmp', '--'],
  ];
}
