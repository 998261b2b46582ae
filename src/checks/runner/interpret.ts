import { constants } from 'node:os';
import { z } from 'zod';
import { CheckReport } from '../../domain/index.ts';
import { report } from '../report.ts';
import type { Limits } from './limits.ts';
import type { Ending } from './process.ts';
import { type ChildResponse, READY } from './protocol.ts';

const Response: z.ZodType<ChildResponse> = z.union([
  z.strictObject({ report: CheckReport }),
  z.strictObject({ thrown: z.string() }),
]);

/**
 * A report from how the process ended: the check's own, or the reason why there is none. Never a pass by default.
 * @param onCrash what it amounts to when the process was started and then did not end by itself and well
 */
export function interpret(
  ending: Ending,
  limits: Limits,
  onCrash: 'errored' | 'failed' = 'errored',
): CheckReport {
  const failure = endFailure(ending, limits, 'check') ?? ownFailure(ending);
  if (failure !== undefined)
    return report(ending.startError === null ? onCrash : 'errored', `${failure}${printed(ending)}`);
  const response = parse(ending.result);
  if (response === undefined) return errored(`the check gave a result that cannot be read${printed(ending)}`);
  return 'report' in response ? response.report : errored(`the check failed: ${oneLine(response.thrown)}`);
}

function errored(message: string): CheckReport {
  return report('errored', message);
}

/** Why a process did not come to an end of its own choosing; undefined where it did, whatever its status. */
export function endFailure(ending: Ending, limits: Limits, noun: 'check' | 'script'): string | undefined {
  const { startError, killed, signal, code } = ending;
  if (startError !== null) return `the ${noun} could not be started: ${startError}`;
  switch (killed) {
    case 'time':
      return `the ${noun} was killed after ${limits.wallSeconds} s (time limit)`;
    case 'result_too_large':
      return `the ${noun} was killed: its result is larger than ${limits.resultBytes} bytes`;
    case 'closed':
      return `the ${noun} was killed because its runner was closed`;
    case null: {
      const by = signal ?? signalOf(code);
      return by === undefined ? undefined : `the ${noun} ended by ${by}${explained(by, limits)}`;
    }
  }
}

/** What a check's process never does by itself where the check ends well. */
function ownFailure({ code, result }: Ending): string | undefined {
  if (code !== 0) return `the check ended with status ${code}`;
  return result.length <= READY.length ? 'the check ended without a result' : undefined;
}

/** bubblewrap and shells report a signal as status 128 + its number. */
function signalOf(code: number | null): string | undefined {
  if (code === null || code <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

function explained(signal: string, limits: Limits): string {
  switch (signal) {
    case 'SIGXCPU':
      return `: more than ${limits.cpuSeconds} s of processor time`;
    case 'SIGABRT':
    case 'SIGTRAP':
    case 'SIGILL':
      return `, most likely out of memory (limit ${Math.floor(limits.memoryBytes / 1024 / 1024)} MiB)`;
    case 'SIGSEGV':
    case 'SIGBUS':
      return ': it crashed';
    case 'SIGXFSZ':
      return ': it wrote a file larger than allowed';
    default:
      return '';
  }
}

function parse(result: Buffer): ChildResponse | undefined {
  try {
    return Response.safeParse(JSON.parse(result.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The start of what it printed, without the folders of this machine. */
function printed({ errors }: Ending): string {
  const line = oneLine(withoutFolders(errors));
  return line === '' ? '' : ` (it printed: ${line})`;
}

/** A text with only the last name of each path in it. */
export function withoutFolders(text: string): string {
  return text.replace(/(?:\/[^\s/:\]]+)+\//g, '…/');
}

/** A text on one line, without control characters and cut to a length. */
export function oneLine(text: string, length = 200): string {
  const line = text.replace(/\p{C}+|\s+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
