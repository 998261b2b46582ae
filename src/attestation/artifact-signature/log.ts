import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import type { ArtifactBundle } from './bundle-shape.ts';
import { isEntryOf } from './log-entry.ts';
import { printable, SignatureError } from './result.ts';
import type { TrustedKey } from './trust.ts';
import type { TrustedRoot } from './trusted-root.ts';

type Entity = Parameters<Verifier['verify']>[0];

/** What Sigstore's authorities vouch for. */
export interface Vouched {
  /** Times by which the signature was there, as logs and timestamp authorities say; each was verified. */
  readonly times: readonly Date[];
}

/** Who the certificate of a keyless signature says that it is. */
export interface VouchedIdentity extends Vouched {
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
export function verifyKeyless(bundle: ArtifactBundle, root: TrustedRoot): VouchedIdentity {
  const ctlogThreshold = root.ctlogs.length > 0 ? 1 : 0;
  const { signer, times } = verifyWith(
    bundle,
    { ...root, publicKey: NO_KEY },
    { ctlogThreshold, tlogThreshold: 1, timestampThreshold: 1 },
  );
  const name = signer.identity?.subjectAlternativeName;
  const issuer = signer.identity?.extensions?.issuer;
  if (name === undefined || issuer === undefined)
    throw new SignatureError('untrusted', 'its certificate names no identity, or nobody who vouches for it');
  return { identity: name, issuer, times };
}

/**
 * Verifies the log entries and timestamps of a signature that was found to fit a trusted key: all that there are, and
 * that the key was valid at each of their times.
 *
 * @throws SignatureError
 */
export function verifyProofs(bundle: ArtifactBundle, root: TrustedRoot, key: TrustedKey): Vouched {
  const publicKey = () => ({ publicKey: key.key, validFor: (time: Date) => key.validAt(time) });
  const none = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
  return verifyWith(bundle, { ...root, publicKey }, none);
}

/** Demands log entries and timestamps that can be read, where nobody is trusted to whom they could be held. @throws SignatureError */
export function demandReadable(bundle: ArtifactBundle): void {
  try {
    toEntity(bundle);
  } catch (error) {
    throw new SignatureError('malformed', `Sigstore's proofs cannot be read: ${reasonOf(error)}`);
  }
}

function verifyWith(
  bundle: ArtifactBundle,
  material: TrustedRoot & { publicKey: ConstructorParameters<typeof Verifier>[0]['publicKey'] },
  thresholds: ConstructorParameters<typeof Verifier>[1],
): { signer: ReturnType<Verifier['verify']>; times: readonly Date[] } {
  try {
    const entity = toEntity(bundle);
    const signer = new Verifier(material, thresholds).verify(entity);
    const times = timesOf(entity);
    demandLogsThen(entity, material, times);
    if (!entity.tlogEntries.every(({ canonicalizedBody }) => isEntryOf(signer.key, canonicalizedBody)))
      throw new SignatureError('not_logged', 'the log entry is of a signature by another key');
    return { signer, times };
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

/** A log's time is vouched for by its promise alone: a proof says nothing of it. */
function timesOf({ timestamps }: Entity): Date[] {
  return timestamps.flatMap((stamp) => {
    if (stamp.$case === 'timestamp-authority') return [stamp.timestamp.signingTime];
    const { inclusionPromise, integratedTime } = stamp.tlogEntry;
    return inclusionPromise === undefined ? [] : [new Date(Number(integratedTime) * 1000)];
  });
}

/** The library asks whether a log was trusted at the time of its promise, and not for an entry that has none. */
function demandLogsThen({ tlogEntries }: Entity, { tlogs }: TrustedRoot, times: readonly Date[]): void {
  for (const { logId } of tlogEntries) {
    const windows = tlogs.filter(({ logID }) => logID.equals(logId.keyId)).map(({ validFor }) => validFor);
    if (times.every((time) => windows.some(({ start, end }) => start <= time && time <= end))) continue;
    throw new SignatureError(
      'not_logged',
      'the log that holds it was not trusted at the time of its timestamp',
    );
  }
}

/** Which of our faults each of the library's is. */
function faultOf(error: unknown): 'untrusted' | 'not_logged' | 'key_not_valid' | 'malformed' {
  if (!(error instanceof VerificationError)) return 'malformed';
  if (error.code === 'PUBLIC_KEY_ERROR') return 'key_not_valid';
  return error.code.startsWith('TLOG') || error.code === 'TIMESTAMP_ERROR' ? 'not_logged' : 'untrusted';
}

/** The library's reason, which may quote the bundle, on one short line. */
function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : 'the bundle cannot be read');
}
