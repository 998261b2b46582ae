import { logEntry, messageBundle, signatureOf } from './instance.ts';
import { entryOf, message, OTHER, type Row, second, stamped, withStamp } from './kit.ts';

const DAY = 24 * 3600;

export const TIMES: readonly Row[] = [
  ['with a timestamp', 'verified', stamped],
  [
    'with a timestamp that holds its certificate',
    'verified',
    message,
    async (bundle, _, { sigstore }) =>
      void withStamp(bundle, await sigstore.timestamp(signatureOf(bundle), { certReq: true })),
  ],
  ['Rekor v2 with a timestamp', 'verified', second],
  ['Rekor v2 without a timestamp', 'not_logged', second, (bundle) => void withStamp(bundle)],
  ['Rekor v2 without a proof', 'malformed', second, (bundle) => void delete entryOf(bundle).inclusionProof],
  [
    'Rekor v2 with a time that nobody signed',
    'not_logged',
    second,
    (bundle, _, { sigstore }) =>
      void Object.assign(withStamp(bundle).verificationMaterial.tlogEntries[0], {
        integratedTime: String(sigstore.at.getTime() / 1000 + 2),
      }),
  ],
  [
    'a promise that does not fit',
    'not_logged',
    message,
    (bundle) => {
      entryOf(bundle).integratedTime = String(Number(entryOf(bundle).integratedTime) + 1);
    },
  ],
  [
    'logged after the certificate',
    'untrusted',
    message,
    async (bundle, _, { sigstore, signer }) => {
      bundle.verificationMaterial.tlogEntries = [
        logEntry(sigstore.rekor, bundle, signer, { at: sigstore.later(3600) }),
      ];
    },
  ],
  [
    'stamped after the certificate',
    'untrusted',
    second,
    async (bundle, _, { sigstore }) =>
      void withStamp(bundle, await sigstore.timestamp(signatureOf(bundle), { at: sigstore.later(3600) })),
  ],
  [
    'one of two timestamps after the certificate',
    'untrusted',
    second,
    async (bundle, _, { sigstore }) =>
      void withStamp(
        bundle,
        await sigstore.timestamp(signatureOf(bundle)),
        await sigstore.timestamp(signatureOf(bundle), { at: sigstore.later(3600) }),
      ),
  ],
  [
    'a timestamp twice',
    'not_logged',
    second,
    (bundle) =>
      void bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps.push(
        ...bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps,
      ),
  ],
  [
    'a timestamp over another signature',
    'not_logged',
    second,
    async (bundle, _, { sigstore, signer }) =>
      void withStamp(bundle, await sigstore.timestamp(signatureOf(messageBundle(signer, OTHER)))),
  ],
  [
    'a timestamp by a stranger',
    'not_logged',
    second,
    async (bundle, _, { sigstore, other }) =>
      void withStamp(bundle, await sigstore.timestamp(signatureOf(bundle), { by: other.tsa })),
  ],
  [
    'a timestamp by a stranger, with its certificate',
    'not_logged',
    second,
    async (bundle, _, { sigstore, other }) =>
      void withStamp(bundle, await sigstore.timestamp(signatureOf(bundle), { by: other.tsa, certReq: true })),
  ],
  [
    'a timestamp after its authority was trusted',
    'not_logged',
    second,
    (_, root, { sigstore }) => {
      root.timestampAuthorities[0].validFor.end = sigstore.later(1).toISOString();
    },
  ],
  [
    'a timestamp as its authority is trusted for the last time',
    'verified',
    second,
    (_, root, { sigstore }) => {
      root.timestampAuthorities[0].validFor.end = sigstore.later(2).toISOString();
    },
  ],
  [
    'a timestamp by an authority that was trusted while another is',
    'not_logged',
    second,
    (_, root, { sigstore, other }) => {
      root.timestampAuthorities[0].validFor.end = sigstore.later(1).toISOString();
      root.timestampAuthorities.push(...other.trustedRoot().timestampAuthorities);
    },
  ],
  [
    'a root with an authority without certificates',
    'bad_root',
    second,
    (_, root) =>
      void root.timestampAuthorities.push({
        certChain: { certificates: [] },
        validFor: { start: '2020-01-01T00:00:00Z' },
      }),
  ],
  [
    'a timestamp after its authority’s certificate',
    'not_logged',
    second,
    async (bundle, _, { sigstore }) =>
      void withStamp(
        bundle,
        await sigstore.timestamp(signatureOf(bundle), { at: sigstore.later(400 * DAY) }),
      ),
  ],
];
