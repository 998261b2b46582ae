import { DAY } from '../../lib/index.ts';
import { type Finding, fails, holds, unknown } from '../deployment/finding.ts';
import type { Endpoint } from '../deployment/serving.ts';
import { resolveHost } from './address.ts';
import { type Handshake, handshake, oldHandshake, type Peer, type Session } from './handshake.ts';
import type { Probe } from './parameters.ts';
import { askPlainly } from './plain.ts';

/** What the probe of one host gave. */
export interface ProbeResult {
  readonly host: string;
  readonly findings: readonly Finding[];
  readonly session: Session | undefined;
  /** Days for which the certificate is still valid. */
  readonly daysLeft: number | undefined;
}

/** What a certificate's fault means, by OpenSSL's or Node's code. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'an issuer of its chain is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the chain of its certificate',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_SIGNATURE_FAILURE: 'the signature of its certificate is wrong',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_UNTRUSTED: 'its certificate is not trusted',
  INVALID_CA: 'an issuer of its chain is no authority',
  // Node's name for what OpenSSL's verification finds and Node has none for, such as keys that are too short.
  UNSPECIFIED: 'its certificate is refused',
  HOSTNAME_MISMATCH: 'its certificate is for another name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
const NO_COMMON_VERSION = [
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_WRONG_VERSION_NUMBER',
];
/** The server's own alert; everything else may be our library's doing, or the network's. */
const REFUSED_BY_SERVER = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';

/** Probes each host of the list in turn. */
export async function probeAll(probe: Probe, endpoint: Endpoint, now: string): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const target of probe.hosts) results.push(await probeOne(target, probe, endpoint, now));
  return results;
}

async function probeOne(target: string, probe: Probe, endpoint: Endpoint, now: string): Promise<ProbeResult> {
  const [host = '', port = ''] = target.split(':');
  const where = `probe ${target}`;
  const milliseconds = probe.timeout_seconds * 1000;
  const nothing = (finding: Finding): ProbeResult => ({
    host: target,
    findings: [finding],
    session: undefined,
    daysLeft: undefined,
  });
  const found = await resolveHost(host, probe.allow_addresses, milliseconds);
  if ('refused' in found)
    return nothing(
      unknown(
        where,
        `is not connected to: ${found.refused}`,
        'list it in probe.allow_addresses if that is meant',
      ),
    );
  if ('unreachable' in found)
    return nothing(unknown(where, found.unreachable, 'run the check where the host can be reached'));
  const peer: Peer = { host, port: Number(port), address: found.address };
  const options = { ca: probe.ca, milliseconds };
  const verified = await handshake(peer, options);
  const old = await oldHandshake(peer, options);
  const path = host === endpoint.host ? endpoint.path : '/';
  const plain = await askPlainly({ ...peer, port: probe.http_port }, path, milliseconds);
  const session = 'session' in verified ? verified.session : undefined;
  const daysLeft =
    session === undefined ? undefined : Math.floor((Date.parse(session.notAfter) - Date.parse(now)) / DAY);
  return {
    host: target,
    session,
    daysLeft,
    findings: [
      ...verifiedFindings(where, verified, daysLeft, probe.min_days_left),
      ...oldFindings(where, old),
      ...plainFindings(`probe ${host}:${probe.http_port}`, plain),
    ],
  };
}

function verifiedFindings(
  where: string,
  result: Handshake,
  daysLeft: number | undefined,
  least: number,
): Finding[] {
  if (!('session' in result)) return [handshakeFailure(where, result)];
  const { protocol, keyType, keyBits } = result.session;
  const found: Finding[] = [];
  if (daysLeft === undefined || Number.isNaN(daysLeft) || daysLeft < least)
    found.push(
      fails(
        where,
        `its certificate is valid for ${daysLeft ?? 0} more days; at least ${least} are wanted`,
        'renew it',
      ),
    );
  const [needed, unit] = keyType.startsWith('rsa') ? [2048, 'RSA'] : [256, 'curve'];
  if (!keyType.startsWith('ed') && keyBits < needed)
    found.push(
      fails(
        where,
        `its key has ${keyBits} bits (${unit}); at least ${needed} are wanted`,
        'use RSA 2048 or EC 256 or more',
      ),
    );
  return found.length > 0
    ? found
    : [holds(where, `${protocol} with a certificate that is trusted for ${daysLeft} more days`)];
}

function handshakeFailure(
  where: string,
  { code, message }: { readonly code: string; readonly message: string },
): Finding {
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined)
    return fails(
      where,
      `${certificate} (${code === 'UNSPECIFIED' ? message : code})`,
      'correct the certificate; a private authority belongs into probe.ca',
    );
  if (NO_COMMON_VERSION.includes(code))
    return fails(where, `does not speak TLS 1.2 or later (${code})`, 'enable TLS 1.2 and 1.3');
  return unknown(
    where,
    `gives no handshake: ${code} ${message.slice(0, 120)}`,
    'run the check where the host can be reached',
  );
}

function oldFindings(where: string, result: Handshake): Finding[] {
  if ('session' in result)
    return [fails(where, `takes ${result.session.protocol}`, 'allow TLS 1.2 and later only')];
  if (CERTIFICATE[result.code] !== undefined)
    return [fails(where, 'takes TLS 1.0 or 1.1', 'allow TLS 1.2 and later only')];
  if (result.code === REFUSED_BY_SERVER) return [holds(where, 'refuses TLS 1.0 and 1.1')];
  return [
    unknown(
      where,
      `does not say that it refuses TLS 1.0 and 1.1 (${result.code} in place of the alert protocol_version)`,
      'have the server answer TLS 1.0 and 1.1 with the alert protocol_version',
    ),
  ];
}

function plainFindings(where: string, answer: Awaited<ReturnType<typeof askPlainly>>): Finding[] {
  if (answer === 'nothing') return [holds(where, 'answers nothing')];
  const redirects = [301, 302, 303, 307, 308].includes(answer.status) && /^https:\/\//i.test(answer.location);
  if (redirects) return [holds(where, 'redirects to https')];
  return [
    fails(
      where,
      `answers plain HTTP with ${answer.status}${answer.location === '' ? '' : ` to ${answer.location.slice(0, 80)}`}`,
      'redirect to https, or close the port',
    ),
  ];
}
