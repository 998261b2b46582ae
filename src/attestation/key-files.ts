import { createPublicKey } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError, type KeyId } from '../domain/index.ts';
import { createFile } from './create-file.ts';
import { createSigningKey, keyIdOf } from './key.ts';

/**
 * Makes a key pair as two PEM files of a folder: `<name>.key.pem`, mode 0600, and `<name>.pub.pem`.
 *
 * @throws CountersignError `conflict` where there is one.
 */
export async function createKeyFiles(folder: string, name: string): Promise<KeyId> {
  const { privateKey, publicKey } = createSigningKey();
  const path = join(folder, `${name}.key.pem`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new CountersignError('conflict', `${path} is there already: keys are never replaced`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = new Date();
  await createFile({ path, text: privateKey, mode: 0o600, at });
  await createFile({ path: join(folder, `${name}.pub.pem`), text: publicKey, mode: 0o644, at });
  return keyIdOf(createPublicKey(publicKey));
}
