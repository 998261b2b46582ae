import { basename } from 'node:path';
import type { Outbound } from '../../outbound/index.ts';
import { rangedFile } from './ranges.ts';
import type { ArtifactSource } from './source.ts';

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
  return {
    name,
    covers: (uri) => isBelow(uri, from),
    list: async (uri) => {
      const ask = async (headers: Readonly<Record<string, string>>, signal: AbortSignal) => {
        const given = await authorization();
        const limit = Number.MAX_SAFE_INTEGER;
        return outbound.send(uri, {
          headers: { ...headers, ...(given && { authorization: given }) },
          limit,
          signal,
        });
      };
      const file = { name: decodeURIComponent(basename(new URL(uri).pathname)), bytes: null, digest: null };
      return { kind: 'file', files: [rangedFile(file, ask)], manifest: null };
    },
  };
}

/** Whether a URL is the other one or below it, after both were brought into their one form. */
function isBelow(uri: string, from: string): boolean {
  const [url, top] = [URL.parse(uri), URL.parse(from)];
  if (url === null || top === null || url.origin !== top.origin) return false;
  // Some servers take these for the slashes that they would be.
  if (/%2f|%5c/i.test(url.pathname)) return false;
  return url.pathname === top.pathname || url.pathname.startsWith(top.pathname.replace(/\/*$/, '/'));
}
