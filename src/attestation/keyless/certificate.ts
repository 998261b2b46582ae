import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { FulcioSigner } from '@sigstore/sign';
import { type Clock, CountersignError, type Instant } from '../../domain/index.ts';
import { MINUTE } from '../../lib/index.ts';
import { printable } from '../artifact-signature/result.ts';
import { requestFailure, unsigned } from './failure.ts';
import type { KeylessSettings } from './settings.ts';
import { readToken } from './token.ts';

/** A key that lives in memory alone, and the certificate that says whose it is for some minutes. */
export interface CertifiedKey {
  readonly certificate: X509Certificate;
  sign(bytes: Uint8Array): Buffer;
}

/** How long before its end a certificate is not used any more: a log must still take the signature within it. */
const MARGIN = 2 * MINUTE;
/** How far this machine's clock may be off. */
const SKEW = MINUTE;

/**
 * Gives the key of the moment: the same one until shortly before its certificate ends, and one for all who ask at once.
 * A failure is not kept.
 */
export function createRenewal(
  make: (now: Instant) => Promise<CertifiedKey>,
  clock: Clock,
): () => Promise<CertifiedKey> {
  let current: CertifiedKey | null = null;
  let coming: Promise<CertifiedKey> | null = null;
  return async () => {
    const now = clock.now();
    if (current !== null && isFresh(current, now)) return current;
    coming ??= make(now).finally(() => {
      coming = null;
    });
    current = await coming;
    return current;
  };
}

function isFresh({ certificate }: CertifiedKey, now: Instant): boolean {
  return Date.parse(now) + MARGIN < certificate.validToDate.getTime();
}

/**
 * Makes a key, and has Fulcio certify it for the signer's identity.
 *
 * @throws CountersignError `unavailable` where there is no token or no answer; `forbidden` where it is for somebody else
 */
export async function certify(settings: KeylessSettings, now: Instant): Promise<CertifiedKey> {
  const { token, services, identity } = settings;
  const jwt = await readToken(token, now, services.timeout);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = await requestCertificate({ jwt, privateKey, publicKey }, settings);
  const certificate = readCertificate(pem, publicKey);
  demandNow(certificate, now);
  demandIdentity(certificate, identity.identity);
  return { certificate, sign: (bytes) => sign('sha256', bytes, privateKey) };
}

async function requestCertificate(
  { jwt, privateKey, publicKey }: { jwt: string; privateKey: KeyObject; publicKey: KeyObject },
  { services: { fulcio, timeout }, token: { audience } }: KeylessSettings,
): Promise<string> {
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const keyHolder = {
    sign: async (data: Buffer) => ({
      signature: sign('sha256', data, privateKey),
      key: { $case: 'publicKey' as const, publicKey: publicPem },
    }),
  };
  const identityProvider = { getToken: async () => jwt };
  const options = { fulcioBaseURL: fulcio, identityProvider, keyHolder, timeout, retry: RETRY };
  try {
    const { key } = await new FulcioSigner(options).sign(Buffer.alloc(0));
    return key.$case === 'x509Certificate' ? key.certificate : '';
  } catch (error) {
    const { status, why } = requestFailure(error);
    const isRefusal = status !== null && status < 500;
    throw unsigned(
      `Fulcio (${fulcio}) certified no key: ${why}`,
      isRefusal
        ? `it does not accept the identity token: see that its issuer is one that this Fulcio knows, and its audience ${audience}`
        : 'it is tried again when the work is; see signing.sigstore.fulcio_url, and what lies between',
    );
  }
}

/** Of what fails for a moment only. */
export const RETRY = { retries: 2, minTimeout: 200, maxTimeout: 2000 };

function readCertificate(pem: string, key: KeyObject): X509Certificate {
  const certificate = attempt(() => new X509Certificate(pem));
  if (certificate?.publicKey.equals(key)) return certificate;
  throw unsigned(
    'what Fulcio answered is no certificate of the key',
    'see that signing.sigstore.fulcio_url is that of a Fulcio',
  );
}

function demandNow({ validFromDate, validToDate }: X509Certificate, now: Instant): void {
  const at = Date.parse(now);
  if (validFromDate.getTime() - SKEW <= at && at < validToDate.getTime()) return;
  throw unsigned(
    `Fulcio's certificate is good from ${validFromDate.toISOString()} to ${validToDate.toISOString()}, and this machine's clock says ${now}`,
    'set the clock, by NTP',
  );
}

/** Before anything is signed, so that no log holds it; of kinds of name that Node does not read, the verifier tells later. */
function demandIdentity({ subjectAltName = '' }: X509Certificate, identity: string): void {
  const forms = [identity, JSON.stringify(identity)].flatMap((text) => [`URI:${text}`, `email:${text}`]);
  if (forms.includes(subjectAltName) || !/^(URI|email):/.test(subjectAltName)) return;
  throw new CountersignError(
    'forbidden',
    `nothing was signed: Fulcio certified the key for ${printable(subjectAltName)}, and signing.keyless names ${identity}: correct the one that is wrong, the token or the configuration`,
  );
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
