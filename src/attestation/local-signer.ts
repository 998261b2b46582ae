import { mkdir } from 'node:fs/promises';
import { CountersignError, type Instant, type SignerName, type SigningAlgorithm } from '../domain/index.ts';
import { decryptPrivateKey } from './encrypted-key.ts';
import { createPrivateFile, type PrivateFile, privatePath, readPrivateFile } from './private-file.ts';
import { createPublicFile, type PublicFile, publicPath, readPublicFile } from './public-file.ts';
import { loadSigner, type StatementSigner } from './signer.ts';

/** How a key is made on first use, and opened. */
export interface KeyFileOptions {
  /** The kind of key, of one that is made and of one that is there; ECDSA P-256 by default. */
  readonly algorithm?: SigningAlgorithm;
  /** What an encrypted key is encrypted with. A key that is made here is not encrypted. */
  readonly password?: string | null;
}

/** A signer whose key lies in a file, and since when. */
export interface LocalSigner {
  readonly signer: StatementSigner;
  /** When the key was made: its statements count from then on. */
  readonly createdAt: Instant;
}

/**
 * The signer whose private key is `<name>.key.pem` in a directory. On first use a key is made there, mode 0600, and
 * beside it `<name>.pub.json`, from which a trust policy can be built without the private key. Processes that start at
 * the same moment end up with the same key. A key that was put there may be encrypted, by cosign or as PKCS#8.
 *
 * @throws CountersignError `invalid_input` for a key file that others may read, that holds no key of this kind, or
 *   that the password does not open;
 *   `integrity` when private and public file do not belong together, or the private key is lost.
 */
export async function loadOrCreateSigner(
  directory: string,
  name: SignerName,
  now: Instant,
  { algorithm = 'ecdsa_p256', password = null }: KeyFileOptions = {},
): Promise<LocalSigner> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { pem, modifiedAt } = await privateFile(directory, name, { now, algorithm });
  const signer = loadSigner(name, await decryptPrivateKey(pem, password), algorithm);
  const { keyId, validFrom } = await publicFile(directory, signer, modifiedAt < now ? modifiedAt : now);
  if (keyId === signer.keyId) return { signer, createdAt: validFrom };
  throw new CountersignError(
    'integrity',
    `${privatePath(directory, name)} and ${publicPath(directory, name)} are of different keys: restore the private key, or keep the public file elsewhere as that of a retired key`,
  );
}

async function privateFile(
  directory: string,
  name: SignerName,
  made: { readonly now: Instant; readonly algorithm: SigningAlgorithm },
): Promise<PrivateFile> {
  const present = await readPrivateFile(directory, name);
  if (present !== null) return present;
  const known = await readPublicFile(directory, name);
  if (known?.keyless !== undefined)
    throw new CountersignError(
      'integrity',
      `the ${name} signer signs keyless till now, as ${known.keyless.identity}: countersign keys rotate ${name} gives it a key`,
    );
  if (known === null) await createPrivateFile(directory, name, made);
  // A public file is written after its private key: where one is there, another process has just made both.
  const found = await readPrivateFile(directory, name);
  if (found !== null) return found;
  throw new CountersignError(
    'integrity',
    `${privatePath(directory, name)} is lost, its public file is still there: restore the private key, or move ${publicPath(directory, name)} away and keep it in the trust policy as a retired key`,
  );
}

async function publicFile(
  directory: string,
  { name, keyId, publicKey }: StatementSigner,
  validFrom: Instant,
): Promise<PublicFile> {
  const present = await readPublicFile(directory, name);
  if (present !== null) return present;
  await createPublicFile(directory, { name, keyId, publicKey, validFrom });
  const made = await readPublicFile(directory, name);
  if (made !== null) return made;
  throw new CountersignError('integrity', `${publicPath(directory, name)} vanished while it was written`);
}
