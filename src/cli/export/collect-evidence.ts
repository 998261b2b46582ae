import {
  EvidenceManifest,
  type EvidenceMode,
  evidenceNamed,
  MOST_EVIDENCE,
  type PackedEvidence,
  type RecordPackage,
} from '../../attestation/index.ts';
import { CountersignError, type Digest, digestOf, digestOfJson, invalidInput } from '../../domain/index.ts';
import type { ApiClient } from '../client/api-client.ts';

const MIB = 1024 * 1024;

/**
 * Fetches the evidence that the statements of a record name, and holds all of it to the digests that were signed.
 *
 * @param mode whether the documents are wanted, or their digests alone
 * @throws CountersignError `integrity` where the server has something else than was signed; `invalid_input` where the
 *   documents are more than a package holds
 */
export async function collectEvidence(
  client: ApiClient,
  record: RecordPackage,
  mode: EvidenceMode,
): Promise<PackedEvidence> {
  const manifests: EvidenceManifest[] = [];
  const documents = new Map<Digest, Buffer>();
  for (const [signed, runId] of evidenceNamed(record)) {
    const manifest = await manifestOf(client, runId, signed);
    manifests.push(manifest);
    if (mode === 'digest') continue;
    for (const item of manifest)
      if (!documents.has(item.digest))
        documents.set(item.digest, await documentOf(client, runId, item, MOST_EVIDENCE - sizeOf(documents)));
  }
  return { mode, manifests, documents: [...documents.values()] };
}

async function manifestOf(client: ApiClient, runId: string, signed: Digest): Promise<EvidenceManifest> {
  const described = await client.describeRun(runId);
  const items = described?.description.run.evidence ?? [];
  const manifest = EvidenceManifest.parse(items.map(({ name, digest }) => ({ name, digest })));
  if (digestOfJson(manifest) === signed) return manifest;
  throw altered(`the evidence of run ${runId}`, signed, digestOfJson(manifest));
}

async function documentOf(
  client: ApiClient,
  runId: string,
  { name, digest }: EvidenceManifest[number],
  room: number,
): Promise<Buffer> {
  const bytes = await client.evidence(runId, name, room).catch((error: unknown) => {
    throw error instanceof CountersignError && error.code === 'too_large' ? tooMuch(name) : error;
  });
  if (digestOf(bytes) === digest) return bytes;
  throw altered(`the evidence ${name} of run ${runId}`, digest, digestOf(bytes));
}

function sizeOf(documents: ReadonlyMap<Digest, Buffer>): number {
  return [...documents.values()].reduce((sum, { length }) => sum + length, 0);
}

function altered(what: string, signed: Digest, got: Digest): CountersignError {
  return new CountersignError('integrity', `${what} is not what was signed: expected ${signed}, got ${got}`);
}

function tooMuch(name: string): CountersignError {
  return invalidInput('--evidence inline', [
    {
      where: name,
      message: `with it the evidence is more than ${MOST_EVIDENCE / MIB} MiB, the most that a package holds`,
      fix: 'export with --evidence digest, and hand the documents over beside the package',
    },
  ]);
}
