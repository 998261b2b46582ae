import type { KeylessIdentity } from '../../domain/index.ts';

/** Where the token comes from that proves a signer's identity. Nothing of it is ever told. */
export interface TokenSource {
  /** Path of a file, read anew for each certificate; null where CI gives the token. */
  readonly file: string | null;
  /** Where a job of GitHub Actions asks for its token, and with what. */
  readonly github: { readonly url: string; readonly token: string } | null;
  /** A token that GitLab CI, or anybody else, put into `SIGSTORE_ID_TOKEN`. */
  readonly variable: string | null;
  /** For whom GitHub's token is to be. */
  readonly audience: string;
}

/** Services of a Sigstore instance, each by its base URL. */
export interface SigstoreServices {
  readonly fulcio: string;
  readonly rekor: { readonly url: string; readonly version: 1 | 2 };
  /** A timestamp authority (RFC 3161); null for none, where the log itself vouches for the time. */
  readonly timestamps: string | null;
  /** Its `trusted_root.json`, as JSON: what was signed is held against it at once. */
  readonly trustedRoot: Readonly<Record<string, unknown>>;
  /** Milliseconds for one request. */
  readonly timeout: number;
}

/** What a keyless signer needs. */
export interface KeylessSettings {
  /** Who it must turn out to be. */
  readonly identity: KeylessIdentity;
  readonly token: TokenSource;
  readonly services: SigstoreServices;
  /** Milliseconds for a whole signature, however often its requests are repeated. */
  readonly patience: number;
}
