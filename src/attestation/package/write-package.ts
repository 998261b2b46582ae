import { digestOf, hexOf, TrustPolicy } from '../../domain/index.ts';
import { canonicalJson, sha256Hex } from '../../lib/index.ts';
import { checkScript } from './check-script.ts';
import type { PackageContents, PackedPolicy } from './contents.ts';
import { keyPathOf, nameStatements, ROOT_PATH } from './named-statement.ts';
import { evidenceFiles } from './packed-evidence.ts';
import { readMe } from './read-me.ts';
import { type PackedFile, writeTar } from './tar.ts';

/** What `manifest.json` says that it is. */
export const PACKAGE_FORMAT = 'countersign-package/v3';
export const MANIFEST = 'manifest.json';

/** Packs a record, a trust policy and evidence into one archive; the same of the same, byte for byte. */
export function writePackage(contents: PackageContents): Buffer {
  return writeTar(filesOf(contents));
}

/** All files of a package, in its order. */
export function filesOf(contents: PackageContents): readonly PackedFile[] {
  const { record, policy, evidence } = contents;
  const statements = nameStatements(record, policy.policy);
  const keys = new Map(
    policy.policy.signers.flatMap((signer) =>
      signer.publicKey === undefined ? [] : [[keyPathOf(signer), signer.publicKey] as const],
    ),
  );
  const given = [
    ...statements.map(({ path, text }) => file(path, text)),
    file('checkpoint.txt', record.checkpoint),
    file('inclusion.json', `${canonicalJson(record.inclusion)}\n`),
    ...record.pipelines.map((text) => file(`pipelines/${hexOf(digestOf(text))}.yaml`, text)),
    ...evidenceFiles(evidence),
    ...policyFiles(policy),
    ...[...keys].map(([path, text]) => file(path, text)),
  ];
  const made = [
    ...given,
    file('README.md', readMe(contents, statements)),
    file('check.sh', checkScript(given, statements)),
  ];
  return [file(MANIFEST, manifestOf(contents, made)), ...made];
}

function policyFiles({ policy, signed }: PackedPolicy): PackedFile[] {
  const { trustedRoot } = policy;
  const root = trustedRoot === undefined ? [] : [file(ROOT_PATH, `${canonicalJson(trustedRoot)}\n`)];
  if (signed === null)
    return [file('trust/policy.json', `${JSON.stringify(TrustPolicy.parse(policy), null, 2)}\n`), ...root];
  return [
    file('trust/policy.yaml', signed.text),
    file('trust/policy.yaml.sigstore.json', signed.bundle),
    ...root,
  ];
}

function manifestOf({ record, evidence }: PackageContents, files: readonly PackedFile[]): string {
  const { modelId, modelVersion, artifact } = record;
  const listed = files.map(({ path, bytes }) => ({ path, sha256: sha256Hex(bytes), bytes: bytes.length }));
  const about = { modelId, modelVersion, artifact, evidence: evidence.mode };
  return `${JSON.stringify({ format: PACKAGE_FORMAT, ...about, files: listed }, null, 1)}\n`;
}

function file(path: string, text: string): PackedFile {
  return { path, bytes: Buffer.from(text) };
}
