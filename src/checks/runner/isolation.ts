import { spawn } from 'node:child_process';
import { type CommandOptions, commandFor } from './command.ts';
import { ISOLATION_KINDS, type IsolationKind } from './isolation-kind.ts';

/** The isolation that was in force, for the result and for `doctor`. */
export interface Isolation {
  readonly kind: IsolationKind;
  /** Whether the process could reach a network. */
  readonly network: 'none' | 'reachable';
  /** Whether memory, processor time, file size and descriptors were limited. */
  readonly resourceLimits: boolean;
  /** Whether Node's permission model kept it from files, processes and workers beside its own. */
  readonly nodePermissions: boolean;
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
  readonly wallSeconds: number;
  /** One sentence for a person, with what is missing. */
  readonly description: string;
}

const PROBE_MILLISECONDS = 60_000;

const DESCRIPTIONS: Readonly<Record<IsolationKind, string>> = {
  bubblewrap: 'bubblewrap: no network, no files but its own, limits on memory and time',
  prlimit: 'prlimit: limits on memory and time; without bubblewrap the network can be reached',
  none: 'none: only the time is limited; without prlimit memory is not, without bubblewrap the network can be reached',
};

/** The isolation of a check that was let reach the network. */
export function withNetwork(isolation: Isolation): Isolation {
  if (isolation.network === 'reachable') return isolation;
  const description =
    'bubblewrap: no files but its own, limits on memory and time; the network can be reached, as it needs';
  return { ...isolation, network: 'reachable', description };
}

/** Finds the strongest isolation under which our code can be loaded here, by doing so. */
export async function probeIsolation(options: CommandOptions, strongest: IsolationKind): Promise<Isolation> {
  const candidates = ISOLATION_KINDS.slice(ISOLATION_KINDS.indexOf(strongest));
  for (const kind of candidates) {
    if (kind === 'none' || (await works(kind, options))) return isolationOf(kind, options);
  }
  return isolationOf('none', options);
}

/** What an isolation of a kind amounts to. */
export function isolationOf(kind: IsolationKind, { limits }: CommandOptions): Isolation {
  const limited = kind !== 'none';
  return {
    kind,
    network: kind === 'bubblewrap' ? 'none' : 'reachable',
    resourceLimits: limited,
    nodePermissions: true,
    memoryBytes: limited ? limits.memoryBytes : null,
    cpuSeconds: limited ? limits.cpuSeconds : null,
    wallSeconds: limits.wallSeconds,
    description: DESCRIPTIONS[kind],
  };
}

function works(kind: IsolationKind, options: CommandOptions): Promise<boolean> {
  const command = commandFor(kind, options, { args: [options.programs.warm], files: [] });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(command.file, command.args, {
    stdio: 'ignore',
    env: command.env,
    cwd: '/',
    timeout: PROBE_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  child.once('error', () => resolve(false));
  child.once('exit', (code) => resolve(code === 0));
  return promise;
}
