import { basename } from 'node:path';
import { CountersignError } from '../../domain/index.ts';
import type { Outbound } from '../../outbound/index.ts';
import { rangedFile } from './ranges.ts';
import type { ArtifactSource, Probe } from './source.ts';

/** How a web server is read. */
export interface HttpsSource {
  readonly name: string;
  /** What its URIs begin with. */
  readonly from: string;
  /** The `Authorization` to send, read anew for each request; null for none. */
  readonly authorization: () => Promise<string | null>;
}

/** Reads single files from a web server. */
export function createHttpsSource(
  { name, from, authorization }: HttpsSource,
  outbound: Outbound,
): ArtifactSource {
  const credentials = async () => {
    const given = await authorization();
    return given === null ? {} : { authorization: given };
  };
  return {
    name,
    covers: (uri) => isBelow(uri, from),
    list: async (uri) => {
      const ask = async (headers: Readonly<Record<string, string>>, signal: AbortSignal) => {
        const limit = Number.MAX_SAFE_INTEGER;
        return outbound.send(uri, { headers: { ...headers, ...(await credentials()) }, limit, signal });
      };
      const file = { name: decodeURIComponent(basename(new URL(uri).pathname)), bytes: null, digest: null };
      return { kind: 'file', files: [rangedFile(file, ask)], manifest: null };
    },
    probe: async (signal) => {
      const asking = { method: 'HEAD', headers: await credentials(), redirects: 0, signal };
      return ofStatus(await outbound.send(from, asking));
    },
  };
}

/** What stands at the top need not be readable for what is below it to be. */
function ofStatus({ status }: Response): Probe {
  if (status === 401)
    throw new CountersignError('forbidden', 'it wants other credentials than it was sent (status 401)');
  if (status >= 500) throw new CountersignError('unavailable', `it answers with status ${status}`);
  if (status === 403)
    return {
      shows: 'answers, and does not let us read what it begins with (status 403)',
      doubt: 'see that its token may read what lies below, by fetching an artifact',
    };
  return { shows: 'answers; only an artifact shows whether it may be read', doubt: null };
}

/** Whether a URL is the other one or below it, after both were brought into their one form. */
function isBelow(uri: string, from: string): boolean {
  const [url, top] = [URL.parse(uri), URL.parse(from)];
  if (url === null || top === null || url.origin !== top.origin) return false;
  // Some servers take these for the slashes that they would be.
  if (/%2f|%5c/i.test(url.pathname)) return false;
  return url.pathname === top.pathname || url.pathname.startsWith(top.pathname.replace(/\/*$/, '/'));
}
