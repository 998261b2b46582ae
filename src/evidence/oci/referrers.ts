import { z } from 'zod';
import { CountersignError, type Digest, digestOf, hexOf } from '../../domain/index.ts';
import { canonicalJson } from '../../lib/index.ts';
import { firstBytes } from '../http.ts';
import { Descriptor, INDEX_TYPE } from './manifest.ts';
import type { RegistryTransport } from './transport.ts';

/** What refers to manifests. */
export interface Referrers {
  list(subject: Digest): Promise<readonly Descriptor[]>;
  /** Changes the list under the fallback tag; registries that keep the list themselves are left alone. */
  change(subject: Digest, to: (list: readonly Descriptor[]) => readonly Descriptor[]): Promise<void>;
}

/** Manifests of the same repository. */
interface Manifests {
  manifest(reference: string): Promise<{ readonly bytes: Buffer } | null>;
  put(reference: string, bytes: Buffer, mediaType: string): Promise<Response>;
}

const Index = z.object({ manifests: z.array(Descriptor).max(10_000) });
const MAX_LIST = 16 * 1024 * 1024;
const MAX_PAGES = 100;
const ATTEMPTS = 5;

/** Asks the registry what refers to a manifest; where it does not know, an index under the tag `sha256-<hex>` says it. */
export function openReferrers(transport: RegistryTransport, manifests: Manifests): Referrers {
  const fromTag = async (subject: Digest) => {
    const index = await manifests.manifest(tagOf(subject));
    return index === null ? [] : read(index.bytes);
  };
  const list: Referrers['list'] = async (subject) =>
    (await fromRegistry(transport, subject)) ?? (await fromTag(subject));
  const change: Referrers['change'] = async (subject, to) => {
    if ((await fromRegistry(transport, subject)) !== null) return;
    // Somebody else may change it at the same time, and nothing locks a tag: it is read again after it was written.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const wanted = indexOf(to(await fromTag(subject)));
      await (await manifests.put(tagOf(subject), wanted, INDEX_TYPE)).body?.cancel();
      if (digestOf(indexOf(to(await fromTag(subject)))) === digestOf(wanted)) return;
    }
    throw new CountersignError('unavailable', `the list of what refers to ${subject} changes all the time`);
  };
  return { list, change };
}

/** Null where the registry has no such list. */
async function fromRegistry(transport: RegistryTransport, subject: Digest): Promise<Descriptor[] | null> {
  const found: Descriptor[] = [];
  let path: string | null = `/referrers/${subject}`;
  for (let page = 0; path !== null && page < MAX_PAGES; page++) {
    const response: Response = await transport.send(path, { also: [400, 404, 405] });
    if (!response.ok || response.headers.get('content-type')?.split(';')[0] !== INDEX_TYPE) {
      await response.body?.cancel();
      return null;
    }
    found.push(...read(await firstBytes(response, MAX_LIST)));
    const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '') ?? [];
    path = next === undefined ? null : new URL(next, response.url).href;
  }
  return found;
}

function read(bytes: Buffer): Descriptor[] {
  try {
    return Index.parse(JSON.parse(bytes.toString('utf8'))).manifests;
  } catch (cause) {
    throw new CountersignError('unavailable', 'the registry gave a list of referrers that is none', {
      cause,
    });
  }
}

function indexOf(manifests: readonly Descriptor[]): Buffer {
  return Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }));
}

function tagOf(subject: Digest): string {
  return `sha256-${hexOf(subject)}`;
}
