import { X509Certificate } from 'node:crypto';
import type { Instant } from '../../domain/index.ts';
import { unfitness } from './public-key.ts';
import { printable, SignatureError } from './result.ts';

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
/** The object identifier of the key usage extension (2.5.29.15), in DER. */
const KEY_USAGE = Buffer.from('0603551d0f', 'hex');

/** A certificate that signed, and the authority of ours that vouches for it. */
export interface VouchedCertificate {
  readonly leaf: X509Certificate;
  readonly authority: X509Certificate;
}

/** Reads certificates in DER. @throws SignatureError `malformed` */
export function readCertificates(chain: readonly Buffer[]): X509Certificate[] {
  try {
    return chain.map((der) => {
      const certificate = new X509Certificate(der);
      // Asked for now, since a key of an unknown kind throws.
      return certificate.publicKey.type === 'public' ? certificate : refuse();
    });
  } catch {
    throw new SignatureError('malformed', 'the bundle holds a certificate that cannot be read');
  }
}

/**
 * Follows a chain from the certificate that signed to an authority of ours. There is no trustworthy time of signing in
 * this kind of signature, so every certificate must be valid at the time of the check.
 *
 * @throws SignatureError `untrusted`, or `key_not_valid` for one that is not valid at that time
 */
export function vouch(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: Instant,
): VouchedCertificate {
  const [leaf, ...between] = chain;
  if (leaf === undefined) throw untrusted('there is no certificate');
  demandLeaf(leaf);
  let current = leaf;
  for (;;) {
    demandValid(current, now);
    const authority = authorities.find((candidate) => issued(current, candidate));
    if (authority !== undefined) {
      demandValid(authority, now);
      return { leaf, authority };
    }
    const next = between.shift();
    if (next === undefined || !issued(current, next))
      throw untrusted(
        `no certificate of certificate_authorities issued ${nameOf(current)}, and none between does`,
      );
    current = next;
  }
}

/** A certificate's subject on one line. */
export function nameOf(certificate: X509Certificate): string {
  return printable(certificate.subject.replaceAll('\n', ', ')) || 'a certificate without a name';
}

function issued(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function demandLeaf(leaf: X509Certificate): void {
  if (leaf.ca) throw untrusted('the signing certificate is one of an authority');
  const unfit = unfitness(leaf.publicKey);
  if (unfit !== undefined)
    throw new SignatureError('unsupported', `the key of the signing certificate ${unfit}`);
  const extended = leaf.keyUsage ?? [];
  const signs = extended.length > 0 ? extended.includes(CODE_SIGNING) : mayMakeSignatures(leaf);
  if (!signs) throw untrusted('the signing certificate is not one for signing code');
}

function demandValid(certificate: X509Certificate, now: Instant): void {
  const at = new Date(now);
  if (certificate.validFromDate <= at && at <= certificate.validToDate) return;
  const times = `${certificate.validFromDate.toISOString()} to ${certificate.validToDate.toISOString()}`;
  throw new SignatureError(
    'key_not_valid',
    `the certificate ${nameOf(certificate)} is valid from ${times}, and it is ${now}`,
  );
}

function refuse(): never {
  throw new TypeError('not a public key');
}

/** Whether the key usage has the bit digitalSignature; Node does not tell it. */
function mayMakeSignatures({ raw }: X509Certificate): boolean {
  const at = raw.indexOf(KEY_USAGE);
  if (at < 0) return false;
  const rest = raw.subarray(at + KEY_USAGE.length, at + KEY_USAGE.length + 9);
  const bits = rest.indexOf(Buffer.of(0x03, 0x02));
  return bits >= 0 && ((rest[bits + 3] ?? 0) & 0x80) !== 0;
}

function untrusted(message: string): SignatureError {
  return new SignatureError('untrusted', message);
}
