import { mkdir } from 'node:fs/promises';
import {
  CountersignError,
  type Instant,
  type KeylessIdentity,
  keyIdOfIdentity,
  type SignerName,
} from '../domain/index.ts';
import { createPublicFile, type PublicFile, publicPath, readPublicFile } from './public-file.ts';

/**
 * The public file of a signer that has an identity and no key; on first use it is written, and the identity counts from
 * then on.
 *
 * @throws CountersignError `integrity` where the signer was known by something else till now
 */
export async function loadOrCreateIdentity(
  directory: string,
  name: SignerName,
  keyless: KeylessIdentity,
  now: Instant,
): Promise<PublicFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const keyId = keyIdOfIdentity(keyless);
  await createPublicFile(directory, { name, keyId, keyless, validFrom: now });
  const present = await readPublicFile(directory, name);
  if (present?.keyId === keyId) return present;
  throw new CountersignError(
    'integrity',
    `${publicPath(directory, name)} is not of the identity ${keyless.identity}: countersign keys rotate ${name} puts it in the place of what the ${name} signer signed with till now`,
  );
}
