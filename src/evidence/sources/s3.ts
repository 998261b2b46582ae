import { basename } from 'node:path';
import { CountersignError } from '../../domain/index.ts';
import type { Outbound } from '../../outbound/index.ts';
import { firstBytes } from '../http.ts';
import { parseS3Uri } from '../s3/address.ts';
import {
  errorCode,
  escapedKey,
  listQuery,
  type S3Credentials,
  type S3Location,
  signedHeaders,
  storeUrl,
} from '../s3/client.ts';
import { type Ask, rangedFile, refusal } from './ranges.ts';
import type { ArtifactSource, Probe, SourceFile } from './source.ts';

/** How a bucket is read. */
export interface S3Source extends S3Location {
  readonly name: string;
  /** What its URIs begin with: `s3://bucket` or `s3://bucket/prefix`. */
  readonly from: string;
  /** The keys, read anew for each request; null for none. */
  readonly credentials: () => Promise<S3Credentials | null>;
}

const MAX_PAGES = 100;

/** Reads objects, and all objects below a prefix that ends with a slash as a directory. */
export function createS3Source(source: S3Source, outbound: Outbound): ArtifactSource {
  const top = parseS3Uri(source.from);
  const prefix = top.key === '' ? '' : top.key.replace(/\/*$/, '/');
  const asking =
    (path: string): Ask =>
    async (headers, signal) => {
      const url = `${storeUrl(source)}/${top.bucket}${path}`;
      const signed = await signedHeaders(url, headers, source, await source.credentials());
      return outbound.send(url, { headers: signed, limit: Number.MAX_SAFE_INTEGER, redirects: 0, signal });
    };
  const fileAt = (key: string, name: string, bytes: number | null): SourceFile =>
    rangedFile({ name, bytes, digest: null }, asking(`/${escapedKey(key)}`));
  return {
    name: source.name,
    covers: (uri) => {
      const { bucket, key } =
        URL.canParse(uri) && uri.startsWith('s3://') ? parseS3Uri(uri) : { bucket: '', key: '' };
      return bucket === top.bucket && key !== '' && key.startsWith(prefix);
    },
    list: async (uri, signal) => {
      const { key } = parseS3Uri(uri);
      if (!key.endsWith('/'))
        return { kind: 'file', files: [fileAt(key, basename(key), null)], manifest: null };
      const objects = await listObjects(asking, key, signal);
      const files = objects.map((object) => fileAt(object.key, object.key.slice(key.length), object.bytes));
      return {
        kind: 'directory',
        files: files.filter(({ name }) => name !== '' && !name.endsWith('/')),
        manifest: null,
      };
    },
    probe: async (signal) => probeList(await asking(listQuery(prefix))({}, signal)),
  };
}

/** An account may be allowed to read objects, and not to list them. */
async function probeList(response: Response): Promise<Probe> {
  const code = (await errorCode(response)) ?? String(response.status);
  if (response.ok) return { shows: 'answers, and lists its objects', doubt: null };
  if (code === 'AccessDenied')
    return {
      shows: 'does not let us list its objects (AccessDenied), so no folder can be fetched',
      doubt: 'give its account s3:ListBucket if folders are to be fetched, and see that its keys are right',
    };
  const reason = response.status === 403 ? 'forbidden' : 'unavailable';
  throw new CountersignError(reason, `the store answers with ${response.status} (${code})`);
}

interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

/** All objects below a prefix. Not every store encodes keys as it is asked to; one that does says so. */
async function listObjects(
  asking: (path: string) => Ask,
  prefix: string,
  signal: AbortSignal,
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  let token: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token && { 'continuation-token': token }),
    });
    // With %20, not +: the signature is over the one spelling.
    const response = await asking(`?${query.toString().replaceAll('+', '%20')}`)({}, signal);
    if (!response.ok) throw refusal(response, 'the list of objects');
    const text = (await firstBytes(response, 8 * 1024 * 1024)).toString('utf8');
    const read = elementOf(text, 'EncodingType') === 'url' ? decoded : unescaped;
    for (const [, entry = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs))
      found.push({
        key: read(elementOf(entry, 'Key') ?? ''),
        bytes: Number(elementOf(entry, 'Size') ?? 0),
      });
    token = elementOf(text, 'NextContinuationToken');
    if (token === null) return found;
  }
  throw new CountersignError('too_large', `there are more objects below ${prefix} than are listed`);
}

function elementOf(text: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? null;
}

function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(key: string): string {
  return key.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
