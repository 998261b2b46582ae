import {
  type Artifact,
  CountersignError,
  digestOfJson,
  type Instant,
  type ModelName,
  ofKind,
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
import { evidenceFiles, isSummaryName } from './evidence-files.ts';
import { governedArtifact } from './export-record.ts';
import { lookAt } from './inspect-publication.ts';
import { compileDossier, type Dossier, judgeDossier } from './judge-artifact.ts';

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
  const { dossier, artifact, verdicts } = await weigh(ctx, key);
  const subject = { ...key, artifact };
  try {
    const faults = before === null ? [] : await lookAt(ctx, place, before);
    const files = await unlessRefused(evidenceFiles(ctx, { ...subject, dossier, verdicts }), () =>
      takeBack(ctx, place, subject, before),
    );
    await putAll(place, subject, files, before?.files ?? []);
    await note(ctx, key, { artifact, files, dossier, verdicts, faults: wasAskedFor(before) ? [] : faults });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const at = ctx.clock.now();
    const since = before?.failure?.since ?? at;
    const failure = { doing: 'publishing', reason: error.message, since } as const;
    await saveFailure(ctx.db, key, { artifact, failure, inspectAt: later(at, ctx.publishing.inspectEvery) });
    throw error;
  }
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
  for (const file of files) if (isSummaryName(file.name)) await place.remove(subject, file);
  await saveFiles(
    ctx.db,
    subject,
    files.filter(({ name }) => !isSummaryName(name)),
  );
}

/** An operator who asks for it knows what was found. */
function wasAskedFor(before: PublicationRow | null): boolean {
  return before?.dueAt === ASKED_FOR;
}

/** A job that is delivered twice finds it done. */
async function isCurrent(ctx: PublishingContext, row: PublicationRow): Promise<boolean> {
  const isDue = row.dueAt !== null && row.dueAt <= ctx.clock.now();
  if (isDue || row.publishedAt === null || row.policy !== digestOfJson(ctx.trust.policy)) return false;
  return (await ledgerHead(ctx.db)).treeSize === row.treeSize;
}

interface Weighed {
  readonly artifact: Artifact;
  readonly dossier: Dossier;
  readonly verdicts: readonly Verdict[];
}

/** What the ledger holds about the version's artifact, and what that amounts to in each environment, at one time. */
async function weigh(ctx: PublishingContext, name: ModelName): Promise<Weighed> {
  const { environments } = ctx.publishing;
  const digest = await governedArtifact(ctx, { ...name, environment: environments[0] });
  const dossier = await compileDossier(ctx, digest);
  const verdicts = await Promise.all(
    environments.map((environment) =>
      judgeDossier(ctx, dossier, { artifact: digest, environment, name: nameOf(name) }),
    ),
  );
  const [record] = ofKind(dossier.statements, 'governance-record/v1').toReversed();
  const artifact = record?.body.artifact ?? { kind: 'file' as const, digest, equivalents: [] };
  return { artifact, dossier, verdicts };
}

function nameOf({ modelId, modelVersion }: ModelName): ModelName {
  return { modelId, modelVersion };
}

/** Each file is there, byte for byte, before the next is put; what is published no more goes last. */
async function putAll(
  place: EvidencePlace,
  subject: EvidenceSubject,
  files: readonly EvidenceFile[],
  before: readonly PublishedFile[],
): Promise<void> {
  const earlier = new Map(before.map((file) => [file.name, file]));
  for (const file of files) {
    if (await isThere(place, subject, file)) continue;
    await place.put(subject, file, earlier.get(file.name) ?? null);
    if (await isThere(place, subject, file)) continue;
    throw new CountersignError('integrity', `${file.name} was put, but other bytes are read back`);
  }
  const names = new Set(files.map(({ name }) => name));
  for (const file of before) if (!names.has(file.name)) await place.remove(subject, file);
}

async function isThere(place: EvidencePlace, subject: EvidenceSubject, file: EvidenceFile): Promise<boolean> {
  const found = await place.read(subject, file);
  return found !== null && Buffer.compare(found, file.content) === 0;
}

async function note(
  ctx: PublishingContext,
  key: PublicationKey,
  published: Weighed & {
    readonly files: readonly EvidenceFile[];
    readonly faults: Publication['faults'];
  },
): Promise<void> {
  const { artifact, dossier, verdicts, faults, files } = published;
  const at = ctx.clock.now();
  const { place, modelId, modelVersion } = key;
  await savePublication(ctx.db, {
    ...{ place, modelId, modelVersion, artifact, faults },
    files: files.map(({ content, ...file }) => file),
    treeSize: dossier.view.body.treeSize,
    policy: digestOfJson(ctx.trust.policy),
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
