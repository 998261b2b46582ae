import {
  CountersignError,
  type Instant,
  type ModelName,
  type Publication,
  type PublishedFile,
  type Verdict,
} from '../domain/index.ts';
import type { EvidenceFile, EvidencePlace, EvidenceSubject } from '../evidence/index.ts';
import { HOUR, later } from '../lib/index.ts';
import {
  ASKED_FOR,
  findPublication,
  ledgerHead,
  type PublicationKey,
  type PublicationRow,
  saveFailure,
  saveFiles,
  savePublication,
} from '../storage/index.ts';
import type { PublishingContext } from './context.ts';
import { countersign } from './countersign.ts';
import { isSummaryName } from './evidence-files.ts';
import { lookAt } from './inspect-publication.ts';
import { putAll, removeAll, staleOnes, standingFaults } from './put-evidence.ts';
import { type Weighed, weighEvidence } from './weigh-evidence.ts';

/** Half as long as a ledger view is good: who finds a package has one that still counts. */
const RENEW_AFTER = 12 * HOUR;

/**
 * Publishes a model version's evidence in a place: what is there already stays, everything is read back and compared, and
 * only then is it noted. Safe to repeat, and to be killed anywhere. What the look before found altered is kept as found
 * until the next look, so that it is told although it was put right.
 *
 * @throws CountersignError `unavailable`, `forbidden` or `integrity` where the place does not hold it then; that is noted too
 */
export async function publishEvidence(ctx: PublishingContext, key: PublicationKey): Promise<void> {
  const place = ctx.publishing.places.find(({ name }) => name === key.place);
  const before = await findPublication(ctx.db, key);
  if (place === undefined || (before !== null && (await isCurrent(ctx, before)))) return;
  const weighed = await weighEvidence(ctx, nameOf(key));
  const subject = { ...key, artifact: weighed.artifact };
  try {
    const faults = await alteredSince(ctx, place, before);
    const files = await unlessRefused(signedTwice(ctx, key, weighed), () =>
      takeBack(ctx, place, subject, before),
    );
    const stale = await putAll(place, subject, files, before?.files ?? []);
    const told = [
      ...(wasAskedFor(before) ? [] : faults.filter(({ kind }) => kind !== 'stands')),
      ...standingFaults(stale),
    ];
    await note(ctx, key, { ...weighed, files, stale, faults: told });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const at = ctx.clock.now();
    const since = before?.failure?.since ?? at;
    const failure = { doing: 'publishing', reason: error.message, since } as const;
    await saveFailure(ctx.db, key, {
      artifact: weighed.artifact,
      failure,
      inspectAt: later(at, ctx.publishing.inspectEvery),
    });
    throw error;
  }
}

/** What never was published is not missing. */
async function alteredSince(ctx: PublishingContext, place: EvidencePlace, before: PublicationRow | null) {
  return before === null || before.publishedAt === null ? [] : lookAt(ctx, place, before);
}

async function signedTwice(ctx: PublishingContext, key: PublicationKey, weighed: Weighed) {
  const name = nameOf(key);
  const made = await ctx.signedEvidence({ ...name, artifact: weighed.artifact.digest });
  return countersign(ctx, { ...name, ...weighed }, made);
}

/** What is to be done where the ledger or its view is not believed; not where it cannot be looked at now. */
async function unlessRefused<T>(work: Promise<T>, refused: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'integrity') await refused();
    throw error;
  }
}

/** Takes all summaries away: whoever finds none lets nothing pass, and an older yes must not stand while nobody vouches for it. */
async function takeBack(
  ctx: PublishingContext,
  place: EvidencePlace,
  subject: PublicationKey & EvidenceSubject,
  before: PublicationRow | null,
): Promise<void> {
  const files = before?.files ?? [];
  const standing = await removeAll(
    place,
    subject,
    files.filter(({ name }) => isSummaryName(name)),
  );
  const others = files.filter(({ name }) => !isSummaryName(name));
  await saveFiles(ctx.db, subject, [...others, ...staleOnes(standing)]);
}

/** An operator who asks for it knows what was found. */
function wasAskedFor(before: PublicationRow | null): boolean {
  return before?.dueAt === ASKED_FOR;
}

function nameOf({ modelId, modelVersion }: PublicationKey): ModelName {
  return { modelId, modelVersion };
}

/** A job that is delivered twice finds it done. */
async function isCurrent(ctx: PublishingContext, row: PublicationRow): Promise<boolean> {
  const isDue = row.dueAt !== null && row.dueAt <= ctx.clock.now();
  if (isDue || row.publishedAt === null || row.policy !== ctx.policyInForce()) return false;
  return (await ledgerHead(ctx.db)).treeSize === row.treeSize;
}

async function note(
  ctx: PublishingContext,
  key: PublicationKey,
  published: Weighed & {
    readonly files: readonly EvidenceFile[];
    readonly stale: readonly PublishedFile[];
    readonly faults: Publication['faults'];
  },
): Promise<void> {
  const { artifact, dossier, verdicts, faults, files, stale } = published;
  const at = ctx.clock.now();
  const { place, modelId, modelVersion } = key;
  await savePublication(ctx.db, {
    ...{ place, modelId, modelVersion, artifact, faults },
    files: [...files.map(({ content, ...file }) => file), ...stale],
    treeSize: dossier.view.body.treeSize,
    policy: ctx.policyInForce(),
    dueAt: nextDue(verdicts, at),
    publishedAt: at,
    inspectAt: later(at, ctx.publishing.inspectEvery),
  });
}

/** When a verdict ends, and before the ledger view of an artifact that may serve does. */
function nextDue(verdicts: readonly Verdict[], now: Instant): Instant | null {
  const ends = verdicts.flatMap((verdict) => endOfVerdict(verdict) ?? []);
  if (!verdicts.some(({ allowed }) => allowed)) return null;
  return [...ends, later(now, RENEW_AFTER)].toSorted()[0] ?? null;
}

/** When a verdict can change without a new statement; null where it cannot. */
function endOfVerdict({ override, basis, allowed }: Verdict): Instant | null {
  if (!allowed) return null;
  return override?.until ?? basis?.validUntil ?? null;
}
