import { digestOf, hexOf, TrustPolicy } from '../../domain/index.ts';
import { canonicalJson, sha256Hex } from '../../lib/index.ts';
import type { RecordPackage } from '../record-package.ts';
import { checkScript } from './check-script.ts';
import { keyPathOf, type NamedStatement, nameStatement } from './named-statement.ts';
import { readMe } from './read-me.ts';
import { type PackedFile, writeTar } from './tar.ts';

/** A trust policy as it travels in a package. */
export interface PackedPolicy {
  readonly policy: TrustPolicy;
  /** The file as it was signed, with its detached bundle; null for a policy that is not signed. */
  readonly signed: { readonly text: string; readonly bundle: string } | null;
}

/** What `manifest.json` says that it is. */
export const PACKAGE_FORMAT = 'countersign-package/v1';
export const MANIFEST = 'manifest.json';

/** Packs a record and a trust policy into one archive; the same of the same, byte for byte. */
export function writePackage(record: RecordPackage, policy: PackedPolicy): Buffer {
  return writeTar(filesOf(record, policy));
}

/** All files of a package, in its order. */
export function filesOf(record: RecordPackage, packed: PackedPolicy): readonly PackedFile[] {
  const { policy } = packed;
  const statements: NamedStatement[] = [
    nameStatement(record.view, () => 'view.sigstore.json', policy),
    ...record.statements.map((text, at) =>
      nameStatement(
        text,
        (kind) => `statements/${String(at).padStart(5, '0')}-${kind}.sigstore.json`,
        policy,
      ),
    ),
  ];
  const keys = new Map(policy.signers.map((signer) => [keyPathOf(signer), signer.publicKey]));
  const given = [
    ...statements.map(({ path, text }) => file(path, text)),
    file('checkpoint.txt', record.checkpoint),
    file('inclusion.json', `${canonicalJson(record.inclusion)}\n`),
    ...record.pipelines.map((text) => file(`pipelines/${hexOf(digestOf(text))}.yaml`, text)),
    ...policyFiles(packed),
    ...[...keys].map(([path, text]) => file(path, text)),
  ];
  const made = [
    ...given,
    file('README.md', readMe(record, statements)),
    file('check.sh', checkScript(given, statements)),
  ];
  return [file(MANIFEST, manifestOf(record, made)), ...made];
}

function policyFiles({ policy, signed }: PackedPolicy): PackedFile[] {
  if (signed === null)
    return [file('trust/policy.json', `${JSON.stringify(TrustPolicy.parse(policy), null, 2)}\n`)];
  return [file('trust/policy.yaml', signed.text), file('trust/policy.yaml.sigstore.json', signed.bundle)];
}

function manifestOf(
  { modelId, modelVersion, artifact }: RecordPackage,
  files: readonly PackedFile[],
): string {
  const listed = files.map(({ path, bytes }) => ({ path, sha256: sha256Hex(bytes), bytes: bytes.length }));
  const manifest = { format: PACKAGE_FORMAT, modelId, modelVersion, artifact, files: listed };
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

function file(path: string, text: string): PackedFile {
  return { path, bytes: Buffer.from(text) };
}
