import { type Deployment, type Digest, firstAfter, type Verdict } from '../domain/index.ts';
import type { MonitorContext } from './context.ts';
import { isGarbled } from './garbled.ts';
import { governedUnder } from './governed-under.ts';
import { judgeArtifacts } from './judge-artifact.ts';
import { prolong } from './prolong.ts';
import type { Judgement, Subject } from './watch-memory.ts';

/** A subject with what serves it. */
export interface AskedSubject extends Subject {
  readonly deployments: readonly Deployment[];
}

/** As many are read of the ledger at once. */
const BATCH = 100;
/** While one batch is read, another is verified. */
const LANES = 2;

/** Judges subjects, in their order. */
export async function judgeSubjects(
  ctx: MonitorContext,
  subjects: readonly AskedSubject[],
): Promise<Judgement[]> {
  const all: Judgement[][] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at * BATCH < subjects.length; at = next++)
      all[at] = await judgeTogether(ctx, subjects.slice(at * BATCH, (at + 1) * BATCH));
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
  return all.flat();
}

/** What is stored of one artifact may be such that nobody can judge it; that hides nothing of the others. */
async function judgeTogether(ctx: MonitorContext, subjects: readonly AskedSubject[]): Promise<Judgement[]> {
  try {
    return await judged(ctx, subjects);
  } catch (error) {
    if (!isGarbled(error)) throw error;
    const { message: trouble } = error;
    if (subjects.length === 1)
      return [{ verdict: null, expiry: null, governed: null, until: ctx.clock.now(), trouble }];
    const alone: Judgement[] = [];
    for (const subject of subjects) alone.push(...(await judgeTogether(ctx, [subject])));
    return alone;
  }
}

async function judged(ctx: MonitorContext, subjects: readonly AskedSubject[]): Promise<Judgement[]> {
  const found = await verdictsOn(ctx, subjects);
  const judgements: Judgement[] = [];
  for (const [at, subject] of subjects.entries()) {
    const { verdict, until } = found[at] ?? UNKNOWN;
    const isExcused = ctx.excusedEnvironments.has(subject.environment);
    const prolonged = verdict === null || isExcused ? null : await prolong(ctx, verdict, subject.deployments);
    const ends = [until, prolonged?.until ?? null];
    judgements.push({
      verdict: withoutNotes(prolonged?.verdict ?? verdict),
      expiry: prolonged?.expiry ?? null,
      governed: null,
      trouble: null,
      until: firstAfter(ctx.clock.now(), ends),
    });
  }
  return withGoverned(ctx, subjects, judgements);
}

const UNKNOWN = { verdict: null, until: null } as const;

async function verdictsOn(ctx: MonitorContext, subjects: readonly AskedSubject[]) {
  const known = subjects.flatMap(({ digest, environment, name }) =>
    digest === null ? [] : [{ artifact: digest as Digest, environment, name }],
  );
  const verdicts = (await judgeArtifacts(ctx, known)).values();
  return subjects.map(({ digest }) => (digest === null ? UNKNOWN : (verdicts.next().value ?? UNKNOWN)));
}

/** Nobody is told of them, and there may be many. */
function withoutNotes(verdict: Verdict | null): Verdict | null {
  return verdict === null ? null : { ...verdict, notes: [] };
}

/** What ought to be served under a name is asked only where what is served is not allowed. */
async function withGoverned(
  ctx: MonitorContext,
  subjects: readonly AskedSubject[],
  judgements: readonly Judgement[],
): Promise<Judgement[]> {
  const wrong = subjects.filter((_, at) => judgements[at]?.verdict?.allowed !== true);
  const answers = (await governedUnder(ctx, wrong)).values();
  return judgements.map((judgement) => {
    if (judgement.verdict?.allowed === true) return judgement;
    const { verdict = null, until = null } = answers.next().value ?? {};
    const governed = verdict === null ? null : { artifact: verdict.artifact, basis: verdict.basis };
    return { ...judgement, governed, until: firstAfter(ctx.clock.now(), [judgement.until, until]) };
  });
}
