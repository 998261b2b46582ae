/** What a check's process may use at most. */
export interface Limits {
  /** Seconds from start to end; then the whole process group is killed. */
  readonly wallSeconds: number;
  /** Seconds of processor time. */
  readonly cpuSeconds: number;
  /** Bytes of memory that can be written to (RLIMIT_DATA). Node itself does not start with less than about 600 MiB. */
  readonly memoryBytes: number;
  /** Bytes of address space (RLIMIT_AS). Far above `memoryBytes`: V8 and WebAssembly reserve much and use little. */
  readonly addressSpaceBytes: number;
  /** Bytes of a file that it could write. */
  readonly fileBytes: number;
  /** Open file descriptors. */
  readonly openFiles: number;
  /** Bytes kept of what it prints; the rest is read and dropped. */
  readonly outputBytes: number;
  /** Bytes of its result; a larger one is an error. */
  readonly resultBytes: number;
}

const MIB = 1024 * 1024;

/** Five minutes of time, 2 GiB of memory. */
export const DEFAULT_LIMITS: Limits = {
  wallSeconds: 300,
  cpuSeconds: 300,
  memoryBytes: 2048 * MIB,
  addressSpaceBytes: 24 * 1024 * MIB,
  fileBytes: MIB,
  openFiles: 256,
  outputBytes: MIB / 16,
  resultBytes: 8 * MIB,
};
