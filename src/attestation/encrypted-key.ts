import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CountersignError } from '../domain/index.ts';
import { COSIGN_PEM, openCosignKey } from './cosign-key.ts';

const PKCS8_PEM = '-----BEGIN ENCRYPTED PRIVATE KEY-----';

/**
 * A private key in PEM, decrypted where it is encrypted: by cosign (`cosign generate-key-pair`) or as PKCS#8 (openssl).
 *
 * @throws CountersignError `invalid_input` without a password, with a wrong one, or for a damaged file; neither message
 *   nor cause holds any of the text or of the password
 */
export async function decryptPrivateKey(pem: string, password: string | null): Promise<string> {
  const [, , body] = COSIGN_PEM.exec(pem) ?? [];
  const isPkcs8 = pem.trimStart().startsWith(PKCS8_PEM);
  if (body === undefined && !isPkcs8) return pem;
  if (password === null)
    throw unfit('the private key is encrypted: give its password as COUNTERSIGN_KEY_PASSWORD');
  const key = body === undefined ? openPkcs8(pem, password) : await openCosignKey(body, password);
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
