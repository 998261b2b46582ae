import { CountersignError, type Publication, type PublishedFile } from '../domain/index.ts';
import type { EvidenceFile, EvidencePlace, EvidenceSubject } from '../evidence/index.ts';
import { isSummaryName } from './evidence-files.ts';

/** How many summaries that a place does not let go of are looked at, the newest first: it gets two more at each renewal. */
const KEPT = 20;

/**
 * Puts files in a place: each is there, byte for byte, before the next is put; what is published no more goes last.
 *
 * @returns the summaries that were to go and still stand: whoever finds an old yes may believe it
 * @throws CountersignError `unavailable`, `forbidden` or `integrity` where the place does not hold a file then
 */
export async function putAll(
  place: EvidencePlace,
  subject: EvidenceSubject,
  files: readonly EvidenceFile[],
  before: readonly PublishedFile[],
): Promise<readonly PublishedFile[]> {
  const earlier = new Map(before.filter(({ stale }) => stale === undefined).map((file) => [file.name, file]));
  const standing: PublishedFile[] = [];
  for (const file of files) {
    const old = earlier.get(file.name) ?? null;
    const replaces = old !== null && old.digest !== file.digest;
    if (!replaces && (await isThere(place, subject, file))) continue;
    const isGone = await place.put(subject, file, old);
    if (!(await isThere(place, subject, file)))
      throw new CountersignError('integrity', `${file.name} was put, but other bytes are read back`);
    if (replaces && !isGone) standing.push(old);
  }
  const now = new Map(files.map(({ name, digest }) => [name, digest]));
  const over = before.filter(({ name, digest, stale }) =>
    stale === undefined ? !now.has(name) : now.get(name) !== digest,
  );
  return staleOnes([...standing, ...(await removeAll(place, subject, over))]);
}

/** Takes files away; those that the place keeps all the same. */
export async function removeAll(
  place: EvidencePlace,
  subject: EvidenceSubject,
  files: readonly PublishedFile[],
): Promise<PublishedFile[]> {
  const standing: PublishedFile[] = [];
  for (const file of files) if (!(await place.remove(subject, file))) standing.push(file);
  return standing;
}

/** What of files that still stand is noted, so that it is looked at again: an older package or statement says no yes. */
export function staleOnes(standing: readonly PublishedFile[]): PublishedFile[] {
  return standing
    .filter(({ name }) => isSummaryName(name))
    .map((file) => ({ ...file, stale: true as const }))
    .toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
    .slice(0, KEPT);
}

/** What there is to tell of files that still stand. */
export function standingFaults(stale: readonly PublishedFile[]): Publication['faults'][number][] {
  return [...new Set(stale.map(({ name }) => name))].map((name) => ({ name, kind: 'stands' }));
}

async function isThere(place: EvidencePlace, subject: EvidenceSubject, file: EvidenceFile): Promise<boolean> {
  const found = await place.read(subject, file);
  return found !== null && Buffer.compare(found, file.content) === 0;
}
