import { CountersignError } from '../domain/index.ts';
import { canonicalJson, isSignedText, signText } from '../lib/index.ts';
import type { Fetch } from '../storage/index.ts';

/** What lets the fetcher seal what came of a fetch. */
export interface FetchSealContext {
  /** Private key of the fetcher's own, in no database: Ed25519, PEM, PKCS#8. */
  readonly fetchSealKey: string;
}

/** What lets whoever takes submissions know that it was the fetcher who said what came of a fetch. */
export interface SealedFetchContext {
  /**
   * The public key of those seals, as it is published now: PEM, SPKI.
   * @throws CountersignError `unavailable` while the fetcher has published none
   */
  readonly fetcherKey: () => Promise<string>;
}

/** What was asked for, and what came of it. */
type Outcome = Pick<Fetch, 'id' | 'uri' | 'announced' | 'askedBy' | 'artifact' | 'failure'>;

/** The seal of what came of a fetch, and of what was asked for. */
export function sealOfFetch({ fetchSealKey }: FetchSealContext, outcome: Outcome): string {
  return signText(fetchSealKey, sealedText(outcome));
}

/** @throws CountersignError `integrity` where it was not the fetcher who said what came of it; `unavailable` as `fetcherKey` */
export async function refuseUnsealed({ fetcherKey }: SealedFetchContext, fetch: Fetch): Promise<void> {
  const { id, seal } = fetch;
  if (seal !== null && isSignedText(await fetcherKey(), sealedText(fetch), seal)) return;
  const why =
    seal === null
      ? 'bears no seal: it was fetched by an earlier release, or by nobody who may'
      : 'is not what its seal was made for: find out who altered it in the database, or whether the fetcher’s key was lost';
  const message = `fetch ${id} ${why}`;
  const problems = [{ where: 'artifact', message, fix: 'have it fetched again' }];
  throw new CountersignError('integrity', message, { problems });
}

function sealedText({ id, uri, announced, askedBy, artifact, failure }: Outcome): string {
  return canonicalJson(['fetch', { id, uri, announced, askedBy, artifact, failure }]);
}
