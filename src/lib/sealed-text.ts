import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

const CURVE = 'P-256';
const CIPHER = 'aes-256-gcm';
const [KEY, NONCE, TAG] = [32, 12, 16];

/** A private key that opens what was sealed to it: PEM, PKCS#8. */
export function newOpeningKey(): string {
  return generateKeyPairSync('ec', { namedCurve: CURVE })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/**
 * Seals a text to whoever has the opening key, by its public half, and to what it is about: it opens with the same words alone. A key of this
 * one text's own by ECDH on P-256 (SP 800-56A) and HKDF-SHA256 (RFC 5869), then AES-256-GCM (SP 800-38D).
 * @throws for a sealing key that is none
 */
export function sealText(sealingKey: string, text: string, about: string): string {
  const recipient = createPublicKey(sealingKey);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: CURVE });
  const sender = derOf(publicKey);
  const { key, nonce } = shared({ privateKey, publicKey: recipient }, [sender, derOf(recipient)]);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${sender.toString('base64url')}.${sealed.toString('base64url')}`;
}

/** The text that was sealed; null where it was sealed to another key or about something else, or is nothing sealed. */
export function openText(openingKey: string, box: string, about: string): string | null {
  try {
    const [sender = Buffer.of(), sealed = Buffer.of()] = box
      .split('.')
      .map((part) => Buffer.from(part, 'base64url'));
    const publicKey = createPublicKey({ key: sender, type: 'spki', format: 'der' });
    const { key, nonce } = shared({ privateKey: openingKey, publicKey }, [
      sender,
      derOf(createPublicKey(openingKey)),
    ]);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG })
      .setAAD(Buffer.from(about))
      .setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function shared(
  pair: Parameters<typeof diffieHellman>[0],
  parties: readonly Buffer[],
): { readonly key: Buffer; readonly nonce: Buffer } {
  const bytes = Buffer.from(
    hkdfSync(
      'sha256',
      diffieHellman(pair),
      Buffer.concat(parties),
      'countersign sealed text v1',
      KEY + NONCE,
    ),
  );
  return { key: bytes.subarray(0, KEY), nonce: bytes.subarray(KEY) };
}

function derOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
