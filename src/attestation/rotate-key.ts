import { unlink } from 'node:fs/promises';
import type { Instant, SignerName } from '../domain/index.ts';
import { isErrno } from './create-file.ts';
import { type KeyFileOptions, loadOrCreateSigner } from './local-signer.ts';
import { replacePrivateFile } from './private-file.ts';
import {
  type PublicFile,
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
 * Gives a signer a new key. The old public key stays in the trust directory, with its end; the old private key is
 * gone. Killed at any line, it leaves a signer that works, and can be called again.
 *
 * @throws CountersignError as `loadOrCreateSigner`.
 */
export async function rotateKey(place: KeyPlace, retirement: Retirement): Promise<Rotation> {
  const { name, folder, trustDir, keys } = place;
  const { now, validUntil, revoked } = retirement;
  const old = await presentKey(place, now);
  const ends = old.validUntil !== undefined && old.validUntil < validUntil ? old.validUntil : validUntil;
  const struck = revoked ?? (await revocationIn(trustDir, old));
  const retired = { ...old, validUntil: ends, ...(struck === undefined ? {} : { revoked: struck }) };
  await replacePublicFile(retiredPath(trustDir, old), retired);
  // Without its public file a private key gets it anew: whichever key is there, the pair fits.
  await unlink(publicPath(folder, name)).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
  await replacePrivateFile(folder, name, { now, algorithm: keys.algorithm ?? 'ecdsa_p256' });
  const current = await presentKey(place, now);
  await replacePublicFile(publicPath(trustDir, name), current);
  return { retired, current };
}

/** A revocation that was written down before the key was replaced must not be forgotten. */
async function revocationIn(trustDir: string, { keyId }: PublicFile): Promise<PublicFile['revoked']> {
  const files = await readPublicFiles(trustDir);
  return files.find((file) => file.keyId === keyId && file.revoked !== undefined)?.revoked;
}

async function presentKey({ folder, name, keys }: KeyPlace, now: Instant): Promise<PublicFile> {
  const { signer, createdAt } = await loadOrCreateSigner(folder, name, now, keys);
  const { keyId, publicKey } = signer;
  return (await readPublicFile(folder, name)) ?? { name, keyId, publicKey, validFrom: createdAt };
}
