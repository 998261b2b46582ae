import { z } from 'zod';
import type { ArtifactTrustSettings } from '../../attestation/index.ts';
import { Instant } from '../../domain/index.ts';

const Key = z.union([
  z.string(),
  z.strictObject({
    public_key: z.string().describe('PEM "PUBLIC KEY"'),
    valid_from: Instant.optional().describe('from when on its signatures count'),
    valid_until: Instant.optional().describe('from when on they no longer do'),
  }),
]);

/** Whose signatures count, as parameters of a check. */
export const SIGNATURE_PARAMETERS = {
  keys: z
    .array(Key)
    .max(32)
    .default([])
    .describe(
      'public keys whose signatures count, PEM "PUBLIC KEY" (ECDSA P-256, P-384 or P-521, Ed25519, RSA of 2048 bits or more); each as text or as {public_key, valid_from, valid_until}',
    ),
  identities: z
    .array(
      z.strictObject({
        identity: z.string().min(1).describe('the subject alternative name of the certificate'),
        issuer: z.string().min(1).describe('the OIDC issuer that vouched for it'),
      }),
    )
    .max(100)
    .default([])
    .describe(
      'identities whose keyless signatures count, with who vouches for each; both compared to the letter with the certificate (needs trusted_root)',
    ),
  trusted_root: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      'the trusted_root.json of the Sigstore instance, as it stands; it is never taken from a submission',
    ),
  certificate_authorities: z
    .array(z.string())
    .max(32)
    .default([])
    .describe(
      'certificates of authorities, PEM; every code-signing certificate that they issue may sign OpenSSF model signatures',
    ),
  require_transparency_log: z
    .boolean()
    .default(false)
    .describe(
      'whether a signature by a key must be in a transparency log of trusted_root; one by an identity always must',
    ),
  predicate_types: z
    .array(z.string())
    .default([
      'https://model_signing/signature/v1.0',
      'https://model_signing/Digests/v0.1',
      'https://sigstore.dev/cosign/sign/v1',
      'https://slsa.dev/provenance/v1',
      'https://slsa.dev/provenance/v0.2',
    ])
    .describe('kinds of signed in-toto statement that count as a signature of the artifact that they name'),
} as const;

const PARAMETERS = z.object(SIGNATURE_PARAMETERS);

/** The parameters in the words of the verifier. */
export function toTrustSettings(parameters: z.output<typeof PARAMETERS>): ArtifactTrustSettings {
  return {
    keys: parameters.keys.map((key) =>
      typeof key === 'string'
        ? { publicKey: key }
        : { publicKey: key.public_key, validFrom: key.valid_from, validUntil: key.valid_until },
    ),
    identities: parameters.identities,
    ...(parameters.trusted_root === undefined ? {} : { trustedRoot: parameters.trusted_root }),
    certificateAuthorities: parameters.certificate_authorities,
    requireTransparencyLog: parameters.require_transparency_log,
    predicateTypes: parameters.predicate_types,
  };
}

/** Whether nobody at all is trusted. */
export function trustsNobody({
  keys,
  identities,
  certificate_authorities,
}: z.output<typeof PARAMETERS>): boolean {
  return keys.length === 0 && identities.length === 0 && certificate_authorities.length === 0;
}
