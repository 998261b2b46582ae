import { z } from 'zod';
import { KeylessIdentity, SIGNING_ALGORITHMS } from '../domain/index.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Tokens are sent there: in the clear on this machine alone. */
const ServiceUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { protocol, hostname, username, password } = new URL(text);
  return (protocol === 'https:' || LOOPBACK.test(hostname)) && username === '' && password === '';
}, 'expected an https URL without user and password');

/** A signer without a key of its own. */
const Keyless = z.strictObject({
  identity: KeylessIdentity.shape.identity.describe(
    'Who it is, as its certificate says, to the letter: in GitHub Actions `https://github.com/<owner>/<repository>/.github/workflows/<file>@refs/heads/<branch>`.',
  ),
  issuer: KeylessIdentity.shape.issuer.describe(
    'URL of who vouches for that, to the letter: in GitHub Actions `https://token.actions.githubusercontent.com`.',
  ),
  token_file: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe(
      'Path of a file that holds its identity token, such as a projected service account token of Kubernetes; read anew for each certificate. Without it the token comes from GitHub Actions or from `SIGSTORE_ID_TOKEN`.',
    ),
});

/** The services of a Sigstore instance. */
const Sigstore = z.strictObject({
  trusted_root: z
    .string()
    .min(1)
    .max(512)
    .describe('Path of the `trusted_root.json` of these services. It goes into the trust policy.'),
  fulcio_url: ServiceUrl.default('https://fulcio.sigstore.dev').describe(
    'Base URL of the certificate authority.',
  ),
  rekor_url: ServiceUrl.default('https://rekor.sigstore.dev').describe('Base URL of the transparency log.'),
  rekor_version: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('Version of the log. Version 2 tells no time, so it needs `timestamp_url`.'),
  timestamp_url: ServiceUrl.optional().describe('Base URL of a Sigstore timestamp authority (RFC 3161).'),
  audience: z
    .string()
    .min(1)
    .max(512)
    .default('sigstore')
    .describe('For whom tokens of GitHub Actions are asked: what Fulcio expects.'),
  timeout_seconds: z
    .number()
    .min(1)
    .max(60)
    .default(10)
    .describe('Seconds for one request; one that fails for a moment is repeated twice.'),
});

/** How statements are signed. */
export const Signing = z
  .strictObject({
    algorithm: z
      .enum(SIGNING_ALGORITHMS)
      .default('ecdsa_p256')
      .describe(
        'The kind of the signing keys, of those made on first use and of those that you put into `keys_dir`. `ecdsa_p256` is verified by every Sigstore tool with the key alone; `ed25519` by those that take plain Ed25519.',
      ),
    keyless: z
      .strictObject({
        worker: Keyless.optional().describe('Who signs what checks found.'),
        approvals: Keyless.optional().describe('Who signs what people decided.'),
        ledger: Keyless.optional().describe(
          'Who signs views and checkpoints. Each judgement is logged then, so it wants a Sigstore instance of your own.',
        ),
        monitor: Keyless.optional().describe('Who signs renewals, and what they rest on.'),
      })
      .prefault({})
      .describe('Signers that have no key but an identity, for which Fulcio certifies keys of some minutes.'),
    sigstore: Sigstore.optional().describe('The Sigstore instance that keyless signers use.'),
  })
  .superRefine(({ keyless, sigstore }, ctx) => {
    const complain = (path: string[], message: string) => ctx.addIssue({ code: 'custom', path, message });
    const known = new Set<string>();
    for (const [name, signer] of Object.entries(keyless)) {
      if (signer === undefined) continue;
      if (sigstore === undefined) complain(['keyless', name], 'signs by sigstore:, which is missing');
      const who = JSON.stringify([signer.identity, signer.issuer]);
      if (known.has(who))
        complain(['keyless', name], 'has the identity of another signer: each needs its own');
      known.add(who);
    }
    if (sigstore?.rekor_version === 2 && sigstore.timestamp_url === undefined)
      complain(['sigstore', 'rekor_version'], 'tells no time in version 2: name a timestamp_url');
  });
export type Signing = z.infer<typeof Signing>;
