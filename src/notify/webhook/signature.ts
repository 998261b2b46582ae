import { createHmac } from 'node:crypto';
import type { Instant } from '../../domain/index.ts';

const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

/** What is wrong with the secret of a webhook; null for a good one. Says nothing of the secret itself. */
export function webhookSecretProblem(secret: string): string | null {
  const encoded = secret.slice(PREFIX.length);
  const isEncoded = secret.startsWith(PREFIX) && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  const bytes = isEncoded ? keyOf(secret).length : 0;
  return bytes >= SHORTEST && bytes <= LONGEST
    ? null
    : `expected ${PREFIX} and ${SHORTEST} to ${LONGEST} bytes in base64: echo "${PREFIX}$(openssl rand -base64 32)"`;
}

/**
 * The headers of a message in the form of Standard Webhooks: its id, the same however often it is sent, the time of this
 * sending, and a signature of both and the body under each secret, so that secrets can be changed one after the other.
 */
export function signedHeaders(
  secrets: readonly string[],
  { id, body, now }: { readonly id: string; readonly body: string; readonly now: Instant },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(Date.parse(now) / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
