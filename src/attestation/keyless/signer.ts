import { toDSSEBundle, toMessageSignatureBundle } from '@sigstore/bundle';
import {
  type Clock,
  CountersignError,
  keyIdOfIdentity,
  type SignerName,
  type TrustedSigner,
} from '../../domain/index.ts';
import { sha256 } from '../../lib/index.ts';
import type { KeylessResult } from '../keyless-verifier.ts';
import { checkpointText } from '../ledger/checkpoint.ts';
import { writeNote } from '../ledger/signed-note.ts';
import { PAYLOAD_TYPE } from '../payload.ts';
import { preAuthEncoding } from '../pre-auth-encoding.ts';
import type { StatementSigner } from '../signer.ts';
import { demandFile, demandLedger, demandOwnKind } from '../signing-right.ts';
import { createVerifier } from '../verifier.ts';
import { type CertifiedKey, certify, createRenewal } from './certificate.ts';
import { withPatience } from './patience.ts';
import type { KeylessSettings } from './settings.ts';
import { createKeylessVerifier } from './verify.ts';
import { type Witnesses, witnessesOf } from './witness.ts';

/** A verifier does not ask: windows are the judge's. */
const ALWAYS = '1970-01-01T00:00:00.000Z';

/**
 * Makes a signer without a key of its own. Each signature is by a key that Fulcio certified for its identity, in memory
 * alone and for some minutes, is witnessed by a transparency log, and is verified before it is given out.
 *
 * @throws CountersignError `invalid_input` for a trusted root that is none. Its methods throw `unavailable` where a
 *   token, a certificate or a witness is missing, and `forbidden` where the certificate is for somebody else; no error
 *   holds anything of a token.
 */
export function createKeylessSigner(
  name: SignerName,
  settings: KeylessSettings,
  clock: Clock,
): StatementSigner {
  const { self, own, signed, signBytes } = openIdentity(name, settings, clock);
  const { keyId, keyless } = self;
  return {
    ...{ name, keyId, keyless },
    verifier: createVerifier({ signers: [self] }, own),
    sign: async (payload) => {
      demandOwnKind(name, payload);
      const artifact = { artifact: payload.bytes, artifactType: PAYLOAD_TYPE };
      const text = await signed(({ certificate, sign }) => {
        const signature = sign(preAuthEncoding(PAYLOAD_TYPE, payload.bytes));
        return toDSSEBundle({ ...artifact, signature, certificate: certificate.raw });
      });
      return believed(settings, text, own.statement(text));
    },
    signCheckpoint: async (checkpoint) => {
      demandLedger(name, checkpoint);
      const text = checkpointText(checkpoint);
      const signature = await signBytes(Buffer.from(text));
      return writeNote(text, { name: checkpoint.origin, keyId }, Buffer.from(signature));
    },
    signFile: async (bytes) => {
      demandFile(name, bytes);
      return signBytes(Buffer.from(bytes));
    },
  };
}

/**
 * Makes what signs bytes of whatever kind, for tools that sign what their user names; gives bundles.
 *
 * @throws as `createKeylessSigner`
 */
export function createByteSigner(
  settings: KeylessSettings,
  clock: Clock,
): (bytes: Buffer) => Promise<string> {
  return openIdentity('worker', settings, clock).signBytes;
}

/** What signs as an identity, whatever it signs, and what believes that identity alone. */
function openIdentity(name: SignerName, settings: KeylessSettings, clock: Clock) {
  const { identity: keyless, services, patience } = settings;
  const keyId = keyIdOfIdentity(keyless);
  const self = { name, keyId, keyless, predicates: [], validFrom: ALWAYS } satisfies TrustedSigner;
  const own = createKeylessVerifier({ signers: [self], trustedRoot: services.trustedRoot });
  // All who ask at once wait for the same certificate: one that hangs must not keep those who ask later.
  const certified = createRenewal((now) => withPatience(patience, certify(settings, now)), clock);
  const witness = witnessesOf(services);
  const signed = (make: (by: CertifiedKey) => Parameters<Witnesses>[0]): Promise<string> => {
    const whole = certified().then((by) => witness(make(by), by.certificate.toString()));
    return withPatience(patience, whole);
  };
  const signBytes = async (bytes: Buffer): Promise<string> => {
    const digest = Buffer.from(sha256(bytes));
    const text = await signed(({ certificate, sign }) =>
      toMessageSignatureBundle({ digest, signature: sign(bytes), certificate: certificate.raw }),
    );
    return believed(settings, text, own.bytes(text, bytes));
  };
  return { self, own, signed, signBytes };
}

/** Nothing is given out that others would refuse. */
function believed({ identity }: KeylessSettings, bundle: string, result: KeylessResult): string {
  if (result.ok) return bundle;
  throw new CountersignError(
    'forbidden',
    `nothing was signed: what Fulcio and Rekor answered does not hold (${result.message}): see that signing.keyless names identity and issuer to the letter (it names ${identity.identity} and ${identity.issuer}), and that signing.sigstore.trusted_root is the one of these services`,
  );
}
