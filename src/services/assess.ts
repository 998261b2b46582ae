import { isDeepStrictEqual } from 'node:util';
import { type Finding, findingsOf, unjudgeable, type VerdictBasis } from '../domain/index.ts';
import type { MonitorContext } from './context.ts';
import type { Due } from './due-subjects.ts';
import { judgeSubjects } from './judge-subjects.ts';
import type { Changes } from './take-in.ts';
import { type Judgement, type KnownDeployment, outdate, type WatchMemory } from './watch-memory.ts';

/** A deployment that was looked at, with what is wrong. */
export interface Assessed extends KnownDeployment {
  readonly key: string;
  readonly findings: readonly Finding[];
  /** Whether the judge says otherwise than the database has it. */
  readonly isNew: boolean;
}

/** Judges what is due, and says of each deployment that may stand otherwise now, or whose turn it is, what is wrong. */
export async function assess(
  ctx: MonitorContext,
  memory: WatchMemory,
  changes: Changes,
  due: Due,
): Promise<Assessed[]> {
  const keys = await judgeDue(ctx, memory, changes, due);
  const isSame = createComparison();
  return [...keys].flatMap((key) => {
    const known = memory.deployments.get(key);
    const judgement = memory.subjects.get(known?.judgement ?? '')?.judgement;
    if (known === undefined || !judgement) return [];
    const { verdict } = judgement;
    const status = verdict?.status ?? 'ungoverned';
    const basis = verdict?.basis ?? null;
    const isNew = known.status !== status || !isSame(known.basis, basis);
    known.status = status;
    known.basis = basis;
    return [{ ...known, key, isNew, findings: findingsAbout(ctx, known, judgement) }];
  });
}

/** Compares what deployments rested on with what they rest on: where many share both, that is done once. */
function createComparison(): (before: VerdictBasis | null, now: VerdictBasis | null) => boolean {
  const known = new Map<
    VerdictBasis | null,
    { readonly now: VerdictBasis | null; readonly isSame: boolean }
  >();
  return (before, now) => {
    const last = known.get(before);
    if (last?.now === now) return last.isSame;
    const isSame = isDeepStrictEqual(before, now);
    known.set(before, { now, isSame });
    return isSame;
  };
}

/** Judges what is due; returns the keys of the deployments that are to be looked at. */
async function judgeDue(
  ctx: MonitorContext,
  memory: WatchMemory,
  { changed }: Changes,
  { subjects, round }: Due,
): Promise<ReadonlySet<string>> {
  const due = [...subjects].flatMap((key) => memory.subjects.get(key) ?? []);
  const asked = due.map((subject) => ({
    ...subject,
    deployments: [...subject.holders].flatMap((key) => memory.deployments.get(key)?.deployment ?? []),
  }));
  // By other rules the metrics may say otherwise of what is judged as it was.
  if (round === null) for (const { name } of memory.subjects.values()) outdate(memory, name);
  const judgements = await judgeSubjects(ctx, asked);
  const looked = new Set([...changed, ...(round ?? memory.deployments.keys())]);
  for (const [at, subject] of due.entries()) {
    const judgement = judgements[at] ?? null;
    if (!saysTheSame(subject.judgement, judgement)) {
      for (const key of subject.holders) looked.add(key);
      outdate(memory, subject.name);
    }
    subject.judgement = judgement;
  }
  return looked;
}

function saysTheSame(a: Judgement | null, b: Judgement | null): boolean {
  return isDeepStrictEqual(gistOf(a), gistOf(b));
}

function gistOf(judgement: Judgement | null) {
  if (judgement === null) return null;
  const { verdict, expiry, governed, trouble } = judgement;
  return [verdict?.status, verdict?.reasons, verdict?.basis, expiry, governed, trouble];
}

function findingsAbout(
  { excusedEnvironments }: MonitorContext,
  { deployment }: KnownDeployment,
  { verdict, expiry, governed, trouble }: Judgement,
): readonly Finding[] {
  if (excusedEnvironments.has(deployment.environment)) return [];
  if (trouble !== null) return [unjudgeable(deployment, trouble)];
  return findingsOf(deployment, verdict, { governedDigest: governed?.artifact ?? null, expiry });
}
