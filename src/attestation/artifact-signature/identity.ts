import type { KeyObject, X509Certificate } from 'node:crypto';
import type { ArtifactBundle } from './bundle-shape.ts';
import { type VouchedIdentity, verifyKeyless } from './log.ts';
import { SignatureError } from './result.ts';
import type { TrustedRoot } from './trusted-root.ts';

/**
 * Who signed a bundle keyless, and when: the signature fits the certificate, and the authorities of the trusted root
 * vouch for that.
 *
 * @param fits whether the bundle's signature is by a key
 * @throws SignatureError
 */
export function identityOf(
  bundle: ArtifactBundle,
  chain: readonly X509Certificate[],
  root: TrustedRoot,
  fits: (key: KeyObject) => boolean,
): VouchedIdentity {
  if (chain.some((certificate) => certificate.checkIssued(certificate)))
    throw new SignatureError('malformed', 'the bundle brings a root of its own');
  if (chain[0] === undefined || !fits(chain[0].publicKey))
    throw new SignatureError('bad_signature', 'the signature does not fit its certificate and what it signs');
  return verifyKeyless(bundle, root);
}
