import { z } from 'zod';
import { Digest } from './digest.ts';
import { Instant } from './instant.ts';
import { KeyId, KeylessIdentity } from './key-id.ts';
import { Person } from './person.ts';
import type { Pipeline } from './pipeline/index.ts';
import { PREDICATE_KINDS, type PredicateKind } from './statement/predicate.ts';
import { StatementId } from './statement/statement-id.ts';

/** Who signs: each with a key of its own. */
export const SIGNER_NAMES = ['worker', 'approvals', 'ledger', 'monitor'] as const;
export type SignerName = (typeof SIGNER_NAMES)[number];

/** Which kinds of statement each signer makes. */
export const SIGNS: Readonly<Record<SignerName, readonly PredicateKind[]>> = {
  worker: ['stage-result/v1', 'governance-record/v1', 'approval-request/v1'],
  approvals: [
    'approval-decision/v1',
    'approval-withdrawal/v1',
    'delegation/v1',
    'override/v1',
    'override-documentation/v1',
  ],
  ledger: ['ledger-view/v1'],
  monitor: ['current-inputs/v1', 'renewal/v1', 'enforcement/v1', 'view-witness/v1'],
};

/**
 * From when a key was not its holder's alone. What it signed later is refused; what the ledger recorded before stands,
 * because no thief can put a statement where the ledger had already gone past.
 */
const KeyRevocation = z.strictObject({
  from: Instant,
  /** How many statements the ledger held then: those at this place and later were recorded after it. */
  ledgerSize: z.int().min(0).optional(),
  reason: z.string().min(1).max(500),
});
type KeyRevocation = z.infer<typeof KeyRevocation>;

/** A key, or an identity without one, that may sign some kinds of statement for a time. */
export const TrustedSigner = z.strictObject({
  name: z.enum(SIGNER_NAMES),
  keyId: KeyId,
  /** PEM SubjectPublicKeyInfo, ECDSA P-256 or Ed25519. A signer has either this or `keyless`. */
  publicKey: z.string().optional(),
  /** Who signs with keys that are certified for some minutes each. */
  keyless: KeylessIdentity.optional(),
  predicates: z.array(z.enum(PREDICATE_KINDS)),
  validFrom: Instant,
  validUntil: Instant.optional(),
  revoked: KeyRevocation.optional(),
});
export type TrustedSigner = z.infer<typeof TrustedSigner>;

const Patterns = z.array(z.string().min(1)).min(1);

/** A pipeline that counts, where. `*` stands for every model or environment. */
const TrustedPipeline = z.strictObject({ digest: Digest, models: Patterns, environments: Patterns });

/** What no longer counts: statements, and artifacts as a whole. */
const Revocations = z.strictObject({
  statements: z.array(StatementId),
  artifacts: z.array(Digest),
});

/** Which issue of a policy it is. A policy that a server puts together from its own configuration has none. */
const Edition = z.strictObject({
  /** Rises with each issue: whoever has seen one believes no lower one. */
  version: z.int().min(1),
  issuedAt: Instant,
  /** From then on nothing is governed under it. */
  validUntil: Instant,
});

/**
 * Whom and what a verifier believes. It reaches an offline verifier on a way of its own, never inside the package
 * that it judges.
 */
export const TrustPolicy = z.strictObject({
  edition: Edition.optional(),
  signers: z.array(TrustedSigner),
  /** A Sigstore `trusted_root.json`: the authorities and logs that keyless signatures are verified against. */
  trustedRoot: z.record(z.string(), z.unknown()).optional(),
  pipelines: z.array(TrustedPipeline),
  revoked: Revocations,
  people: z.array(Person),
});
export type TrustPolicy = z.infer<typeof TrustPolicy>;

/** A trust policy together with the pipelines that it names, by digest. */
export interface Trust {
  readonly policy: TrustPolicy;
  readonly pipelines: ReadonlyMap<Digest, Pipeline>;
}

/** Whether a name is among those of a list in which `*` stands for every name. */
export function isAmong(patterns: readonly string[], name: string): boolean {
  return patterns.includes('*') || patterns.includes(name);
}

/** Environments in which a pipeline counts for a model, as a policy has them: `*` alone stands for every one. */
export function environmentsOf(policy: TrustPolicy, digest: Digest, modelId: string): string[] {
  const all = policy.pipelines
    .filter((pipeline) => pipeline.digest === digest && isAmong(pipeline.models, modelId))
    .flatMap(({ environments }) => environments);
  return all.includes('*') ? ['*'] : [...new Set(all)].sort();
}

/** Whether a pipeline counts for a model in an environment; `null` asks for any environment at all. */
export function isTrustedPipeline(
  policy: TrustPolicy,
  digest: Digest,
  modelId: string,
  environment: string | null,
): boolean {
  return policy.pipelines.some(
    (pipeline) =>
      pipeline.digest === digest &&
      isAmong(pipeline.models, modelId) &&
      (environment === null || isAmong(pipeline.environments, environment)),
  );
}

/** The pipeline of a digest, if it is at hand and counts for a model in an environment. */
export function trustedPipeline(
  { policy, pipelines }: Trust,
  digest: Digest,
  modelId: string,
  environment: string,
): Pipeline | null {
  return isTrustedPipeline(policy, digest, modelId, environment) ? (pipelines.get(digest) ?? null) : null;
}

/** Where and when the ledger took a statement in. A view, which dates itself, has no place. */
export interface Occasion {
  readonly recordedAt: Instant;
  readonly index?: number;
}

/** The signer to whom a key belongs, if it may sign such a statement on such an occasion. */
export function authorisedSigner(
  policy: TrustPolicy,
  keyId: KeyId,
  kind: PredicateKind,
  occasion: Occasion,
): TrustedSigner | null {
  const signer = policy.signers.find(
    (candidate) =>
      candidate.keyId === keyId &&
      candidate.predicates.includes(kind) &&
      isWithinWindow(candidate, occasion.recordedAt),
  );
  return signer === undefined || revocationOf(policy, keyId, occasion) !== null ? null : signer;
}

/** Whether it is a key's business at all to sign such statements, whenever. */
export function isOffice({ signers }: TrustPolicy, keyId: KeyId, kind: PredicateKind): boolean {
  return signers.some((signer) => signer.keyId === keyId && signer.predicates.includes(kind));
}

/** The revocation that strikes what a key signed on an occasion; null where none does. */
export function revocationOf(policy: TrustPolicy, keyId: KeyId, occasion: Occasion): KeyRevocation | null {
  const { recordedAt, index = 0 } = occasion;
  const strikes = ({ from, ledgerSize }: KeyRevocation) =>
    recordedAt >= from || (ledgerSize !== undefined && index >= ledgerSize);
  const signer = policy.signers.find(
    ({ keyId: other, revoked }) => other === keyId && revoked !== undefined && strikes(revoked),
  );
  return signer?.revoked ?? null;
}

/**
 * Those who may speak for the ledger at all of some times: whoever may sign views of it, unless the same key may sign
 * anything else. A worker or an approval service that could sign its own ledger would vouch for itself.
 */
export function ledgerSigners(policy: TrustPolicy, at: readonly Instant[]): readonly TrustedSigner[] {
  return signersApart(policy, 'ledger-view/v1', (kind) => kind !== 'ledger-view/v1', at);
}

/** Those who may witness views of the ledger at all of some times, unless the same key may sign views. */
export function witnessSigners(policy: TrustPolicy, at: readonly Instant[]): readonly TrustedSigner[] {
  return signersApart(policy, 'view-witness/v1', (kind) => kind === 'ledger-view/v1', at);
}

/** Whose key may sign a kind at all of some times, was not stolen, and may sign nothing that bars it. */
function signersApart(
  policy: TrustPolicy,
  kind: PredicateKind,
  bars: (kind: PredicateKind) => boolean,
  at: readonly Instant[],
): readonly TrustedSigner[] {
  const isBarred = ({ predicates, revoked }: TrustedSigner) => revoked !== undefined || predicates.some(bars);
  const barred = new Set(policy.signers.filter(isBarred).map(({ keyId }) => keyId));
  return policy.signers.filter(
    (signer) =>
      signer.predicates.includes(kind) &&
      !barred.has(signer.keyId) &&
      at.every((time) => isWithinWindow(signer, time)),
  );
}

function isWithinWindow({ validFrom, validUntil }: TrustedSigner, at: Instant): boolean {
  return validFrom <= at && (validUntil === undefined || at < validUntil);
}
