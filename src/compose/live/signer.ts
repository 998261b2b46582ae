import { join } from 'node:path';
import { readPublicFile, type StatementSigner } from '../../attestation/index.ts';
import type { Config } from '../../config/index.ts';
import type { Instant, KeyId, TrustPolicy } from '../../domain/index.ts';
import { systemClock } from '../clock.ts';
import { openSigner } from '../signer.ts';

/** A signer that signs with the key that lies in its folder, also when that is another one by now. */
export interface LiveSigner {
  readonly signer: StatementSigner;
  /** Looks for another key; its id once it signs with it, else null. */
  look(policy: TrustPolicy): Promise<KeyId | null>;
}

/**
 * How often in a row the own policy must have named the new key: by then every other process, which looks as often, has
 * seen it as well, and nobody takes what it signs for the work of a stranger.
 */
const LOOKS = 2;

/** Follows a signer's key. */
export function followKey(config: Pick<Config, 'keysDir' | 'signing'>, first: StatementSigner): LiveSigner {
  let current = first;
  let named = 0;
  const { name } = first;
  const folder = join(config.keysDir, name);
  const look = async (policy: TrustPolicy): Promise<KeyId | null> => {
    const file = await readPublicFile(folder, name);
    // Another identity comes with another configuration, and that with a restart.
    if (file?.keyless !== undefined || current.keyless !== undefined) return null;
    const keyId = file?.keyId ?? current.keyId;
    const isNamed = keyId !== current.keyId && policy.signers.some((one) => one.keyId === keyId);
    named = isNamed ? named + 1 : 0;
    if (!isNamed || (named < LOOKS && isGood(policy, current.keyId, systemClock.now()))) return null;
    current = await openSigner(config, name);
    named = 0;
    return current.keyId;
  };
  return { signer: following(() => current), look };
}

/** Whether what a key signs now still counts. */
function isGood({ signers }: TrustPolicy, keyId: KeyId, now: Instant): boolean {
  return signers.some(
    ({ keyId: other, revoked, validUntil }) =>
      other === keyId && revoked === undefined && (validUntil === undefined || now < validUntil),
  );
}

function following(now: () => StatementSigner): StatementSigner {
  return {
    name: now().name,
    get keyId() {
      return now().keyId;
    },
    get publicKey() {
      return now().publicKey;
    },
    get keyless() {
      return now().keyless;
    },
    get verifier() {
      return now().verifier;
    },
    sign: (payload) => now().sign(payload),
    signCheckpoint: (checkpoint) => now().signCheckpoint(checkpoint),
    signFile: (bytes) => now().signFile(bytes),
  };
}
