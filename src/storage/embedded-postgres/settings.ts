/**
 * `full`: what was committed survives a power cut. `none`: it survives the death of any process, but a power cut may
 * ruin the whole database; only for data that nobody will miss, in exchange for speed.
 */
export type Durability = 'full' | 'none';

/** What a server is started with, but for its port. */
export interface ServerSettings {
  readonly data: string;
  readonly version: string;
  readonly durability: Durability;
}

/** Names our servers in the list of processes; telling them from others relies on it. */
export const SERVER_NAME = 'countersign';

const FIXED = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_checkpoints: 'off',
  // A failed statement is its caller's business, and its text or its values may be secret: keep both out of the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

const DURABILITY: Readonly<Record<Durability, Readonly<Record<string, string>>>> = {
  full: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  none: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
};

/**
 * The server's command line. All settings are on it, so that a running server shows what it was started with, and
 * that files which an earlier version wrote into the database have no say.
 */
export function serverArguments(settings: ServerSettings): readonly string[] {
  const values = { ...FIXED, ...DURABILITY[settings.durability] };
  const named = { cluster_name: `${SERVER_NAME}-${settings.version}`, ...values };
  const options = Object.entries(named).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', settings.data, ...options];
}
