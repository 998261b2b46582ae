import { z } from 'zod';
import {
  type Artifact,
  Digest,
  digestOf,
  type ModelName,
  modelName,
  type PublishedFile,
} from '../../domain/index.ts';
import { canonicalJson, sha256Hex } from '../../lib/index.ts';

/** The media type of a manifest. */
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** The media type of a list of manifests. */
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** Names content in a registry. */
export const Descriptor = z.object({
  mediaType: z.string(),
  digest: Digest,
  size: z.int().min(0),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Descriptor = z.infer<typeof Descriptor>;

/** The content of a manifest's config that has none. */
export const EMPTY = Buffer.from('{}');
const EMPTY_DESCRIPTOR = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: digestOf(EMPTY),
  size: EMPTY.length,
};

/** A manifest's bytes, and what refers to them. */
export interface Manifest {
  readonly bytes: Buffer;
  readonly descriptor: Descriptor;
}

/** Refers to a file that is about the subject, as cosign lays out bundles. Equal files have equal manifests. */
export function fileManifest(subject: Descriptor, file: PublishedFile): Manifest {
  const { mediaType, digest, bytes: size, predicateType, createdAt, name } = file;
  const bundle =
    predicateType === null
      ? {}
      : {
          'dev.sigstore.bundle.content': 'dsse-envelope',
          'dev.sigstore.bundle.predicateType': predicateType,
        };
  const { mediaType: type, digest: of, size: ofSize } = subject;
  return toManifest({
    artifactType: mediaType,
    layers: [{ mediaType, digest, size }],
    subject: { mediaType: type, digest: of, size: ofSize },
    annotations: {
      'org.opencontainers.image.created': createdAt,
      'org.opencontainers.image.title': name,
      ...bundle,
    },
  });
}

/** Stands for an artifact that is in no registry, so that evidence has something to refer to. */
export function standInManifest({ kind, digest }: Artifact): Manifest {
  return toManifest({
    artifactType: 'application/vnd.countersign.artifact.v1',
    layers: [EMPTY_DESCRIPTOR],
    annotations: { 'dev.countersign.artifact.kind': kind, 'dev.countersign.artifact.digest': digest },
  });
}

function toManifest({
  artifactType,
  annotations,
  ...rest
}: { artifactType: string; annotations: Record<string, string> } & Record<string, unknown>): Manifest {
  const content = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType,
    config: EMPTY_DESCRIPTOR,
    annotations,
    ...rest,
  };
  const bytes = Buffer.from(canonicalJson(content));
  const descriptor = {
    mediaType: MANIFEST_TYPE,
    digest: digestOf(bytes),
    size: bytes.length,
    artifactType,
    annotations,
  };
  return { bytes, descriptor };
}

/** Names whose tag can be told apart: it holds one underscore, so neither part may. */
const PLAIN = /^(?=.{1,128}$)[A-Za-z0-9.-]+_[A-Za-z0-9.-]+$/;
const DIGITS = 32;

/**
 * The tag under which a stand-in is found by name: `<model>_<version>`. Where that would not be of this name alone, or no tag at
 * all, what can be had of it, two underscores and the beginning of the name's digest.
 */
export function tagOf(name: ModelName): string {
  const tag = `${name.modelId}_${name.modelVersion}`;
  if (PLAIN.test(tag)) return tag;
  const beginning = tag.replaceAll('+', '_').slice(0, 128 - 2 - DIGITS);
  return `${beginning}__${sha256Hex(modelName(name)).slice(0, DIGITS)}`;
}
