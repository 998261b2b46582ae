import type { KeyObject } from 'node:crypto';
import {
  invalidInput,
  keyIdOfIdentity,
  type StatementFailure,
  type TrustPolicy,
} from '../../domain/index.ts';
import { sha256 } from '../../lib/index.ts';
import {
  type ArtifactBundle,
  readArtifactBundle,
  type SignedContent,
} from '../artifact-signature/bundle-shape.ts';
import { readCertificates } from '../artifact-signature/certificate-chain.ts';
import { identityOf } from '../artifact-signature/identity.ts';
import { isSignedBy } from '../artifact-signature/public-key.ts';
import { printable, SignatureError, type SignatureFault } from '../artifact-signature/result.ts';
import { readTrustedRoot, type TrustedRoot } from '../artifact-signature/trusted-root.ts';
import type { KeylessResult, KeylessVerifier } from '../keyless-verifier.ts';
import { PAYLOAD_TYPE } from '../payload.ts';
import { preAuthEncoding } from '../pre-auth-encoding.ts';
import { demandNothingLoose } from './entry-terms.ts';

/** What each fault of a signature means for a statement. */
const CODES: Readonly<Partial<Record<SignatureFault, StatementFailure>>> = {
  malformed: 'malformed_bundle',
  unsupported: 'malformed_bundle',
  untrusted: 'unknown_key',
};

/**
 * Makes a verifier of the identities that a policy names: certificate chain, its entry in a certificate log, entry in a
 * transparency log, timestamps, and that the certificate was valid at each of their times.
 *
 * @throws CountersignError `invalid_input` for a trusted root that is missing or none
 */
export function createKeylessVerifier({
  signers,
  trustedRoot,
}: Pick<TrustPolicy, 'signers' | 'trustedRoot'>): KeylessVerifier {
  const root =
    trustedRoot === undefined
      ? 'it is missing, and no keyless signature is verified without one'
      : readTrustedRoot(trustedRoot);
  if (typeof root === 'string')
    throw invalidInput('the trust policy', [{ where: 'trustedRoot', message: root }]);
  const known = new Set(signers.flatMap(({ keyless, keyId }) => (keyless === undefined ? [] : [keyId])));
  const byKnown = (bundleText: string, partsOf: PartsOf): KeylessResult => {
    const result = verifyIdentity(bundleText, root, partsOf);
    if (!result.ok || known.has(result.keyId)) return result;
    const message = `it is signed by ${result.who}, an identity that the trust policy lacks`;
    return { ok: false, code: 'unknown_key', message };
  };
  return {
    statement: (bundleText) => byKnown(bundleText, statementParts),
    bytes: (bundleText, signed) => byKnown(bundleText, (content) => detachedParts(content, signed)),
  };
}

type Refused = Extract<KeylessResult, { ok: false }>;
type Verified = Extract<KeylessResult, { ok: true }> & { readonly who: string };

/** What a bundle gives out as signed, what its signature is over, and the signature. */
type PartsOf = (content: SignedContent) => {
  readonly signed: Buffer;
  readonly encoded: Buffer;
  readonly signature: Buffer;
};

function verifyIdentity(bundleText: string, root: TrustedRoot, partsOf: PartsOf): Verified | Refused {
  try {
    const bundle = readArtifactBundle(bundleText);
    demandNothingLoose(bundle.json);
    const { signed, encoded, signature } = partsOf(bundle.content);
    const chain = readCertificates(certificateOf(bundle));
    const fits = (key: KeyObject) => isSignedBy(key, encoded, signature);
    const { identity, issuer } = identityOf(bundle, chain, root, fits);
    const who = `${printable(identity)} (${printable(issuer)})`;
    return { ok: true, keyId: keyIdOfIdentity({ identity, issuer }), signed, who };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return { ok: false, code: CODES[error.fault] ?? 'bad_signature', message: error.message };
  }
}

const statementParts: PartsOf = (content) => {
  if (content.kind !== 'dsse' || content.payloadType !== PAYLOAD_TYPE)
    throw new SignatureError('malformed', `the bundle holds no ${PAYLOAD_TYPE}`);
  const { payload, signature } = content;
  return { signed: payload, encoded: preAuthEncoding(PAYLOAD_TYPE, payload), signature };
};

function detachedParts(content: SignedContent, signed: Buffer): ReturnType<PartsOf> {
  if (content.kind !== 'message')
    throw new SignatureError('malformed', 'the bundle holds no messageSignature');
  if (content.hash !== 'sha256' || !content.digest.equals(sha256(signed)))
    throw new SignatureError('other_artifact', 'it is of other bytes');
  return { signed, encoded: signed, signature: content.signature };
}

/** Of the one shape that we write: version 0.3, which has no chain. */
function certificateOf({ material, version03 }: ArtifactBundle): readonly Buffer[] {
  if (version03 && material.kind === 'certificates') return material.chain;
  throw new SignatureError('malformed', 'the bundle is not of version 0.3 with one certificate');
}
