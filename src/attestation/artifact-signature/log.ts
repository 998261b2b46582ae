import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import type { ArtifactBundle } from './bundle-shape.ts';
import { printable, SignatureError } from './result.ts';
import type { TrustedKey } from './trust.ts';
import type { TrustedRoot } from './trusted-root.ts';

type Entity = Parameters<Verifier['verify']>[0];

/** Who the certificate of a keyless signature says that it is. */
export interface CertificateIdentity {
  readonly identity: string;
  readonly issuer: string;
}

/** Nobody, for bundles that are signed by a certificate. */
const NO_KEY = () => {
  throw new SignatureError('malformed', 'the bundle names a key, where a certificate is expected');
};

/**
 * Verifies what Sigstore's authorities vouch for: the certificate's chain and its entry in a certificate log, the entry of
 * the signature in a transparency log, and that both belong together in time.
 *
 * @param bundle one whose signature was found to fit its certificate and what it signs
 * @throws SignatureError
 */
export function verifyKeyless(bundle: ArtifactBundle, root: TrustedRoot): CertificateIdentity {
  const { identity } = verifyWith(bundle, { ...root, publicKey: NO_KEY }, root.ctlogs.length > 0 ? 1 : 0);
  const name = identity?.subjectAlternativeName;
  const issuer = identity?.extensions?.issuer;
  if (name === undefined || issuer === undefined)
    throw new SignatureError('untrusted', 'its certificate names no identity, or nobody who vouches for it');
  return { identity: name, issuer };
}

/** Verifies that a signature, found to fit a trusted key, is in a transparency log. @throws SignatureError */
export function verifyLogged(bundle: ArtifactBundle, root: TrustedRoot, key: TrustedKey): void {
  const publicKey = () => ({ publicKey: key.key, validFor: (time: Date) => key.validAt(time) });
  verifyWith(bundle, { ...root, publicKey }, 0);
}

function verifyWith(
  bundle: ArtifactBundle,
  material: TrustedRoot & { publicKey: ConstructorParameters<typeof Verifier>[0]['publicKey'] },
  ctlogThreshold: number,
) {
  try {
    const entity = toEntity(bundle);
    return new Verifier(material, { ctlogThreshold, tlogThreshold: 1, timestampThreshold: 1 }).verify(entity);
  } catch (error) {
    if (error instanceof SignatureError) throw error;
    throw new SignatureError(faultOf(error), `Sigstore's proofs do not hold: ${reasonOf(error)}`);
  }
}

/** The library would want the artifact in memory, and one hash for all keys: the signature itself we verified before. */
function toEntity(bundle: ArtifactBundle): Entity {
  const entity = toSignedEntity(bundleFromJSON(bundle.json), Buffer.alloc(0));
  const { signature } = entity;
  return {
    ...entity,
    signature: {
      signature: signature.signature,
      compareSignature: (other) => signature.compareSignature(other),
      compareDigest: (digest) => signature.compareDigest(digest),
      compareSignedDigest: (digest) => signature.compareSignedDigest(digest),
      verifySignature: () => true,
    },
  };
}

function faultOf(error: unknown): 'untrusted' | 'not_logged' | 'malformed' {
  if (!(error instanceof VerificationError)) return 'malformed';
  return error.code.startsWith('TLOG') || error.code === 'TIMESTAMP_ERROR' ? 'not_logged' : 'untrusted';
}

/** The library's reason, which may quote the bundle, on one short line. */
function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : 'the bundle cannot be read');
}
