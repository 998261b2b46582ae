import { hexOf } from '../domain/index.ts';
import type { Sighting } from '../inventory/index.ts';
import { type Db, digestsGoverned } from '../storage/index.ts';

type Seen = Sighting['observations'][number];

/**
 * Finds the whole digest of what a source knows only the beginning of, among what was governed under its name, of bytes
 * or of an OCI manifest. 52 bits can be
 * made to fit by who wants to, so it is no more than reported; where nothing fits, nobody can tell the bytes.
 */
export function digestCompleter(db: Db): (seen: Seen) => Promise<Seen> {
  return async ({ digestBegins, ...seen }) => {
    if (digestBegins === undefined) return seen;
    const known = await digestsGoverned(db, seen);
    const fitting = known.find((digest) => hexOf(digest).startsWith(digestBegins));
    const told = `its metrics name the first 52 bits of its digest, ${digestBegins}`;
    return fitting === undefined
      ? { ...seen, how: `${told}, and nothing that was governed under its name begins so` }
      : {
          ...seen,
          digest: fitting,
          confidence: 'reported',
          how: `${told}, which fit what was governed`,
        };
  };
}
