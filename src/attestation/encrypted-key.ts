import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CountersignError } from '../domain/index.ts';

const PKCS8_PEM = '-----BEGIN ENCRYPTED PRIVATE KEY-----';

/**
 * A private key in PEM, decrypted where it is encrypted as PKCS#8, as openssl does.
 *
 * @throws CountersignError `invalid_input` without a password, with a wrong one, or for a damaged file; neither message
 *   nor cause holds any of the text or of the password
 */
export function decryptPrivateKey(pem: string, password: string | null): string {
  if (!pem.trimStart().startsWith(PKCS8_PEM)) return pem;
  if (password === null)
    throw unfit('the private key is encrypted: give its password as COUNTERSIGN_KEY_PASSWORD');
  const key = openPkcs8(pem, password);
  if (key === null)
    throw unfit('the private key cannot be decrypted: the password is wrong, or the file damaged');
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function openPkcs8(pem: string, passphrase: string): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch {
    return null;
  }
}

function unfit(message: string): CountersignError {
  return new CountersignError('invalid_input', message);
}
