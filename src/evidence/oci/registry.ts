import { type Digest, digestOf } from '../../domain/index.ts';
import { firstBytes } from '../http.ts';
import { type Descriptor, INDEX_TYPE, MANIFEST_TYPE, type Manifest } from './manifest.ts';
import { parseRepository } from './reference.ts';
import { openReferrers } from './referrers.ts';
import { openTransport, type RegistryOptions, type RegistryTransport } from './transport.ts';

/** A repository of an OCI registry. All of it throws CountersignError `unavailable` and `forbidden`. */
export interface RegistryClient {
  /** A manifest by digest or tag, of at most 4 MiB; null where there is none. */
  manifest(reference: string): Promise<{ readonly bytes: Buffer; readonly descriptor: Descriptor } | null>;
  /** Puts a manifest, and makes it known to whoever asks what refers to its subject. */
  putManifest(manifest: Manifest, options?: { subject?: Digest; tag?: string }): Promise<void>;
  /** A blob's answer, its bytes still to be read; null where there is none. */
  blob(digest: Digest, headers?: Readonly<Record<string, string>>): Promise<Response | null>;
  putBlob(content: Uint8Array): Promise<void>;
  /** What refers to a manifest. */
  referrers(subject: Digest): Promise<readonly Descriptor[]>;
  /**
   * Takes a manifest away where the registry lets us, and off the list of what refers to its subject.
   * @returns false where it is on that list all the same: the registry keeps the list itself, and lets us delete nothing
   */
  remove(digest: Digest, subject: Digest): Promise<boolean>;
}

const ABSENT = { also: [404] };
const MAX_MANIFEST = 4 * 1024 * 1024;
const ACCEPT = [
  MANIFEST_TYPE,
  INDEX_TYPE,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** Opens a repository, given as `oci://registry/repository`. @throws CountersignError `invalid_input` */
export function openRegistry(uri: string, options: RegistryOptions): RegistryClient {
  const transport = openTransport(parseRepository(uri), options);
  const manifest: RegistryClient['manifest'] = (reference) => getManifest(transport, reference);
  const put = (reference: string, bytes: Buffer, mediaType: string) =>
    transport.send(`/manifests/${reference}`, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': mediaType },
    });
  const referrers = openReferrers(transport, { manifest, put });
  return {
    manifest,
    putManifest: async ({ bytes, descriptor }, { subject, tag } = {}) => {
      const response = await put(tag ?? descriptor.digest, bytes, descriptor.mediaType);
      await response.body?.cancel();
      if (subject !== undefined && response.headers.get('oci-subject') === null)
        await referrers.change(subject, (list) => [...without(list, descriptor.digest), descriptor]);
    },
    blob: async (digest, headers = {}) => {
      const response = await transport.send(`/blobs/${digest}`, { ...ABSENT, headers });
      return response.ok ? response : null;
    },
    putBlob: (content) => putBlob(transport, content),
    referrers: referrers.list,
    remove: async (digest, subject) => {
      const also = [400, 404, 405];
      await (await transport.send(`/manifests/${digest}`, { method: 'DELETE', also })).body?.cancel();
      await referrers.change(subject, (list) => without(list, digest));
      return (await referrers.list(subject)).every((descriptor) => descriptor.digest !== digest);
    },
  };
}

function without(list: readonly Descriptor[], digest: Digest): Descriptor[] {
  return list.filter((descriptor) => descriptor.digest !== digest);
}

async function getManifest(transport: RegistryTransport, reference: string) {
  const response = await transport.send(`/manifests/${reference}`, {
    ...ABSENT,
    headers: { accept: ACCEPT },
  });
  if (!response.ok) return null;
  const bytes = await firstBytes(response, MAX_MANIFEST);
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? MANIFEST_TYPE;
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}

async function putBlob(transport: RegistryTransport, content: Uint8Array): Promise<void> {
  const digest = digestOf(content);
  const there = await transport.send(`/blobs/${digest}`, { method: 'HEAD', ...ABSENT });
  if (there.ok) return;
  const started = await transport.send('/blobs/uploads/', { method: 'POST' });
  const place = new URL(started.headers.get('location') ?? '', started.url);
  place.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const done = await transport.send(place.href, { method: 'PUT', body: content, headers });
  await done.body?.cancel();
}
