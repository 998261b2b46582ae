import type { Sighting } from '../inventory/index.ts';
import { type Db, digestsGoverned } from '../storage/index.ts';

type Seen = Sighting['observations'][number];

/**
 * Finds the whole digests of what a source knows only the beginnings of, among what was governed under their names, of bytes
 * or of an OCI manifest: one query for all. 52 bits can be
 * made to fit by who wants to, so it is no more than reported; where nothing fits, nobody can tell the bytes.
 */
export function digestCompleter(db: Db): (seen: readonly Seen[]) => Promise<readonly Seen[]> {
  return async (seen) => {
    const begun = seen.filter(({ digestBegins }) => digestBegins !== undefined);
    const wanted = begun.map(({ digestBegins, ...name }) => ({ ...name, begins: digestBegins ?? '' }));
    const digests = await digestsGoverned(db, wanted);
    const fitting = new Map(begun.map((each, index) => [each, digests[index] ?? null]));
    return seen.map((each) => {
      const digest = fitting.get(each);
      return digest === undefined ? each : completed(each, digest);
    });
  };
}

function completed({ digestBegins, ...seen }: Seen, digest: Seen['digest']): Seen {
  const told = `its metrics name the first 52 bits of its digest, ${digestBegins}`;
  return digest === null
    ? { ...seen, how: `${told}, and nothing that was governed under its name begins so` }
    : { ...seen, digest, confidence: 'reported', how: `${told}, which fit what was governed` };
}
