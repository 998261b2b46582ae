import { z } from 'zod';
import { CountersignError, type Digest, digestOf } from '../../domain/index.ts';
import type { Outbound } from '../../outbound/index.ts';
import type { RegistryCredentials } from '../oci/authority.ts';
import { Descriptor, INDEX_TYPE } from '../oci/manifest.ts';
import { openRegistry, type RegistryClient } from '../oci/registry.ts';
import { signIn } from '../oci/transport.ts';
import { rangedFile } from './ranges.ts';
import type { ArtifactSource, Packing, SourceFile, SourceListing } from './source.ts';

/** How a repository is read. */
export interface OciSource {
  readonly name: string;
  /** What its URIs begin with: `oci://registry/repository`, or a part of that which ends before a `/`. */
  readonly from: string;
  readonly plainHttp: boolean;
  /** The account, read anew for each artifact; null for none. */
  readonly credentials: () => Promise<RegistryCredentials | null>;
}

const REFERENCE =
  /^(oci:\/\/[^@?#]+?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?(?:\?platform=([a-z0-9/._-]+))?$/;
const Layer = Descriptor;
const Manifest = z.object({ layers: z.array(Layer).min(1).max(10_000) });
const Index = z.object({
  manifests: z
    .array(
      Descriptor.extend({
        platform: z
          .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
          .optional(),
      }),
    )
    .max(10_000),
});

/** The annotations by which a layer names the file that it is: those of ORAS, and of the model format specification. */
const TITLES = ['org.opencontainers.image.title', 'org.cncf.model.filepath'] as const;

/** Layers that hold files: those of container images, and of the model format specification. */
const ARCHIVE = /[.+]tar(?:[.+]|$)/;
const COMPRESSED = /[.+]tar(?:[.+](.+))?$/;
const COMPRESSIONS: Readonly<Record<string, Packing['compression']>> = {
  '': 'none',
  gzip: 'gzip',
  gz: 'gzip',
  zstd: 'zstd',
  zst: 'zstd',
};
/** That by which ORAS marks a layer that is a folder. */
const UNPACK = 'io.deis.oras.content.unpack';
/** Where a container image with a model inside holds it, as KServe mounts it. */
const MODELS = 'models';

/**
 * Reads artifacts from a registry: each layer is a file by the name that its annotation gives, as ORAS lays models out, or an archive
 * of files; of a container image the artifact is what its layers hold below /models. Of an index the URI says which platform is meant.
 */
export function createOciSource(source: OciSource, outbound: Outbound): ArtifactSource {
  return {
    name: source.name,
    covers: (uri) => {
      const [, repository] = REFERENCE.exec(uri) ?? [];
      return repository !== undefined && `${repository}/`.startsWith(source.from.replace(/\/*$/, '/'));
    },
    list: async (uri, signal) => {
      const { repository, reference, platform } = parse(uri);
      const credentials = await source.credentials();
      const registry = openRegistry(repository, {
        credentials,
        plainHttp: source.plainHttp,
        send: guarded(outbound, signal),
      });
      return listManifest(registry, await manifestOf(registry, reference, platform));
    },
    probe: async (signal) => {
      const registry = source.from.slice('oci://'.length).split('/')[0] ?? '';
      const credentials = await source.credentials();
      const send = guarded(outbound, signal);
      await signIn(registry, { credentials, plainHttp: source.plainHttp, send });
      const account = credentials === null ? '' : ', and knows the account';
      return { shows: `answers${account}; only an artifact shows whether it may be read`, doubt: null };
    },
  };
}

/** What is given to be read may be as long as it likes. */
function guarded(outbound: Outbound, signal: AbortSignal): Outbound['send'] {
  return (url, request) => outbound.send(url, { ...request, limit: Number.MAX_SAFE_INTEGER, signal });
}

function parse(uri: string) {
  const [, repository, tag, digest, platform] = REFERENCE.exec(uri) ?? [];
  if (repository !== undefined && (digest ?? tag) !== undefined)
    return { repository, reference: digest ?? tag ?? '', platform: platform ?? null };
  throw new CountersignError(
    'invalid_input',
    `${JSON.stringify(uri)} names no artifact: expected oci://registry/repository@sha256:… or :tag`,
  );
}

interface Read {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** The manifest of an artifact. Of a list, that of the platform: which one is for the submitter to say, not for us to guess. */
async function manifestOf(
  registry: RegistryClient,
  reference: string,
  platform: string | null,
): Promise<Read> {
  const { bytes, mediaType } = await readManifest(registry, reference);
  const isIndex = mediaType === INDEX_TYPE || mediaType.includes('manifest.list');
  if (!isIndex) return { digest: digestOf(bytes), bytes };
  const { manifests } = parsed(Index, bytes);
  const offered = manifests.map(({ platform: of, digest }) => ({
    digest,
    text: of === undefined ? 'unknown' : [of.os, of.architecture, of.variant].filter(Boolean).join('/'),
  }));
  const fitting = offered.filter(({ text }) => text === platform);
  const [chosen] = fitting;
  if (chosen === undefined || fitting.length > 1)
    throw new CountersignError(
      'invalid_input',
      `${reference} is a list of manifests: say which with ?platform=, one of ${offered.map(({ text }) => text).join(', ')}, or name one by its digest`,
    );
  const found = await readManifest(registry, chosen.digest);
  return { digest: digestOf(found.bytes), bytes: found.bytes };
}

async function readManifest(registry: RegistryClient, reference: string) {
  const found = await registry.manifest(reference);
  if (found === null) throw new CountersignError('not_found', `the repository has no manifest ${reference}`);
  const { bytes, descriptor } = found;
  if (reference.startsWith('sha256:') && descriptor.digest !== reference)
    throw new CountersignError(
      'digest_mismatch',
      `the registry sent the manifest ${descriptor.digest} for ${reference}`,
    );
  return { bytes, mediaType: descriptor.mediaType };
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new CountersignError('unavailable', 'the registry sent a manifest that is none', { cause });
  }
}

function listManifest(registry: RegistryClient, { digest: manifest, bytes }: Read): SourceListing {
  const { layers } = parsed(Manifest, bytes);
  const files = layers.map((layer, index) => layerFile(registry, layer, index));
  return { kind: 'oci', files, manifest };
}

function layerFile(registry: RegistryClient, layer: Descriptor, index: number): SourceFile {
  const { digest, size } = layer;
  const packing = packingOf(layer);
  const name = packing === null ? nameOf(layer) : `layer ${index + 1}`;
  const file = rangedFile({ name, bytes: size, digest }, async (headers) => {
    const response = await registry.blob(digest, headers);
    if (response !== null) return response;
    throw new CountersignError('not_found', `the registry has no layer ${digest}`);
  });
  return packing === null ? file : { ...file, packing };
}

function nameOf({ digest, annotations = {} }: Descriptor): string {
  return (
    TITLES.map((title) => annotations[title]).find((title) => title !== undefined) ?? digest.replace(':', '-')
  );
}

/** ORAS gives plain files the media type of a layer of an image: they have a title, and images' layers have none. */
function packingOf({ mediaType, digest, annotations = {} }: Descriptor): Packing | null {
  const isFolder = annotations[UNPACK] === 'true';
  const isArchive = ARCHIVE.test(mediaType) && annotations[TITLES[0]] === undefined;
  if (!isFolder && !isArchive) return null;
  const [, suffix = ''] = COMPRESSED.exec(mediaType) ?? [];
  const compression = COMPRESSIONS[suffix];
  if (compression === undefined)
    throw new CountersignError(
      'invalid_input',
      `layer ${digest} is an archive that cannot be unpacked (${mediaType.slice(0, 100)}): push it as tar, tar+gzip or tar+zstd`,
    );
  return { compression, within: isFolder || annotations[TITLES[1]] !== undefined ? null : MODELS };
}
