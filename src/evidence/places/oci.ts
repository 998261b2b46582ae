import { CountersignError, digestOf, type PublishedFile } from '../../domain/index.ts';
import { firstBytes } from '../http.ts';
import { type Descriptor, EMPTY, fileManifest, standInManifest, tagOf } from '../oci/manifest.ts';
import type { RegistryClient } from '../oci/registry.ts';
import type { EvidencePlace, EvidenceSubject } from './place.ts';

/**
 * Publishes into a repository: each file refers to the artifact's manifest, where cosign and admission controllers look
 * for it. An artifact that is in no registry has a stand-in there, tagged `<model>_<version>`.
 */
export function createOciPlace(name: string, registry: RegistryClient): EvidencePlace {
  const remove = async (subject: EvidenceSubject, file: PublishedFile) => {
    const about = await subjectOf(registry, subject);
    return registry.remove(fileManifest(about, file).descriptor.digest, about.digest);
  };
  return {
    name,
    put: async (subject, file, before) => {
      const about = await subjectOf(registry, subject, { make: true });
      await registry.putBlob(EMPTY);
      await registry.putBlob(file.content);
      await registry.putManifest(fileManifest(about, file), { subject: about.digest });
      return before === null || before.digest === file.digest || remove(subject, before);
    },
    read: async (subject, file) => {
      const about = await subjectOf(registry, subject);
      const { bytes, descriptor } = fileManifest(about, file);
      const stands = await registry.manifest(descriptor.digest);
      const listed = await registry.referrers(about.digest);
      if (stands === null || !listed.some(({ digest }) => digest === descriptor.digest)) return null;
      if (!stands.bytes.equals(bytes)) return stands.bytes.subarray(0, file.bytes + 1);
      const response = await registry.blob(file.digest);
      return response === null ? null : firstBytes(response, file.bytes + 1);
    },
    remove,
    probe: async () => {
      await registry.manifest(NO_TAG);
      return 'answers, and lets us read its repository';
    },
  };
}

/** A tag that nobody gives: what answers that there is none let itself be read. */
const NO_TAG = 'countersign-doctor';

/** What evidence refers to. */
async function subjectOf(
  registry: RegistryClient,
  { artifact, ...name }: EvidenceSubject,
  { make = false } = {},
): Promise<Descriptor> {
  const manifest = artifact.equivalents.find(({ scheme }) => scheme === 'oci_manifest');
  if (manifest === undefined) {
    const standIn = standInManifest(artifact);
    if (make) {
      await registry.putBlob(EMPTY);
      await registry.putManifest(standIn, { tag: tagOf(name) });
    }
    return standIn.descriptor;
  }
  const found = await registry.manifest(manifest.digest);
  if (found !== null && digestOf(found.bytes) === manifest.digest) return found.descriptor;
  throw new CountersignError(
    'unavailable',
    `the repository has no manifest ${manifest.digest}: push the artifact there`,
  );
}
