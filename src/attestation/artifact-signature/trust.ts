import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Instant } from '../../domain/index.ts';
import { type Parsed, type Problem, parsed, unparsed } from '../../lib/index.ts';
import { SIGNING_PREDICATES } from './in-toto.ts';
import { artifactKeyId, hintsOf, readArtifactKey } from './public-key.ts';
import { readTrustedRoot, type TrustedRoot } from './trusted-root.ts';

/** Whose signatures of artifacts count, as an operator writes it down. It never comes with a submission. */
export interface ArtifactTrustSettings {
  readonly keys: readonly ArtifactKeySettings[];
  /** Identities of keyless signatures, each as a certificate has it, to the letter. */
  readonly identities: readonly { readonly identity: string; readonly issuer: string }[];
  /** A Sigstore `trusted_root.json`, as JSON. */
  readonly trustedRoot?: unknown;
  /** Certificates of authorities, PEM, for signatures with a certificate chain and no log. */
  readonly certificateAuthorities: readonly string[];
  /** Whether a signature by a key must be in a log of the trusted root; one by an identity always must. */
  readonly requireTransparencyLog: boolean;
  /** Kinds of in-toto statement that count as a signature of their subject; those that sign it if left out. */
  readonly predicateTypes?: readonly string[] | 'any';
}

/** A key, and when it may be used. */
export interface ArtifactKeySettings {
  readonly publicKey: string;
  readonly validFrom?: Instant | undefined;
  readonly validUntil?: Instant | undefined;
}

/** A key that may sign. */
export interface TrustedKey {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly hints: readonly string[];
  validAt(time: Date): boolean;
}

/** Trust, read. */
export interface ArtifactTrust {
  readonly keys: readonly TrustedKey[];
  readonly identities: ArtifactTrustSettings['identities'];
  readonly root: TrustedRoot | undefined;
  readonly authorities: readonly X509Certificate[];
  readonly requireTransparencyLog: boolean;
  readonly predicateTypes: readonly string[] | 'any';
}

/** Reads the settings, or tells everything that is wrong with them. */
export function readArtifactTrust(settings: ArtifactTrustSettings): Parsed<ArtifactTrust> {
  const problems: Problem[] = [];
  const keys = settings.keys.flatMap((key, index) => collect(problems, `keys[${index}]`, readKey(key)));
  const authorities = settings.certificateAuthorities.flatMap((pem, index) =>
    collect(problems, `certificate_authorities[${index}]`, readAuthority(pem)),
  );
  const [root] =
    settings.trustedRoot === undefined
      ? []
      : collect(problems, 'trusted_root', readTrustedRoot(settings.trustedRoot));
  const { identities, requireTransparencyLog } = settings;
  if (identities.length > 0 && settings.trustedRoot === undefined)
    problems.push({ where: 'identities', message: 'cannot be verified without trusted_root' });
  if (requireTransparencyLog && settings.trustedRoot === undefined)
    problems.push({ where: 'require_transparency_log', message: 'cannot be met without trusted_root' });
  const predicateTypes = settings.predicateTypes ?? SIGNING_PREDICATES;
  if (problems.length > 0) return unparsed(problems);
  return parsed({ keys, identities, root, authorities, requireTransparencyLog, predicateTypes });
}

function readKey({ publicKey, validFrom, validUntil }: ArtifactKeySettings): TrustedKey | string {
  const key = readArtifactKey(publicKey);
  if (typeof key === 'string') return key;
  const from = validFrom === undefined ? undefined : new Date(validFrom);
  const until = validUntil === undefined ? undefined : new Date(validUntil);
  return {
    key,
    keyId: artifactKeyId(key),
    hints: hintsOf(key),
    validAt: (time) => (from === undefined || from <= time) && (until === undefined || time < until),
  };
}

function readAuthority(pem: string): X509Certificate | string {
  try {
    const certificate = new X509Certificate(pem);
    return certificate.ca ? certificate : 'is not a certificate of an authority';
  } catch {
    return 'is not a certificate in PEM';
  }
}

function collect<T extends object>(problems: Problem[], where: string, read: T | string): T[] {
  if (typeof read !== 'string') return [read];
  problems.push({ where, message: read });
  return [];
}
