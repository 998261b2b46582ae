import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CountersignError } from '../domain/index.ts';

/** The certificate that a server asks its clients for, and its key, PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** Paths of the files that hold an identity. */
export interface IdentityFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/**
 * Reads who we are as the files say it now: certificates for machines are short-lived.
 * @throws CountersignError `invalid_input` that names the file, and holds nothing of it
 */
export async function readIdentity({ certificateFile, keyFile }: IdentityFiles): Promise<Identity> {
  const [certificate, key] = await Promise.all([readText(certificateFile), readText(keyFile)]);
  const problem = identityProblem({ certificate, key });
  if (problem === null) return { certificate, key };
  const file = problem.of === 'key' ? keyFile : certificateFile;
  throw new CountersignError('invalid_input', `${file} ${problem.message}`);
}

/** What keeps these two from being shown to a server; null where nothing does. Holds nothing of them. */
export function identityProblem({
  certificate,
  key,
}: Identity): { readonly of: keyof Identity; readonly message: string } | null {
  const shown = attempt(() => new X509Certificate(certificate));
  if (shown === null || !certificate.includes('-----BEGIN'))
    return { of: 'certificate', message: 'holds no certificate in PEM' };
  if (/ENCRYPTED/.test(key)) return { of: 'key', message: 'holds a key with a passphrase: give it without' };
  const own = attempt(() => createPrivateKey(key));
  if (own === null) return { of: 'key', message: 'holds no private key in PEM' };
  return shown.checkPrivateKey(own)
    ? null
    : { of: 'key', message: 'holds another key than that of the certificate' };
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new CountersignError('invalid_input', `${file} cannot be read (${code})`);
  });
}
