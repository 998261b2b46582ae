import { unlink } from 'node:fs/promises';
import {
  CountersignError,
  type Instant,
  type KeylessIdentity,
  keyIdOfIdentity,
  type SignerName,
} from '../domain/index.ts';
import { isErrno } from './create-file.ts';
import { loadOrCreateIdentity } from './identity-file.ts';
import { type KeyFileOptions, loadOrCreateSigner } from './local-signer.ts';
import { privatePath, replacePrivateFile } from './private-file.ts';
import {
  type PublicFile,
  publicFolder,
  publicPath,
  readPublicFile,
  readPublicFiles,
  replacePublicFile,
  retiredPath,
} from './public-file.ts';

/** Where a signer's key lies, and where its public keys are left for others. */
export interface KeyPlace {
  readonly name: SignerName;
  /** Folder of the private key. */
  readonly folder: string;
  /** Folder of everybody's public keys. */
  readonly trustDir: string;
  /** How its keys are made, and opened. */
  readonly keys: KeyFileOptions;
  /** Who it signs as from now on, where that is without a key of its own. */
  readonly keyless: KeylessIdentity | null;
}

/** How the old key ends. */
export interface Retirement {
  readonly now: Instant;
  /** Until when what the old key signs still counts: time for whoever holds it to take up the new one. */
  readonly validUntil: Instant;
  readonly revoked?: PublicFile['revoked'];
}

/** The keys before and after. */
export interface Rotation {
  readonly retired: PublicFile;
  readonly current: PublicFile;
}

/**
 * Gives a signer a new key, or the identity that it signs as from now on. The old public key stays in the trust
 * directory, with its end; the old private key is gone. Killed at any line, it leaves a signer that works, and can be
 * called again.
 *
 * @throws CountersignError as `loadOrCreateSigner`; `conflict` for an identity that it has already
 */
export async function rotateKey(place: KeyPlace, retirement: Retirement): Promise<Rotation> {
  const { name, folder, trustDir, keys, keyless } = place;
  const { now, validUntil, revoked } = retirement;
  const old = await presentKey(place, now);
  if (keyless !== null && old.keyId === keyIdOfIdentity(keyless)) await refuseSame(place, keyless);
  const ends = old.validUntil !== undefined && old.validUntil < validUntil ? old.validUntil : validUntil;
  const struck = revoked ?? (await revocationIn(trustDir, old));
  const retired = { ...old, validUntil: ends, ...(struck === undefined ? {} : { revoked: struck }) };
  const published = await publicFolder(trustDir, name);
  await replacePublicFile(retiredPath(published, old), retired);
  // Without its public file a private key gets it anew: whichever key is there, the pair fits.
  await remove(publicPath(folder, name));
  if (keyless === null)
    await replacePrivateFile(folder, name, { now, algorithm: keys.algorithm ?? 'ecdsa_p256' });
  else {
    await loadOrCreateIdentity(folder, name, keyless, now);
    await remove(privatePath(folder, name));
  }
  const current = await presentKey(place, now);
  await replacePublicFile(publicPath(published, name), current);
  return { retired, current };
}

/** What was killed in the middle may have left the private key of before. */
async function refuseSame({ folder, name }: KeyPlace, { identity }: KeylessIdentity): Promise<never> {
  await remove(privatePath(folder, name));
  throw new CountersignError(
    'conflict',
    `the ${name} signer signs as ${identity} already: name another identity under signing.keyless first`,
  );
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
}

/** A revocation that was written down before the key was replaced must not be forgotten. */
async function revocationIn(trustDir: string, { keyId }: PublicFile): Promise<PublicFile['revoked']> {
  const files = await readPublicFiles(trustDir);
  return files.find((file) => file.keyId === keyId && file.revoked !== undefined)?.revoked;
}

async function presentKey({ folder, name, keys }: KeyPlace, now: Instant): Promise<PublicFile> {
  const known = await readPublicFile(folder, name);
  if (known?.keyless !== undefined) return known;
  const { signer, createdAt } = await loadOrCreateSigner(folder, name, now, keys);
  const { keyId, publicKey } = signer;
  return (await readPublicFile(folder, name)) ?? { name, keyId, publicKey, validFrom: createdAt };
}
