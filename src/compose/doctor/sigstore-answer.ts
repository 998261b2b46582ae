import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const Authorities = z
  .array(z.object({ certChain: z.object({ certificates: z.array(z.object({ rawBytes: z.string() })) }) }))
  .default([]);
type Authorities = z.infer<typeof Authorities>;

/** What a `trusted_root.json` says that answers are compared to. */
export const TrustedRoot = z.object({
  certificateAuthorities: Authorities,
  timestampAuthorities: Authorities,
  ctlogs: z.array(z.unknown()).default([]),
});
export type TrustedRoot = z.infer<typeof TrustedRoot>;

const TrustBundle = z.object({ chains: z.array(z.object({ certificates: z.array(z.string()) })) });
const LogInfo = z.object({ treeSize: z.int().min(0), rootHash: z.string() });
const CHECKPOINT = /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What is wrong with Fulcio's own trust bundle; null for nothing. */
export function faultOfBundle(answer: string, authorities: Authorities): string | null {
  const bundle = TrustBundle.safeParse(jsonOf(answer));
  const pems = bundle.success ? bundle.data.chains.flatMap(({ certificates }) => certificates) : [];
  return faultOfChain(pems.join('\n'), authorities);
}

/** What is wrong with certificates in PEM; null for nothing. Signatures by what the trusted root does not name are refused. */
export function faultOfChain(pems: string, authorities: Authorities): string | null {
  const answered = (pems.match(CERTIFICATE) ?? []).map(derOf);
  if (answered.length === 0) return 'its answer holds no certificates';
  const known = authorities.flatMap(({ certChain }) =>
    certChain.certificates.map(({ rawBytes }) => rawBytes),
  );
  return known.some((one) => answered.includes(one.replace(/\s/g, '')))
    ? null
    : 'the trusted root holds none of its certificates, so what it signs would be refused';
}

function derOf(pem: string): string | null {
  try {
    return new X509Certificate(pem).raw.toString('base64');
  } catch {
    return null;
  }
}

/** What is wrong with what Rekor v1 says of its tree; null for nothing. */
export function faultOfLog(answer: string): string | null {
  return LogInfo.safeParse(jsonOf(answer)).success ? null : 'its answer does not say how large the log is';
}

/** What is wrong with a checkpoint of Rekor v2; null for nothing. */
export function faultOfCheckpoint(answer: string): string | null {
  return CHECKPOINT.test(answer) ? null : 'its answer is no checkpoint';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
