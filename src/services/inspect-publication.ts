import {
  CountersignError,
  digestOf,
  type Finding,
  type Publication,
  type PublishedFile,
  publicationFindings,
} from '../domain/index.ts';
import type { EvidencePlace } from '../evidence/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  findPublication,
  type PublicationKey,
  type PublicationRow,
  saveFailure,
  saveInspection,
  troubledPublications,
} from '../storage/index.ts';
import type { JudgeContext, PublishingContext } from './context.ts';
import { standingFaults } from './put-evidence.ts';
import { unlikeLedger } from './unlike-ledger.ts';

/** How soon a place that could not be used is looked at again. */
const LOOK_AGAIN = 5 * MINUTE;

/** Looks whether what was published still stands as it was published, and notes what does not. */
export async function inspectPublication(ctx: PublishingContext, key: PublicationKey): Promise<void> {
  const place = ctx.publishing.places.find(({ name }) => name === key.place);
  const row = await findPublication(ctx.db, key);
  if (place === undefined || row === null || row.publishedAt === null) return;
  const now = ctx.clock.now();
  try {
    const faults = await lookAt(ctx, place, row);
    const inspectAt = later(now, ctx.publishing.inspectEvery);
    await saveInspection(ctx.db, row, { faults, inspectAt });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const inspectAt = later(now, Math.min(LOOK_AGAIN, ctx.publishing.inspectEvery));
    const looking = { doing: 'looking', reason: error.message, since: row.failure?.since ?? now } as const;
    const failure = row.failure?.doing === 'publishing' ? row.failure : looking;
    await saveFailure(ctx.db, key, { artifact: row.artifact, failure, inspectAt });
  }
}

/** How what stands in a place differs from what was published there, and from what the ledger gives. */
export async function lookAt(
  ctx: JudgeContext,
  place: EvidencePlace,
  row: PublicationRow,
): Promise<Publication['faults'][number][]> {
  const faults: Publication['faults'][number][] = [];
  const read = new Map<string, Buffer>();
  for (const file of row.files.filter(({ stale }) => stale === undefined)) {
    const found = await place.read(row, file);
    if (found !== null) read.set(file.name, Buffer.from(found));
    if (found === null) faults.push({ name: file.name, kind: 'missing' });
    else if (digestOf(found) !== file.digest) faults.push({ name: file.name, kind: 'differs' });
  }
  const named = new Set(faults.map(({ name }) => name));
  const unlike = (await unlikeLedger(ctx, row, read)).filter(({ name }) => !named.has(name));
  return [...faults, ...unlike, ...(await standingIn(place, row))];
}

/** What was replaced or taken back, but stands there all the same. */
async function standingIn(place: EvidencePlace, row: PublicationRow) {
  const standing: PublishedFile[] = [];
  for (const file of row.files)
    if (file.stale !== undefined && (await place.read(row, file)) !== null) standing.push(file);
  return standingFaults(standing);
}

/** Findings about published evidence, as the last looks found it. */
export async function evidenceFindings({ db, publishing }: PublishingContext): Promise<Finding[]> {
  const places = publishing.places.map(({ name }) => name);
  return (await troubledPublications(db, places)).flatMap(publicationFindings);
}
