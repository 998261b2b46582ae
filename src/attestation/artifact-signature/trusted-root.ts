import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { z } from 'zod';

type Root = Parameters<typeof toTrustMaterial>[0];

/** Numbers of the key kinds that the library tells apart (sigstore_common.proto). */
const KEY_DETAILS: Readonly<Record<string, number>> = {
  PKCS1_RSA_PKCS1V5: 1,
  PKIX_RSA_PKCS1V5: 3,
  PKIX_ECDSA_P256_SHA_256: 5,
  PKIX_ED25519: 7,
  PKIX_RSA_PKCS1V15_2048_SHA256: 9,
  PKIX_RSA_PKCS1V15_3072_SHA256: 10,
  PKIX_RSA_PKCS1V15_4096_SHA256: 11,
  PKIX_ECDSA_P384_SHA_384: 12,
  PKIX_ECDSA_P521_SHA_512: 13,
};

const Bytes = z
  .string()
  .regex(/^[A-Za-z0-9+/\s]+={0,2}\s*$/, 'expected base64')
  .transform((text) => Buffer.from(text, 'base64'));
const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
/** Without a start the library would believe it since 1970. */
const ValidFor = z.looseObject({ start: Time, end: Time.nullish().transform((end) => end ?? undefined) });
const LogId = z.looseObject({ keyId: Bytes });
const Log = z.looseObject({
  baseUrl: z.string(),
  publicKey: z.looseObject({
    rawBytes: Bytes,
    keyDetails: z
      .string()
      .refine((name) => Object.hasOwn(KEY_DETAILS, name), 'is a kind of key that is not supported')
      .transform((name) => KEY_DETAILS[name]),
    validFor: ValidFor,
  }),
  logId: LogId,
  checkpointKeyId: LogId.nullish().transform((id) => id ?? undefined),
});
const Authority = z.looseObject({
  certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: Bytes })).min(1) }),
  validFor: ValidFor,
});

const TrustedRoot = z.looseObject({
  mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.trustedroot/),
  tlogs: z.array(Log).default([]),
  certificateAuthorities: z.array(Authority).default([]),
  ctlogs: z.array(Log).default([]),
  timestampAuthorities: z.array(Authority).default([]),
});

/** The authorities and logs of a Sigstore instance. */
export type TrustedRoot = Omit<TrustMaterial, 'publicKey'>;

/** Reads a `trusted_root.json`; gives what is wrong with it otherwise. */
export function readTrustedRoot(value: unknown): TrustedRoot | string {
  const root = TrustedRoot.safeParse(value);
  if (!root.success) {
    const issue = root.error.issues[0];
    return `${issue?.path.join('.') || 'root'}: ${issue?.message}`;
  }
  try {
    const { certificateAuthorities, timestampAuthorities, tlogs, ctlogs } = toTrustMaterial(
      root.data as unknown as Root,
    );
    return { certificateAuthorities, timestampAuthorities, tlogs, ctlogs };
  } catch {
    return 'holds a key or a certificate that cannot be read';
  }
}
