import {
  auditOutcome,
  type CaseAnswer,
  type CaseFault,
  type CheckAudit,
  type CheckResult,
  type Instant,
} from '../../domain/index.ts';
import type { CheckRunner } from '../runner/index.ts';
import type { KnownCase, KnownCases } from './known-case.ts';

/** The checks that are audited, and how. */
export interface AuditWish {
  readonly checks: readonly { readonly name: string; readonly version: string }[];
  readonly known: KnownCases;
  readonly auditedAt: Instant;
  /** Cases at a time; the runner has a limit of its own. */
  readonly concurrency: number;
  /** Told of each case when its answer is there, in whatever order they come. */
  readonly onAnswer?: (check: string, answer: CaseAnswer) => void;
}

/**
 * Runs checks on cases whose right answers are known, in the sandbox in which they run on submissions. One audit per
 * check, in the order given; answers in the order of the cases.
 *
 * @throws CountersignError `unavailable` where the runner was closed meanwhile
 */
export async function auditChecks(runner: Pick<CheckRunner, 'run'>, wish: AuditWish): Promise<CheckAudit[]> {
  const names = new Set(wish.checks.map(({ name }) => name));
  const cases = wish.known.cases.filter(({ check }) => names.has(check));
  const answers = new Map<KnownCase, CaseAnswer>();
  const queue = cases.values();
  const work = async () => {
    for (const known of queue) {
      const { result } = await runner.run(known.request);
      const answer = answerOf(known, result);
      answers.set(known, answer);
      wish.onAnswer?.(known.check, answer);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, wish.concurrency) }, work));
  return wish.checks.map(({ name, version }) => {
    const own = cases.filter(({ check }) => check === name);
    const gaps = gapsOf(name, own, wish.known);
    const given = own.flatMap((known) => answers.get(known) ?? []);
    const outcome = auditOutcome({ answers: given, gaps });
    return { check: name, version, auditedAt: wish.auditedAt, outcome, answers: given, gaps };
  });
}

/** What keeps the cases of a check from proving anything. */
function gapsOf(check: string, cases: readonly KnownCase[], { problems }: KnownCases): string[] {
  const lacks = (kind: KnownCase['kind']) =>
    cases.some((known) => known.kind === kind) ? [] : [`it has no known-${kind} case`];
  const unread = problems.filter((problem) => problem.check === check || problem.check === '');
  return [...lacks('good'), ...lacks('bad'), ...unread.map(({ where, message }) => `${where}: ${message}`)];
}

function answerOf(known: KnownCase, result: CheckResult): CaseAnswer {
  return {
    case: known.name,
    digest: known.digest,
    expected: known.expect,
    got: result.outcome,
    fault: faultOf(known, result),
    message: result.message,
  };
}

function faultOf({ kind, expect, expectMessage }: KnownCase, result: CheckResult): CaseFault | null {
  const { outcome } = result;
  if (outcome === expect)
    return expectMessage === null || says(result, expectMessage) ? null : 'wrong_reason';
  if (outcome === 'errored') return 'errored';
  if (kind === 'good') return 'fails_what_it_should_pass';
  return outcome === 'passed' || outcome === 'not_applicable'
    ? 'passes_what_it_should_fail'
    : 'other_outcome';
}

function says({ message, problems }: CheckResult, text: string): boolean {
  const said = [
    message,
    ...problems.flatMap(({ where, message: of, remedy = '' }) => [`${where}: ${of}`, of, remedy]),
  ];
  return said.some((sentence) => sentence.includes(text));
}
