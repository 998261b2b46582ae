import type { KeyObject } from 'node:crypto';
import { isSignedBy } from './public-key.ts';
import { SignatureError } from './result.ts';

/**
 * Tells a signature by model_signing 0.2 from a wrong one. Up to that version keys and certificates signed what Python
 * prints for the payload instead of the payload; such a signature does not count, but is no sign of tampering either.
 *
 * @throws SignatureError `unsupported`
 */
export function refuseFaultyEncoding(
  keys: readonly KeyObject[],
  { payloadType, payload, signature }: FaultySuspect,
): void {
  const head = `DSSEV1 ${payloadType.length} ${payloadType} ${payload.length} `;
  const bytes = Buffer.from(`${head}b'${asPythonPrints(payload)}'`);
  if (!keys.some((key) => isSignedBy(key, bytes, signature))) return;
  throw new SignatureError(
    'unsupported',
    'it is over the faulty encoding of model_signing 0.2 and before: sign the model again with 1.0 or later',
  );
}

/** An envelope whose signature does not fit. */
interface FaultySuspect {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  "'": "\\'",
};

function asPythonPrints(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(
      /[^ -&(-[\]-~]/g,
      (one) => ESCAPES[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
}
