import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  Digest,
  type PredicateKind,
  predicateKindOf,
  predicateType,
  type StatementId,
  type TrustedSigner,
  type TrustPolicy,
} from '../../domain/index.ts';
import { statementIdOf } from '../payload.ts';
import type { RecordPackage } from '../record-package.ts';

/** A bundle of a package by its file; what it says of itself is only for people to find their way, nothing is verified. */
export interface NamedStatement {
  readonly path: string;
  readonly text: string;
  readonly id: StatementId | null;
  readonly kind: PredicateKind | null;
  /** SHA-256 of the first subject, 64 hex digits. */
  readonly subject: string | null;
  /** The run whose evidence it names, and the digest of that evidence's manifest; null where it names none. */
  readonly evidence: { readonly runId: string; readonly manifest: Digest } | null;
  /** The policy's signer whose key it names, or whose identity its certificate does. */
  readonly signer: TrustedSigner | null;
}

const Bundle = z.object({
  verificationMaterial: z.object({
    publicKey: z.object({ hint: z.string() }).optional(),
    certificate: z.object({ rawBytes: z.string() }).optional(),
  }),
  dsseEnvelope: z.object({ payload: z.string() }),
});
type Bundle = z.infer<typeof Bundle>;
const Said = z.object({
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) })).min(1),
  predicate: z.unknown(),
});
const OfRun = z.object({ runId: z.string(), evidence: Digest });

function nameStatement(
  text: string,
  path: (kind: string) => string,
  policy: Pick<TrustPolicy, 'signers'>,
): NamedStatement {
  const bundle = attempt(() => Bundle.parse(JSON.parse(text)));
  const payload = bundle === null ? null : Buffer.from(bundle.dsseEnvelope.payload, 'base64');
  const said = payload === null ? null : attempt(() => Said.parse(JSON.parse(payload.toString())));
  const kind = said === null ? null : predicateKindOf(said.predicateType);
  const ofRun = said === null ? null : attempt(() => OfRun.parse(said.predicate));
  return {
    path: path(kind?.replace('/', '-') ?? 'unknown'),
    text,
    id: payload === null ? null : statementIdOf(payload),
    kind,
    subject: said?.subject[0]?.digest.sha256 ?? null,
    evidence: ofRun === null ? null : { runId: ofRun.runId, manifest: ofRun.evidence },
    signer: bundle === null ? null : signerNamed(bundle, policy),
  };
}

/** The bundles of a record. */
export type Bundled = Pick<RecordPackage, 'view' | 'witness' | 'statements'>;

/** Names the view, its witness and the statements of a record, in this order. */
export function nameStatements(
  record: Bundled,
  policy: Pick<TrustPolicy, 'signers'>,
): readonly NamedStatement[] {
  const number = (at: number) => String(at).padStart(5, '0');
  return [
    nameStatement(record.view, () => 'view.sigstore.json', policy),
    nameStatement(record.witness, () => 'witness.sigstore.json', policy),
    ...record.statements.map((text, at) =>
      nameStatement(text, (kind) => `statements/${number(at)}-${kind}.sigstore.json`, policy),
    ),
  ];
}

/** By the manifest's digest: a run whose evidence the statements of a record name so. Nothing is verified. */
export function evidenceNamed(record: Bundled): Map<Digest, string> {
  const named = nameStatements(record, { signers: [] }).flatMap(({ evidence }) => evidence ?? []);
  return new Map(named.map(({ manifest, runId }) => [manifest, runId]));
}

function signerNamed(
  { verificationMaterial }: Bundle,
  { signers }: Pick<TrustPolicy, 'signers'>,
): TrustedSigner | null {
  const { publicKey, certificate } = verificationMaterial;
  if (publicKey !== undefined) return signers.find(({ keyId }) => keyId === publicKey.hint) ?? null;
  const der = Buffer.from(certificate?.rawBytes ?? '', 'base64');
  const names = attempt(() => new X509Certificate(der).subjectAltName) ?? '';
  const isOf = ({ keyless }: TrustedSigner) =>
    keyless !== undefined && names.endsWith(`:${keyless.identity}`) && der.includes(keyless.issuer);
  return signers.find(isOf) ?? null;
}

/** Where the policy's trusted root lies in a package, for cosign. */
export const ROOT_PATH = 'trust/trusted_root.json';

/** Where a signer's public key lies in a package. */
export function keyPathOf({ name, keyId }: TrustedSigner): string {
  return `keys/${name}-${Buffer.from(keyId, 'base64').toString('hex').slice(0, 16)}.pem`;
}

/** The `--type` that cosign wants. */
export function typeOf({ kind }: NamedStatement): string {
  return kind === null ? 'unknown' : predicateType(kind);
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
