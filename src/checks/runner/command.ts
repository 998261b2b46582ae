import type { Programs } from './code.ts';
import { cacheEnvironment } from './compile-cache.ts';
import type { IsolationKind } from './isolation-kind.ts';
import type { Limits } from './limits.ts';

/** What is the same for every run of a runner. */
export interface CommandOptions {
  readonly limits: Limits;
  /** Node itself. */
  readonly node: string;
  readonly programs: Programs;
  /** Folders and files of our code and its packages, which the process may read. */
  readonly code: readonly string[];
  /** Folder of compiled code, readable to the process. */
  readonly cacheFolder: string | undefined;
}

/** A program to start, with the whole of its environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder that it starts in; the root unless given. */
  readonly cwd?: string;
  /** A value in `env` by which processes that left the group are found; not needed where a sandbox ends with its first process. */
  readonly mark?: string;
}

/** All that a check's process sees of an environment; nothing is inherited. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/nonexistent', TZ: 'UTC' };

/** Where shared libraries are on Linux; whatever is absent is left out. */
const LIBRARIES = [
  '/lib',
  '/lib32',
  '/lib64',
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/local/lib',
  '/etc/ld.so.cache',
];

/** What a connection needs to find a host by its name. */
const NAME_RESOLUTION = ['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf'];

/** What is asked of one run. */
export interface CommandWish {
  /** Arguments for Node. */
  readonly args: readonly string[];
  /** Files that it may read beside our code. */
  readonly files: readonly string[];
  /** Whether it may open connections; without it there is no network, not even loopback. */
  readonly network?: boolean;
}

/** The command that runs Node under an isolation, able to read the wish's files and our code and nothing else. */
export function commandFor(kind: IsolationKind, options: CommandOptions, wish: CommandWish): Command {
  const { args, files } = wish;
  // Node uses a cache only where it may write to it, so only where the mount is read-only whatever Node allows.
  const cache = kind === 'bubblewrap' ? options.cacheFolder : undefined;
  const writable = cache === undefined ? [] : [`--allow-fs-write=${cache}/*`];
  const node = [options.node, ...nodeFlags(options, files), ...writable, ...args];
  const [file = options.node, ...rest] = wrapped(kind, options, node, wish);
  return { file, args: rest, env: { ...ENVIRONMENT, ...cacheEnvironment(cache) } };
}

function wrapped(
  kind: IsolationKind,
  options: CommandOptions,
  node: readonly string[],
  wish: CommandWish,
): readonly string[] {
  switch (kind) {
    case 'none':
      return node;
    case 'prlimit':
      return [...prlimit(options.limits), ...node];
    case 'bubblewrap':
      return [...prlimit(options.limits), ...bubblewrap(options, wish), ...node];
  }
}

/** Node's permission model as a second wall: no child processes, no workers, no writing, only the listed files. */
function nodeFlags({ limits, code }: CommandOptions, files: readonly string[]): string[] {
  // Folders need the star; a file's own path has none. Evidence is read again through its open descriptor.
  const readable = [
    ...code.map((path) => (path.endsWith('/') ? `${path}*` : path)),
    ...files,
    '/proc/self/fd/*',
  ];
  return [
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.floor(limits.memoryBytes / 2 / 1024 / 1024)}`,
    '--disable-proto=delete',
    '--no-warnings',
  ];
}

/** The words that start a command with limits on its resources. */
export function prlimit(limits: Limits): string[] {
  return [
    'prlimit',
    `--data=${limits.memoryBytes}`,
    `--as=${limits.addressSpaceBytes}`,
    // The soft limit first, so that the signal tells why it ended.
    `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 5}`,
    `--fsize=${limits.fileBytes}`,
    `--nofile=${limits.openFiles}`,
    '--core=0',
    '--',
  ];
}

/** New namespaces for everything (no network, own processes), an empty read-only root, and read-only binds into it. */
function bubblewrap({ node, code }: CommandOptions, { files, network }: CommandWish): string[] {
  const bind = (path: string) => ['--ro-bind', path.replace(/\/$/, ''), path.replace(/\/$/, '')];
  return [
    'bwrap',
    '--unshare-all',
    ...(network ? ['--share-net', ...NAME_RESOLUTION.flatMap((path) => ['--ro-bind-try', path, path])] : []),
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...LIBRARIES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[node, ...code, ...new Set(files)].flatMap(bind),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    '--',
  ];
}
