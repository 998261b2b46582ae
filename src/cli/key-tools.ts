import type {
  Digest,
  GovernanceStatus,
  Instant,
  KeyId,
  SignerName,
  StatementId,
  Support,
  TrustedSigner,
  TrustPolicy,
} from '../domain/index.ts';

/** A key of one of our signers, or an identity that signs without. */
export interface KeySummary {
  readonly name: SignerName;
  readonly keyId: KeyId;
  /** Who signs, where that is without a key. */
  readonly keyless?: TrustedSigner['keyless'];
  readonly validFrom: Instant;
  readonly validUntil?: Instant;
  readonly revoked?: TrustedSigner['revoked'];
  /** Whether the signer signs with it here. */
  readonly held: boolean;
  /** Whether the trust policy in force names it. */
  readonly trusted: boolean;
}

/** A signer's keys before and after it was given a new one. */
export interface RotationAnswer {
  readonly retired: KeySummary;
  readonly current: KeySummary;
}

/** What a key made, and what hangs on it. */
export interface KeyReviewAnswer {
  readonly statements: readonly {
    readonly id: StatementId;
    readonly index: number;
    readonly kind: string;
    readonly subject: Digest;
    readonly recordedAt: Instant;
    readonly refused: boolean;
    readonly support: Support;
  }[];
  readonly verdicts: readonly {
    readonly artifact: Digest;
    readonly environment: string;
    readonly before: GovernanceStatus;
    readonly after: GovernanceStatus;
  }[];
}

/** A key that is revoked, or would be. */
export interface RevocationAnswer extends KeyReviewAnswer {
  readonly revoked: NonNullable<TrustedSigner['revoked']>;
  /** The signer's new key; null where it has one already, where its private key lies elsewhere, and for an identity. */
  readonly current: KeySummary | null;
  /** Whether the signer still signs with the revoked key, on another machine. */
  readonly heldElsewhere: boolean;
  /** Whether it is the identity under which the signer signs on. */
  readonly signsOn: boolean;
}

/** What operators do about keys, on the files of the service that is configured here. */
export interface KeyTools {
  /** @throws CountersignError `conflict` where the signer has a key */
  generate(name: SignerName): Promise<KeySummary>;
  list(): Promise<readonly KeySummary[]>;
  /** @throws CountersignError `not_found`; `conflict` where the private key lies elsewhere */
  rotate(name: SignerName, overlap: number): Promise<RotationAnswer>;
  /** @throws CountersignError `not_found` */
  revoke(wish: {
    readonly keyId: string;
    readonly from: Instant;
    readonly reason: string;
    readonly dryRun: boolean;
  }): Promise<RevocationAnswer>;
  /** @throws CountersignError `not_found`, `conflict` */
  resign(wish: { readonly keyId: string; readonly dryRun: boolean }): Promise<KeyReviewAnswer>;
  /** The next trust policy, unsigned: of the configuration and the public keys, good for some milliseconds. */
  draftPolicy(validity: number): Promise<TrustPolicy>;
  close(): Promise<void>;
}
