import { isUtf8 } from 'node:buffer';
import { SignatureError } from './result.ts';

const MAX_BYTES = 4 * 1024 * 1024;
/** An RSA signature of 8192 bits has 1024 bytes. */
const MAX_SIGNATURE = 1024;

/**
 * What a signature file holds: JSON text, or the bytes of a bare signature, which cosign writes as base64.
 *
 * @throws SignatureError `malformed`
 */
export function readRawSignature(file: Uint8Array): string | Buffer {
  if (file.length > MAX_BYTES) throw malformed('is larger than 4 MiB');
  const bytes = Buffer.from(file);
  const text = bytes.toString('utf8').trim();
  // The bytes of a signature may begin with a brace, but are not UTF-8.
  if (text.startsWith('{') && isUtf8(bytes)) return text;
  const signature = /^[A-Za-z0-9+/\s]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : bytes;
  if (signature.length < 32 || signature.length > MAX_SIGNATURE)
    throw malformed('is neither a Sigstore bundle nor a bare signature');
  return signature;
}

function malformed(message: string): SignatureError {
  return new SignatureError('malformed', `the file ${message}`);
}
