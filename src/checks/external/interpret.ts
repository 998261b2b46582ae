import type { CheckProblem, CheckReport, Outcome } from '../../domain/index.ts';
import type { Json, Parsed } from '../../lib/index.ts';
import { insufficient, problem, report, toCheckProblems } from '../report.ts';
import { endFailure, oneLine, withoutFolders } from '../runner/interpret.ts';
import type { Limits } from '../runner/limits.ts';
import type { Ending } from '../runner/process.ts';
import { readOutput, type ScriptOutput } from './output.ts';

const MAX_MESSAGE = 500;

/**
 * A report from how a script ended and what it printed. Status 0 passes if the output says why and says nothing worse;
 * any other status never passes. Ends that are not the script's own answer are `errored`.
 */
export function interpretScript(ending: Ending, limits: Limits): CheckReport {
  const failure = endFailure(ending, limits, 'script');
  if (failure !== undefined) return report('errored', `${failure}${said(ending)}`);
  const output = readOutput(ending.output);
  return ending.code === 0 ? successful(output, ending) : unsuccessful(output, ending);
}

const TELL = 'have the operator mend the script: print JSON with details of what was found';

function successful(read: Parsed<ScriptOutput | null>, ending: Ending): CheckReport {
  if (!read.ok)
    return report(
      'errored',
      'the script ended with status 0, but its standard output is not what the contract says',
      {
        problems: toCheckProblems(read.problems),
      },
    );
  const output = read.value;
  if (output === null)
    return insufficient(
      'the script ended with status 0 and printed nothing: a pass needs JSON with details',
      [problem('standard output', 'is empty', TELL)],
    );
  const outcome = output.outcome ?? 'passed';
  // What it printed on standard error may be anything: a pass needs details of the script's own.
  if (outcome === 'passed' && saysNothing(output.details))
    return insufficient(
      `the script ended with status 0 without saying what it found: a pass needs details, in words or as an object with values${said(ending)}`,
      [problem('standard output.details', 'do not say what was found', TELL)],
    );
  return reported(outcome, sentence(output, ending) ?? `the script says ${outcome}`, output);
}

function unsuccessful(read: Parsed<ScriptOutput | null>, ending: Ending): CheckReport {
  const output = (read.ok ? read.value : null) ?? {};
  const outcome = failureFor(output, ending);
  const problems = read.ok ? contradiction(output, ending) : toCheckProblems(read.problems);
  const message = sentence(output, ending) ?? `the script ended with status ${ending.code}`;
  return reported(outcome, message, { ...output, problems: [...(output.problems ?? []), ...problems] });
}

/** Statuses by which a shell says that it could not run a command: nothing was found out then. */
const NOT_RUN: readonly (number | null)[] = [126, 127];

function failureFor({ outcome, details }: ScriptOutput, { code }: Ending): Outcome {
  if (outcome === 'insufficient_evidence' || outcome === 'errored') return outcome;
  return NOT_RUN.includes(code) && details === undefined ? 'errored' : 'failed';
}

function contradiction({ outcome }: ScriptOutput, { code }: Ending): readonly CheckProblem[] {
  if (outcome !== 'passed') return [];
  return [
    problem(
      'standard output.outcome',
      `says passed, but the script ended with status ${code}`,
      'have the operator mend the script: a pass ends with status 0',
    ),
  ];
}

function reported(outcome: Outcome, message: string, output: ScriptOutput): CheckReport {
  const { details, problems = [], measurements = [] } = output;
  const kept: Record<string, Json> = {};
  // What the message holds whole is not said twice.
  if (details !== undefined && details !== message) kept['reported'] = details as Json;
  return report(outcome, message, {
    problems,
    measurements,
    details: kept,
  });
}

/** What was found, in one line: the details where they are text, else what was printed on standard error. */
function sentence({ details }: ScriptOutput, ending: Ending): string | undefined {
  if (typeof details === 'string' && !saysNothing(details)) return oneLine(details, MAX_MESSAGE);
  const printed = lastWords(ending);
  if (printed !== '') return printed;
  return saysNothing(details) ? undefined : 'the script reported details';
}

/**
 * Text without a word, bare numbers, booleans and `null`, and containers of nothing else but booleans and `null`: they
 * tell nobody what was looked at.
 */
function saysNothing(details: ScriptOutput['details']): boolean {
  if (typeof details === 'string') return !/[\p{L}\p{N}]/u.test(details);
  if (typeof details !== 'object' || details === null) return true;
  return Object.values(details).every(
    (value) => typeof value !== 'number' && saysNothing(value as ScriptOutput['details']),
  );
}

/** The end of what it printed on standard error: a traceback says last what went wrong. */
function lastWords({ errors }: Ending): string {
  return oneLine(withoutFolders(errors).slice(-MAX_MESSAGE), MAX_MESSAGE);
}

function said(ending: Ending): string {
  const words = lastWords(ending);
  return words === '' ? '' : ` (it printed: ${words})`;
}

/** Whether bubblewrap got as far as starting the script: it tells the script's exit status then, and only then. */
export function sandboxStarted({ result }: Ending): boolean {
  return result.includes('"exit-code"');
}
