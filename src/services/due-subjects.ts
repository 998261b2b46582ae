import { type Instant, nextRuleChange } from '../domain/index.ts';
import { type Mark, newsSince, readMark } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { disputedIds } from './disputed.ts';
import { peopleNow } from './people-now.ts';
import { type Ground, type KnownSubject, nameKey, type WatchMemory } from './watch-memory.ts';

/** What is to be looked at. */
export interface Due {
  /** Keys of the subjects that are to be judged. */
  readonly subjects: ReadonlySet<string>;
  /** Keys of deployments that are looked at though nothing is known to have changed; null where all are. */
  readonly round: ReadonlySet<string> | null;
  /** What the judgements will be made of. */
  readonly ground: Ground;
}

/**
 * As many deployments are looked at in each tick though nothing is known to have changed: what was changed past us, or
 * overlooked by us, is found in time.
 */
const ROUND = 32;

/**
 * Finds what is to be judged: all, where the rules changed or the clock went back; else what may be otherwise by now.
 * @param changed keys of deployments that are otherwise than they were
 */
export async function dueSubjects(
  ctx: MonitorContext,
  memory: WatchMemory,
  changed: ReadonlySet<string>,
): Promise<Due> {
  const before = memory.ground;
  const ground = await groundNow(ctx);
  if (before === null || isShaken(before, ground))
    return { subjects: new Set(memory.subjects.keys()), round: null, ground };
  const round = nextOfRound(memory);
  const touched = [...changed, ...round].flatMap((key) => memory.deployments.get(key)?.judgement ?? []);
  const isAffected = await affectedBy(ctx, before.mark, ground.mark);
  const subjects = new Set(touched);
  for (const [key, subject] of memory.subjects)
    if (isDue(subject, ground.at) || isAffected(subject)) subjects.add(key);
  return { subjects, round, ground };
}

async function groundNow(ctx: MonitorContext): Promise<Ground> {
  const at = ctx.clock.now();
  // Before anything is read: what is written meanwhile is found again the next time.
  const mark = await readMark(ctx.db);
  const people = await peopleNow(ctx);
  const disputed = await disputedIds(ctx.db);
  const { policy, pipelines } = ctx.trust;
  const settings = [
    [...ctx.excusedEnvironments],
    ctx.expiryWarnings,
    mark.resignatures,
    [...disputed].sort(),
  ];
  const rules = JSON.stringify([policy, [...pipelines.keys()], [...people.values()], ...settings]);
  return { rules, rulesUntil: nextRuleChange(ctx.trust, people, at), at, mark };
}

function isShaken(before: Ground, now: Ground): boolean {
  return (
    before.rules !== now.rules ||
    now.at < before.at ||
    (before.rulesUntil !== null && before.rulesUntil <= now.at) ||
    now.mark.ledgerSize < before.mark.ledgerSize
  );
}

/** What nobody could judge is tried at each tick. */
function isDue({ judgement }: KnownSubject, now: Instant): boolean {
  if (judgement === null || judgement.trouble !== null) return true;
  return judgement.until !== null && judgement.until <= now;
}

/** Whether something was written that may speak of a subject. */
async function affectedBy(
  { db }: MonitorContext,
  before: Mark,
  now: Mark,
): Promise<(subject: KnownSubject) => boolean> {
  const { digests, names } = await newsSince(db, before);
  if (digests.size + names.length === 0 && before.ledgerSize === now.ledgerSize) return () => false;
  const told = new Set(names.map(nameKey));
  return ({ digest, name }) => (digest !== null && digests.has(digest)) || told.has(nameKey(name));
}

function nextOfRound(memory: WatchMemory): ReadonlySet<string> {
  const keys = new Set<string>();
  while (keys.size < Math.min(ROUND, memory.deployments.size)) {
    const next = memory.round.next();
    if (next.done !== true) keys.add(next.value);
    else memory.round = memory.deployments.keys();
  }
  return keys;
}
