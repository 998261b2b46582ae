import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Command } from './command.ts';
import { onlyOwn } from './inherited.ts';
import { killMarked } from './kill-marked.ts';
import type { Limits } from './limits.ts';
import { RESULT_DESCRIPTOR } from './protocol.ts';

/** Why we killed a process, where we did. */
export type KillReason = 'time' | 'result_too_large' | 'closed';

/** How a process ended and what it left. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly killed: KillReason | null;
  /** Set when the process could not be started at all. */
  readonly startError: string | null;
  /** Bytes from the result descriptor. */
  readonly result: Buffer;
  /** Bytes from standard output, where that is kept. */
  readonly output: Buffer;
  /** The start of what it printed on standard error. */
  readonly errors: string;
}

/** A process that runs in a group of its own. */
export interface RunningProcess {
  readonly ended: Promise<Ending>;
  /** Kills the whole group. */
  kill(reason: KillReason): void;
}

/** How long pipes may stay open after the process has ended, held by something that left its group. */
const STRAGGLER_MILLISECONDS = 2000;

/** What goes in and what comes out. */
export interface Channels {
  /** Sent on standard input once the process has written to the result descriptor; null closes the input at once. */
  readonly line: string | null;
  /** Whether standard output is kept, within the limit on results; it is dropped otherwise. */
  readonly keepsOutput: boolean;
}

/** Starts a command and collects its result within the limits. */
export function start(command: Command, { line, keepsOutput }: Channels, limits: Limits): RunningProcess {
  const child = spawn(command.file, command.args, {
    stdio: onlyOwn(['pipe', 'pipe', 'pipe', 'pipe'] as const),
    env: command.env,
    cwd: command.cwd ?? '/',
    detached: true,
  });
  let killed: KillReason | null = null;
  const kill = (reason: KillReason) => {
    killed ??= reason;
    killGroup(child);
  };
  const timer = setTimeout(() => kill('time'), limits.wallSeconds * 1000);
  const tooMuch = () => kill('result_too_large');
  const result = collect(child.stdio[RESULT_DESCRIPTOR] as Readable, limits.resultBytes, tooMuch);
  const errors = collect(child.stderr as Readable, limits.outputBytes);
  const output = keepsOutput
    ? collect(child.stdout as Readable, limits.resultBytes, tooMuch)
    : collect(child.stdout as Readable, 0);
  send(child, line);
  const ended = endOf(child, command.mark).then((end) => {
    clearTimeout(timer);
    return { ...end, killed, result: result(), output: output(), errors: errors().toString('utf8') };
  });
  return { ended, kill };
}

/**
 * Where a line is sent the input stays open: the child takes its end for the end of the parent. A child that is waited
 * for runs nothing before whatever ties its life to ours is in place, so that none outlives a parent killed meanwhile.
 */
function send({ stdin, stdio }: ChildProcess, line: string | null): void {
  const input = stdin as Writable;
  input.on('error', () => undefined);
  if (line === null) input.end();
  else (stdio[RESULT_DESCRIPTOR] as Readable).once('data', () => input.write(`${line}\n`));
}

/** Keeps at most `limit` bytes and drops the rest, so that a flood neither blocks the child nor fills our memory. */
function collect(stream: Readable, limit: number, onOverflow: () => void = () => undefined): () => Buffer {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    const room = limit - kept;
    if (chunk.length > room) onOverflow();
    if (room <= 0) return;
    chunks.push(chunk.subarray(0, room));
    kept += Math.min(room, chunk.length);
  });
  return () => Buffer.concat(chunks);
}

type ProcessEnd = Pick<Ending, 'code' | 'signal' | 'startError'>;

async function endOf(child: ChildProcess, mark: string | undefined): Promise<ProcessEnd> {
  const exit = Promise.withResolvers<ProcessEnd>();
  const closed = Promise.withResolvers<void>();
  child.once('error', ({ message }) => exit.resolve({ code: null, signal: null, startError: message }));
  child.once('exit', (code, signal) => exit.resolve({ code, signal, startError: null }));
  child.once('close', () => closed.resolve());
  const end = await exit.promise;
  // Whatever it left in its group ends with it.
  killGroup(child);
  if (mark !== undefined) await killMarked(mark);
  if (end.startError === null) await Promise.race([closed.promise, timeout(STRAGGLER_MILLISECONDS)]);
  for (const stream of child.stdio) stream?.destroy();
  return end;
}

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** Its first process leads a session, and so cannot leave the group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
