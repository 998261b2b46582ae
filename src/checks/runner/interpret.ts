import { constants } from 'node:os';
import type { CheckReport } from '../../domain/index.ts';
import { report } from '../report.ts';
import type { Limits } from './limits.ts';
import type { Ending } from './process.ts';
import { ChildResponse } from './protocol.ts';

/**
 * A report from how the process ended: the check's own, or the reason why there is none. Never a pass by default.
 * @param onCrash what it amounts to when the process was started and then did not end by itself and well
 */
export function interpret(
  ending: Ending,
  limits: Limits,
  onCrash: 'errored' | 'failed' = 'errored',
): CheckReport {
  const failure = failureOf(ending, limits);
  if (failure !== undefined)
    return report(ending.startError === null ? onCrash : 'errored', `${failure}${printed(ending)}`);
  const response = parse(ending.result);
  if (response === undefined) return errored(`the check gave a result that cannot be read${printed(ending)}`);
  return 'report' in response ? response.report : errored(`the check failed: ${oneLine(response.thrown)}`);
}

function errored(message: string): CheckReport {
  return report('errored', message);
}

function failureOf(ending: Ending, limits: Limits): string | undefined {
  if (ending.startError !== null) return `the check could not be started: ${ending.startError}`;
  switch (ending.killed) {
    case 'time':
      return `the check was killed after ${limits.wallSeconds} s (time limit)`;
    case 'result_too_large':
      return `the check was killed: its result is larger than ${limits.resultBytes} bytes`;
    case 'closed':
      return 'the check was killed because its runner was closed';
    case null:
      return endFailure(ending, limits);
  }
}

function endFailure({ code, signal, result }: Ending, limits: Limits): string | undefined {
  const by = signal ?? signalOf(code);
  if (by !== undefined) return `the check ended by ${by}${explained(by, limits)}`;
  if (code !== 0) return `the check ended with status ${code}`;
  return result.length === 0 ? 'the check ended without a result' : undefined;
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
    return ChildResponse.safeParse(JSON.parse(result.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The start of what it printed, without the folders of this machine. */
function printed({ errors }: Ending): string {
  const line = oneLine(errors.replace(/(?:\/[^\s/:\]]+)+\//g, '…/'));
  return line === '' ? '' : ` (it printed: ${line})`;
}

function oneLine(text: string): string {
  const line = text.replace(/\p{C}+|\s+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
